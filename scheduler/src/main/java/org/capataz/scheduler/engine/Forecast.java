package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.JobSpec;
import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.model.PendingReason;
import org.capataz.model.Priority;
import org.capataz.model.QueueRules;
import org.capataz.scheduler.policy.Candidate;
import org.capataz.scheduler.policy.Largest;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.policy.Policy;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Node;
import org.jspecify.annotations.Nullable;

/// Plays the queue forward, as if every job took as long as it may; with one more job in it, to see
/// what would become of that. One use each.
final class Forecast implements Snapshot {

  /// How many ends of jobs are looked ahead, which bounds how long others wait for it.
  private static final int MOST_PASSES = 64;

  private final ClusterState state;
  private final StateSnapshot present;
  private final Merits merits;

  /// Of the job that is tried, if one is.
  private double score;

  private final List<Claim> queue = new ArrayList<>();
  private final Map<Integer, Free> free = new LinkedHashMap<>();
  private final Map<String, Integer> freeLicences;
  private final PriorityQueue<Holding> running =
      new PriorityQueue<>(Comparator.comparingLong(Holding::end));
  private long now;

  Forecast(ClusterState state, long now) {
    this.state = state;
    this.now = now;
    present = new StateSnapshot(state, now, Set.of(), new Memory(), new Quotas(state, now));
    merits = new Merits(state, now);
    freeLicences = new HashMap<>(present.freeLicences());
    state.nodes().stream()
        .filter(Node::usable)
        .forEach(node -> free.put(node.id(), StateSnapshot.free(node)));
    present.holdings().forEach(running::add);
    present.claims().forEach(queue::add);
  }

  private Claim claim(JobSpec spec) {
    var pieces =
        spec.tasks().stream()
            .filter(task -> task.waitsFor().isEmpty() && !task.kind().isForNodes())
            .map(StateSnapshot::piece)
            .toList();
    return new Claim(
        state.nextJob(),
        spec.priority(),
        new Times(now, 0, spec.runtimeSeconds()),
        0,
        List.of(),
        List.of(),
        spec.resources().licences(),
        new Shape(Barred.NONE, spec.units(), spec.resources(), pieces));
  }

  /// When queued jobs start if nothing comes between, as far as it is looked ahead and anybody
  /// knows, in microseconds since 1970.
  Map<Integer, Long> starts(Policy policy) {
    var starts = new HashMap<Integer, Long>();
    for (var pass = 0; pass < MOST_PASSES && !queue.isEmpty(); pass++) {
      var plan = policy.plan(this);
      plan.allotments().forEach(allotment -> starts.put(allotment.job(), now));
      start(plan, null);
      if (!goOn()) {
        break;
      }
    }
    return starts;
  }

  /// Lets what ends next end.
  ///
  /// @return whether anybody knows what that is
  private boolean goOn() {
    var next = running.poll();
    if (next == null || next.end() == NEVER) {
      return false;
    }
    end(next);
    while (!running.isEmpty() && running.peek().end() <= now) {
      end(running.remove());
    }
    return true;
  }

  /// What would become of a job: plays on until it starts, or until nobody knows when something
  /// ends.
  ///
  /// @param draft that resolves to the spec
  Trial of(Policy policy, String owner, JobDraft draft, JobSpec spec) {
    var tried = claim(spec);
    var merit =
        merits.of(
            JobLabels.of(draft).project(), owner, spec.resources().unit(), spec.units().min());
    score = merits.score(merit);
    var before = queue.stream().filter(claim -> claim.priority().compareTo(tried.priority()) >= 0);
    queue.add((int) before.count(), tried);
    var ahead = queue.indexOf(tried);
    var reason = reason(queue.getFirst(), tried);
    var begin = now;
    for (var pass = 0; pass < MOST_PASSES; pass++) {
      var shares = start(policy.plan(this), tried);
      if (!shares.isEmpty()) {
        return now == begin
            ? new Trial(draft, spec, PendingReason.NONE, 0, places(shares), OptionalLong.of(now))
            : new Trial(draft, spec, reason, ahead, places(shares), OptionalLong.of(now));
      }
      var next = running.poll();
      if (next == null || next.end() == NEVER) {
        break;
      }
      end(next);
    }
    return new Trial(draft, spec, reason, ahead, List.of(), OptionalLong.empty());
  }

  private static PendingReason reason(Claim first, Claim tried) {
    if (first.equals(tried)) {
      return PendingReason.NOT_ENOUGH_RESOURCE;
    }
    return first.priority().compareTo(tried.priority()) > 0
        ? PendingReason.HIGHER_PRIORITY_JOB
        : PendingReason.JOB_SUBMITTED_EARLIER;
  }

