package org.capataz.scheduler.engine;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.capataz.model.Demand;
import org.capataz.model.Priority;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.ClusterState;
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
    if (state.nodes().isEmpty()) {
      return true;
    }
    // A job that runs until it is canceled may have no task yet.
    var next = claim.pieces().iterator();
    return coresOfNodesWith(state, 0) >= claim.cores().min()
        && (!next.hasNext() || couldEverHold(next.next().demand()));
  }

  private boolean couldEverHold(Demand next) {
    return coresOfNodesWith(state, next.memoryMb()) >= next.cores().min();
  }

  /// Cores that the nodes with at least so much memory offer, busy or not.
  static long coresOfNodesWith(ClusterState state, int memoryMb) {
    return state.nodes().stream()
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
    return state.nodes().stream()
        .anyMatch(
            node ->
                node.offer().cores() >= demand.cores().min()
                    && node.offer().memoryMb() >= demand.memoryMb());
  }

  private static Claim claim(Job job) {
    Iterable<Piece> pieces =
        () -> job.runnable().stream().map(number -> piece(job.task(number))).iterator();
    return new Claim(job.id(), job.priority(), job.grantedCores(), job.spec().cores(), pieces);
  }

  private static Piece piece(Task task) {
    return new Piece(task.spec().demand(), task.startable(), !task.spec().isSweep());
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
