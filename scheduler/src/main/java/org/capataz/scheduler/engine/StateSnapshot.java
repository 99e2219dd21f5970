package org.capataz.scheduler.engine;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.capataz.model.Demand;
import org.capataz.model.Priority;
import org.capataz.model.TaskKind;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;
import org.jspecify.annotations.Nullable;

/// The cluster's state as a policy sees it: derived as it is read, so that a pass which can start
/// nothing looks at little.
final class StateSnapshot implements Snapshot {

  private final ClusterState state;

  StateSnapshot(ClusterState state) {
    this.state = state;
  }

  @Override
  public Iterable<Claim> claims() {
    return () -> {
      var stalled = state.hungry().stream().filter(job -> job.live() == 0).iterator();
      return new InOrder(stalled, state.queued().iterator());
    };
  }

  @Override
  public Iterable<Claim> growing() {
    return () ->
        state.hungry().stream()
            .filter(job -> job.live() > 0)
            .filter(job -> job.grantedCores() < job.spec().cores().max())
            .map(StateSnapshot::claim)
            .iterator();
  }

  @Override
  public List<Free> free() {
    return state.nodes().stream()
        .filter(node -> node.freeCores() > 0 && node.usable())
        .map(node -> new Free(node.id(), node.freeCores(), node.freeMemoryMb()))
        .toList();
  }

  @Override
  public int reclaimable(Priority priority) {
    return state.wide().stream()
        .filter(job -> job.priority().compareTo(priority) <= 0)
        .mapToInt(job -> job.grantedCores() - job.spec().cores().min())
        .sum();
  }

  /// As [#couldEverHold(Claim)], of a queued job.
  static boolean couldEverHold(ClusterState state, Job job) {
    return job.runnable().isEmpty() || new StateSnapshot(state).couldEverHold(claim(job));
  }

  @Override
  public boolean couldEverHold(Claim claim) {
    var job = state.job(claim.job());
    return job == null || state.nodes().isEmpty() || hasCandidates(state, job);
  }

  /// Whether the nodes on which the job's preparation has not failed could give it its minimum and
  /// its next run, had they nothing else to do.
  static boolean hasCandidates(ClusterState state, Job job) {
    var failed = failedOn(job);
    if (cores(state, 0, failed) < job.spec().cores().min()) {
      return false;
    }
    if (job.runnable().isEmpty()) {
      return true;
    }
    var next = job.task(job.runnable().first()).spec().demand();
    return fitsOneNode(state, next)
        ? state.nodes().stream().anyMatch(n -> fits(n, next) && !failed.contains(n.id()))
        : cores(state, next.memoryMb(), failed) >= next.cores().min();
  }

  private static Set<Integer> failedOn(Job job) {
    var prep = job.prep();
    return prep == null ? Set.of() : prep.failedOn();
  }

  /// Cores that the nodes with at least so much memory offer, busy or not.
  static long coresOfNodesWith(ClusterState state, int memoryMb) {
    return cores(state, memoryMb, Set.of());
  }

  private static long cores(ClusterState state, int memoryMb, Set<Integer> but) {
    return state.nodes().stream()
        .filter(node -> !but.contains(node.id()))
        .map(Node::offer)
        .filter(offer -> offer.memoryMb() >= memoryMb)
        .mapToLong(NodeOffer::cores)
        .sum();
  }

  @Override
  public boolean fitsOneNode(Demand demand) {
    return fitsOneNode(state, demand);
  }

  static boolean fitsOneNode(ClusterState state, Demand demand) {
    return state.nodes().stream().anyMatch(node -> fits(node, demand));
  }

  private static boolean fits(Node node, Demand demand) {
    return node.offer().cores() >= demand.cores().min()
        && node.offer().memoryMb() >= demand.memoryMb();
  }

  private static Claim claim(Job job) {
    return new Claim(
        job.id(),
        job.priority(),
        job.grantedCores(),
        job.spec().cores(),
        barred(job),
        () -> pieces(job));
  }

  /// Nodes that a job cannot have now: their preparation failed, or they are just leaving it.
  private static Set<Integer> barred(Job job) {
    if (job.keptCores() == job.grantedCores()) {
      return failedOn(job);
    }
    var barred = new HashSet<>(failedOn(job));
    job.grants().stream()
        .filter(Grant::isReleasing)
        .forEach(grant -> barred.add(grant.node().id()));
    return barred;
  }

  /// What a job would run next. While nodes are being prepared for it, that is what is left of its
  /// first task when they are: a later one does not start before.
  private static Iterator<Piece> pieces(Job job) {
    var coming =
        job.unusable().stream()
            .filter(Grant::isPreparing)
            .mapToInt(grant -> grant.cores().size())
            .sum();
    return job.runnable().stream()
        .limit(coming == 0 ? Integer.MAX_VALUE : 1)
        .map(number -> piece(job.task(number), coming))
        .filter(piece -> piece.count() > 0)
        .iterator();
  }

  private static Piece piece(Task task, int coming) {
    var demand = task.spec().demand();
    var kind = task.spec().kind();
    var all = kind == TaskKind.SERVICE ? Integer.MAX_VALUE : task.pending().size();
    var left = all - Math.min(all, coming / demand.cores().min());
    return new Piece(demand, left, kind == TaskKind.BASIC);
  }

  /// Queued jobs, and running ones of which nothing runs: each in queue order, and so together.
  private final class InOrder implements Iterator<Claim> {
    private final Iterator<Job> stalled;
    private final Iterator<Job> queued;
    private @Nullable Job nextStalled;
    private @Nullable Job nextQueued;

    InOrder(Iterator<Job> stalled, Iterator<Job> queued) {
      this.stalled = stalled;
      this.queued = queued;
      nextStalled = next(stalled);
      nextQueued = next(queued);
    }

    private static @Nullable Job next(Iterator<Job> jobs) {
      return jobs.hasNext() ? jobs.next() : null;
    }

    @Override
    public boolean hasNext() {
      return nextStalled != null || nextQueued != null;
    }

    @Override
    public Claim next() {
      var running = nextStalled;
      var waiting = nextQueued;
      if (running != null
          && (waiting == null || state.queued().comparator().compare(running, waiting) < 0)) {
        nextStalled = next(stalled);
        return claim(running);
      }
      if (waiting == null) {
        throw new NoSuchElementException();
      }
      nextQueued = next(queued);
      return claim(waiting);
    }
  }
}