  private List<Trial.Place> places(List<Plan.Share> shares) {
    return shares.stream()
        .map(share -> new Trial.Place(traits(share.node()).name(), share.parts()))
        .toList();
  }

  /// Lets the jobs of a plan start.
  ///
  /// @return what the tried one gets; empty if it has to wait
  private List<Plan.Share> start(Plan plan, @Nullable Claim tried) {
    for (var allotment : plan.allotments()) {
      if (tried != null && allotment.job() == tried.job()) {
        return allotment.shares();
      }
      var claim =
          queue.stream().filter(each -> each.job() == allotment.job()).findFirst().orElseThrow();
      queue.remove(claim);
      claim.licences().forEach((feature, amount) -> licence(feature, -amount));
      running.add(
          new Holding(
              claim.job(),
              claim.times().end(now),
              claim.resources().exclusive(),
              allotment.shares().stream().mapToInt(share -> share.parts().cores().size()).sum(),
              allotment.shares(),
              claim.licences()));
      for (var share : allotment.shares()) {
        var node = Objects.requireNonNull(free.get(share.node()));
        var left = node.parts().minus(share.parts());
        change(node, left, node.memoryMb() - share.memoryMb());
      }
    }
    return List.of();
  }

  private void end(Holding job) {
    now = Math.max(now, job.end());
    job.licences().forEach(this::licence);
    for (var share : job.shares()) {
      var node = free.get(share.node());
      if (node != null) {
        change(node, node.parts().plus(share.parts()), node.memoryMb() + share.memoryMb());
      }
    }
  }

  private void licence(String feature, int more) {
    freeLicences.computeIfPresent(feature, (name, left) -> left + more);
  }

  private void change(Free node, Parts parts, int memoryMb) {
    var tenants = Tenants.NONE;
    for (var job : running) {
      tenants = holds(job, node.node()) ? tenants.with(job.job(), job.exclusive()) : tenants;
    }
    free.put(node.node(), new Free(node.node(), node.traits(), parts, memoryMb, tenants));
  }

  // What the policy sees.

  @Override
  public long now() {
    return now;
  }

  @Override
  public QueueRules rules() {
    return present.rules();
  }

  @Override
  public Free free(int node) {
    return Objects.requireNonNull(free.get(node));
  }

  @Override
  public Collection<Integer> tenants(int node) {
    return running.stream()
        .filter(job -> holds(job, node))
        .map(Holding::job)
        .collect(Collectors.toSet());
  }

  private static boolean holds(Holding job, int node) {
    for (var share : job.shares()) {
      if (share.node() == node) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<Holding> holdings() {
    return running.stream().sorted(running.comparator()).toList();
  }

  @Override
  public boolean hasExclusive() {
    return running.stream().anyMatch(Holding::exclusive);
  }

  @Override
  public Iterable<Claim> claims() {
    return List.copyOf(queue);
  }

  @Override
  public Iterable<Candidate> candidates() {
    return () -> queue.stream().map(this::candidate).iterator();
  }

  private Candidate candidate(Claim claim) {
    var job = state.job(claim.job());
    return job != null
        ? merits.candidate(job, () -> claim)
        : new Merits.Contender(
            claim.priority(), claim.times().submitted(), false, score, () -> claim);
  }

  /// None do: what they could grow into goes to those that wait.
  @Override
  public Iterable<Claim> growing() {
    return List.of();
  }

  @Override
  public Map<Integer, Long> reservations() {
    return Map.of();
  }

  @Override
  public boolean hasMoreFree() {
    return true;
  }

  @Override
  public List<Free> free() {
    return free.values().stream()
        .filter(node -> !node.parts().cores().isEmpty())
        .sorted(Free.MOST_FREE)
        .toList();
  }

  @Override
  public int freeCores() {
    return free.values().stream().mapToInt(node -> node.parts().cores().size()).sum();
  }

  @Override
  public Largest largest() {
    return present.largest();
  }

  @Override
  public List<Free> all() {
    return present.all();
  }

  @Override
  public NodeTraits traits(int node) {
    return present.traits(node);
  }

  @Override
  public int reclaimable(Priority priority, IntPredicate nodes) {
    return 0;
  }

  @Override
  public Map<String, Integer> freeLicences() {
    return freeLicences;
  }

  @Override
  public Map<String, Integer> licences() {
    return present.licences();
  }
}
