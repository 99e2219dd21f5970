package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.model.NodeTraits;
import org.capataz.model.Priority;
import org.capataz.model.QueueRules;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.Unit;
import org.capataz.scheduler.policy.Candidate;
import org.capataz.scheduler.policy.Largest;
import org.capataz.scheduler.policy.Plan;
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
  private final long now;
  private final Set<Integer> leftOut;
  private final Memory memory;
  private final @Nullable Quotas quotas;

  StateSnapshot(ClusterState state, long now) {
    this(state, now, Set.of(), new Memory(), null);
  }

  /// @param leftOut queued jobs that are not to be seen
  /// @param quotas beyond which jobs are not to be seen either; null for none
  StateSnapshot(
      ClusterState state, long now, Set<Integer> leftOut, Memory memory, @Nullable Quotas quotas) {
    this.quotas = quotas == null || quotas.areNone() ? null : quotas;
    this.state = state;
    this.now = now;
    this.leftOut = leftOut;
    this.memory = memory;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public QueueRules rules() {
    return state.queueRules();
  }

  @Override
  public Iterable<Claim> claims() {
    return () -> {
      var stalled = state.hungry().stream().filter(job -> job.live() == 0);
      return new InOrder(stalled.collect(Collectors.toCollection(ArrayList::new)), queued());
    };
  }

  @Override
  public Iterable<Candidate> candidates() {
    var merits = new Merits(state, now);
    return () ->
        Stream.concat(
                state.hungry().stream()
                    .filter(job -> job.live() == 0)
                    .map(job -> merits.candidate(job, () -> claim(job))),
                state.queued().stream()
                    .filter(this::isSeen)
                    .map(job -> merits.candidate(job, () -> within(job, memory.claim(job)))))
            .iterator();
  }

  private Iterator<Job> queued() {
    return leftOut.isEmpty() && quotas == null
        ? state.queued().iterator()
        : state.queued().stream().filter(this::isSeen).iterator();
  }

  private boolean isSeen(Job queued) {
    return !leftOut.contains(queued.id()) && (quotas == null || quotas.admit(queued));
  }

  /// What a job asks for, as far as it may have it.
  private Claim within(Job job, Claim claim) {
    return quotas == null ? claim : quotas.within(job, claim);
  }

  @Override
  public Iterable<Claim> growing() {
    return () ->
        state.hungry().stream()
            .filter(job -> job.live() > 0)
            .filter(job -> job.held() < job.spec().units().max())
            .map(job -> within(job, claim(job)))
            .filter(claim -> claim.held() < claim.shape().units().max())
            .iterator();
  }

  @Override
  public Iterable<Free> free() {
    return () -> state.freeNodes().stream().map(StateSnapshot::free).iterator();
  }

  @Override
  public int freeCores() {
    return state.freeCores();
  }

  @Override
  public Free free(int node) {
    return free(node(node));
  }

  static Free free(Node node) {
    return new Free(node.id(), node.traits(), node.free(), node.freeMemoryMb(), tenants(node));
  }

  @Override
  public Collection<Integer> tenants(int node) {
    return node(node).tenants();
  }

  @Override
  public Iterable<Holding> holdings() {
    return () -> state.holding().stream().map(this::holding).iterator();
  }

  @Override
  public boolean hasExclusive() {
    return state.hasExclusive();
  }

  @Override
  public Map<Integer, Long> reservations() {
    return memory.reservations();
  }

  @Override
  public boolean hasMoreFree() {
    return memory.hasMoreFree();
  }

  private Holding holding(Job job) {
    var cores = 0;
    for (var grant : job.grants()) {
      cores += grant.node().usable() ? grant.cores().size() : 0;
    }
    return new Holding(
        job.id(),
        Math.max(ClusterState.end(job), now),
        job.spec().resources().exclusive(),
        cores,
        () -> shares(job).iterator(),
        job.holdsLicences() ? job.spec().resources().licences() : Map.of());
  }

  /// What a job will give back of nodes that can take work.
  private static List<Plan.Share> shares(Job job) {
    return job.grants().stream()
        .filter(grant -> grant.node().usable())
        .map(
            grant ->
                new Plan.Share(
                    grant.node().id(),
                    // A node that came back with less does not offer all of it any more.
                    grant.parts().minus(grant.parts().minus(grant.node().offered())),
                    grant.memoryMb()))
        .toList();
  }

  private static Times times(Job job) {
    return new Times(job.life().submitTime(), job.life().countsFrom(), job.spec().runtimeSeconds());
  }

  static Tenants tenants(Node node) {
    return switch (node.tenants().size()) {
      case 0 -> Tenants.NONE;
      case 1 -> new Tenants(node.tenants().iterator().next(), node.exclusive());
      default -> new Tenants(Tenants.SEVERAL, false);
    };
  }

  @Override
  public Largest largest() {
    return memory.largest(this);
  }

  @Override
  public List<Free> all() {
    return state.nodes().stream()
        .map(
            node ->
                new Free(
                    node.id(),
                    node.traits(),
                    node.offered(),
                    node.offer().memoryMb(),
                    Tenants.NONE))
        .toList();
  }

  @Override
  public NodeTraits traits(int id) {
    return node(id).traits();
  }

  private Node node(int id) {
    var node = state.node(id);
    if (node == null) {
      throw new IllegalStateException("expected node " + id + " to be known");
    }
    return node;
  }

  /// Whether all nodes together, but those that could not be prepared for it, could give a job its
  /// minimum and its next run.
  static boolean couldEverHold(ClusterState state, Job job) {
    return new Largest(new StateSnapshot(state, 0)).couldEverHold(claim(job));
  }

  @Override
  public int reclaimable(Priority priority, IntPredicate nodes) {
    var cores = 0;
    for (var job : state.wide()) {
      if (job.priority().compareTo(priority) <= 0) {
        cores += Math.min(surplusCores(job), coresOn(job, nodes));
      }
    }
    return cores;
  }

  private static int coresOn(Job job, IntPredicate nodes) {
    return job.grants().stream()
        .filter(grant -> nodes.test(grant.node().id()))
        .mapToInt(grant -> grant.cores().size())
        .sum();
  }

  /// Cores above the minimum, at a guess where units have different ones.
  private static int surplusCores(Job job) {
    return job.spec().resources().unit() == Unit.CORE
        ? job.surplus()
        : Math.ceilDiv(job.grantedCores() * job.surplus(), job.held());
  }

  @Override
  public Map<String, Integer> freeLicences() {
    return state.licences().free();
  }

  @Override
  public Map<String, Integer> licences() {
    return state.licences().totals();
  }

  static Claim claim(Job job) {
    return claim(job, () -> pieces(job));
  }

  static Claim claim(Job job, Iterable<Piece> pieces) {
    var spec = job.spec();
    return new Claim(
        job.id(),
        job.priority(),
        times(job),
        job.held(),
        job.nodes(),
        spec.resources().exclusive() ? closed(job) : List.of(),
        job.holdsLicences() ? Map.of() : spec.resources().licences(),
        new Shape(barred(job), spec.units(), spec.resources(), pieces));
  }

  private static List<Integer> closed(Job job) {
    return job.grants().stream()
        .filter(Grant::closedToOthers)
        .map(grant -> grant.node().id())
        .toList();
  }

  private static Barred barred(Job job) {
    if (job.prep() == null && job.release() == null) {
      return Barred.NONE;
    }
    var leaving =
        job.grants().stream()
            .filter(Grant::isLeaving)
            .map(grant -> grant.node().id())
            .collect(Collectors.toUnmodifiableSet());
    return new Barred(unfit(job), leaving);
  }

  /// Nodes that could not be prepared for a job.
  static Set<Integer> unfit(Job job) {
    var prep = job.prep();
    return prep == null ? Set.of() : prep.failedOn();
  }

  /// What a job would run next. While nodes are being prepared for it, that is what is left of its
  /// first task when they are: a later one does not start before.
  static Iterator<Piece> pieces(Job job) {
    var coming = coming(job);
    return job.runnable().stream()
        .limit(coming == 0 ? Integer.MAX_VALUE : 1)
        .map(number -> piece(job.task(number), coming))
        .filter(piece -> piece.count() > 0)
        .iterator();
  }

  /// Units on nodes that are being prepared for a job.
  private static int coming(Job job) {
    var unit = job.spec().resources().unit();
    return job.unusable().stream()
        .filter(Grant::isPreparing)
        .mapToInt(grant -> grant.node().topology().held(unit, grant.parts()))
        .sum();
  }

  /// All runs of a task of which none has started.
  static Piece piece(TaskSpec task) {
    var most = task.kind().isOpen() ? Integer.MAX_VALUE : task.sweep().count();
    return new Piece(task.demand(), most, task.kind() == TaskKind.BASIC);
  }

  private static Piece piece(Task task, int coming) {
    var demand = task.spec().demand();
    var startable = task.startable();
    var left = startable - Math.min(startable, coming / demand.units().min());
    return new Piece(demand, left, task.spec().kind() == TaskKind.BASIC);
  }

  /// Queued jobs, and running ones of which nothing runs: each in queue order, and so together. But
  /// a job that waits for licences comes after those that may have them: neither would go on.
  private final class InOrder implements Iterator<Claim> {
    private final List<Job> stalled;
    private final Iterator<Job> queued;
    private @Nullable Job waiting;

    InOrder(List<Job> stalled, Iterator<Job> queued) {
      this.stalled = stalled;
      this.queued = queued;
      waiting = nextQueued();
    }

    private @Nullable Job nextQueued() {
      return queued.hasNext() ? queued.next() : null;
    }

    @Override
    public boolean hasNext() {
      return waiting != null || !stalled.isEmpty();
    }

    @Override
    public Claim next() {
      var ahead = stalledAhead();
      if (ahead != null) {
        stalled.remove(ahead);
        return claim(ahead);
      }
      var first = waiting;
      if (first == null) {
        throw new NoSuchElementException();
      }
      waiting = nextQueued();
      return within(first, memory.claim(first));
    }

    private @Nullable Job stalledAhead() {
      var first = waiting;
      for (var job : stalled) {
        if (first == null
            || state.queued().comparator().compare(job, first) < 0
            || !(licences(job).isEmpty() || state.licences().areFree(licences(first)))) {
          return job;
        }
      }
      return null;
    }

    private static Map<String, Integer> licences(Job job) {
      return job.spec().resources().licences();
    }
  }
}
