package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.capataz.model.Demand;
import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.model.Priority;
import org.capataz.model.QueueRules;
import org.capataz.model.Resources;
import org.capataz.model.Span;
import org.capataz.model.Topology;
import org.capataz.model.Unit;
import org.capataz.scheduler.policy.Candidate;
import org.capataz.scheduler.policy.Largest;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.scheduler.policy.Snapshot;

/// A policy of the queue alone, under a load by chance: jobs of a fixed size that keep to their
/// limits, on nodes of several cores or of one. After each plan it is checked that no core is given
/// twice, that the first job starts by the time at which it could have when it became the first,
/// that no reservation becomes later, and in the end that all have run.
public final class QueueLoad implements Snapshot {

  private static final long SECOND = 1_000_000;

  private final Random chance;
  private final QueueRules rules;
  private final List<NodeTraits> nodes = new ArrayList<>();
  private final List<Job> toCome = new ArrayList<>();
  private final List<Job> waiting = new ArrayList<>();
  private final List<Run> running = new ArrayList<>();
  private final Map<Integer, Long> promised = new HashMap<>();
  private Map<Integer, Long> reservations = Map.of();
  private boolean hasMoreFree;
  private int overtakes;
  private long now = SECOND;

  /// @param limit and `length` in seconds
  private record Job(
      int id, long submit, int cores, int memoryMb, boolean exclusive, long limit, long length) {}

  private record Run(Job job, long start, List<Plan.Share> shares) {
    long limit() {
      return start + job.limit * SECOND;
    }

    long end() {
      return start + job.length * SECOND;
    }
  }

  private QueueLoad(long seed) {
    chance = new Random(seed);
    var policies = QueueRules.Policy.values();
    rules =
        new QueueRules(
            policies[(int) (seed % policies.length)], QueueRules.Order.FCFS, -1, Long.MAX_VALUE);
    var isPlain = chance.nextInt(3) == 0;
    for (var i = 0; i < (isPlain ? 12 : 2 + chance.nextInt(3)); i++) {
      var cores = isPlain ? 1 : 2 + chance.nextInt(7);
      nodes.add(new NodeTraits("n" + i, List.of(), Topology.flat(cores), 1000));
    }
    var submit = now;
    var all = nodes.stream().mapToInt(node -> node.topology().cores()).sum();
    for (var id = 1; id <= 60; id++) {
      submit += chance.nextInt(4) == 0 ? chance.nextInt(16) * 10L * SECOND : 0;
      var limit = 10L * (1 + chance.nextInt(12));
      var isExclusive = !isPlain && chance.nextInt(8) == 0;
      toCome.add(
          new Job(
              id,
              submit,
              1 + chance.nextInt(chance.nextInt(3) == 0 ? all : Math.max(1, all / 3)),
              !isPlain && chance.nextInt(4) == 0 ? 400 : 0,
              isExclusive,
              limit,
              chance.nextBoolean() ? limit : 1 + chance.nextInt((int) limit)));
    }
    toCome.removeIf(job -> !fits(job, List.of()));
  }

  /// Plays a load.
  ///
  /// @return how many jobs started before others
  /// @throws IllegalStateException if something was not as it was promised
  public static int run(long seed) {
    return new QueueLoad(seed).play();
  }

  private int play() {
    while (!toCome.isEmpty() || !running.isEmpty()) {
      now =
          LongStream.concat(
                  LongStream.concat(
                      toCome.stream().limit(1).mapToLong(Job::submit),
                      running.stream().mapToLong(Run::end)),
                  reservations.values().stream().mapToLong(time -> time).filter(t -> t > now))
              .min()
              .getAsLong();
      hasMoreFree = running.removeIf(run -> run.end() <= now);
      while (!toCome.isEmpty() && toCome.getFirst().submit <= now) {
        waiting.add(toCome.removeFirst());
      }
      carryOut(new QueuePolicy().plan(this));
      promise();
    }
    check(waiting.isEmpty(), "jobs wait for ever");
    return overtakes;
  }

  private static void check(boolean holds, String broken) {
    if (!holds) {
      throw new IllegalStateException(broken);
    }
  }

  private void carryOut(Plan plan) {
    for (var allotment : plan.allotments()) {
      var job =
          waiting.stream().filter(each -> each.id == allotment.job()).findFirst().orElseThrow();
      var cores = 0;
      for (var share : allotment.shares()) {
        check(free(share.node()).parts().containsAll(share.parts()), "a core was given twice");
        check(
            free(share.node()).memoryMb() >= share.memoryMb()
                && mayBeOn(job, share.node(), running),
            "a node was given twice");
        cores += share.parts().cores().size();
      }
      check(cores == job.cores, "a job got other than what it asks for");
      check(now <= promised.getOrDefault(job.id, NEVER), "the first job was delayed");
      check(
          rules.policy() != QueueRules.Policy.FCFS || job.equals(waiting.getFirst()),
          "a job started before the first");
      overtakes += job.equals(waiting.getFirst()) ? 0 : 1;
      waiting.remove(job);
      running.add(new Run(job, now, allotment.shares()));
    }
    for (var job : waiting) {
      var before = reservations.getOrDefault(job.id, NEVER);
      check(
          plan.reservations().getOrDefault(job.id, NEVER) <= before || before <= now,
          "a reservation became later");
    }
    reservations = plan.reservations();
  }

  /// Notes by when the first job is to start, if nobody is to delay it.
  private void promise() {
    if (!waiting.isEmpty() && rules.policy() != QueueRules.Policy.CONSERVATIVE) {
      var first = waiting.getFirst();
      promised.computeIfAbsent(first.id, id -> firstTime(first));
    }
  }

  private long firstTime(Job job) {
    return running.stream()
        .map(Run::limit)
        .sorted()
        .filter(time -> fits(job, running.stream().filter(run -> run.limit() > time).toList()))
        .findFirst()
        .orElse(NEVER);
  }

  // What fits, told apart from the policy.

  /// Whether there is room for a job beside others: on one node, if any is large enough.
  private boolean fits(Job job, List<Run> others) {
    var largest =
        nodes.stream().mapToInt(node -> node.topology().cores()).max().orElseThrow() >= job.cores;
    var sum = 0;
    for (var node = 1; node <= nodes.size(); node++) {
      var cores = topology(node).cores();
      var memory = 1000;
      for (var run : others) {
        for (var share : run.shares) {
          cores -= share.node() == node ? share.parts().cores().size() : 0;
          memory -= share.node() == node ? share.memoryMb() : 0;
        }
      }
      if (mayBeOn(job, node, others) && memory >= job.memoryMb) {
        if (largest && cores >= job.cores) {
          return true;
        }
        sum += cores;
      }
    }
    return !largest && sum >= job.cores;
  }

  private static boolean mayBeOn(Job job, int node, Collection<Run> others) {
    return others.stream()
        .filter(run -> run.shares.stream().anyMatch(share -> share.node() == node))
        .noneMatch(run -> job.exclusive || run.job.exclusive);
  }

  private Topology topology(int node) {
    return nodes.get(node - 1).topology();
  }

  // What the policy sees.

  @Override
  public long now() {
    return now;
  }

  @Override
  public QueueRules rules() {
    return rules;
  }

  @Override
  public Iterable<Claim> claims() {
    return waiting.stream().map(QueueLoad::claim).toList();
  }

  private static Claim claim(Job job) {
    var units = new Span(job.cores, job.cores);
    var any = Resources.ANY;
    return new Claim(
        job.id,
        Priority.NORMAL,
        new Times(job.submit, 0, job.limit),
        0,
        List.of(),
        List.of(),
        Map.of(),
        new Shape(
            Barred.NONE,
            units,
            new Resources(Unit.CORE, any.nodes(), List.of(), false, job.exclusive, Map.of()),
            List.of(new Piece(new Demand(units, job.memoryMb, 0), 1, true))));
  }

  @Override
  public Iterable<Claim> growing() {
    return List.of();
  }

  @Override
  public List<Free> free() {
    return all().stream()
        .map(node -> free(node.node()))
        .filter(node -> !node.parts().isEmpty())
        .sorted(Free.MOST_FREE)
        .toList();
  }

  @Override
  public int freeCores() {
    return all().stream().mapToInt(node -> free(node.node()).parts().cores().size()).sum();
  }

  @Override
  public Collection<Integer> tenants(int node) {
    return running.stream()
        .filter(run -> run.shares.stream().anyMatch(share -> share.node() == node))
        .map(run -> run.job.id)
        .collect(Collectors.toSet());
  }

  @Override
  public boolean hasExclusive() {
    return running.stream().anyMatch(run -> run.job.exclusive);
  }

  @Override
  public Free free(int node) {
    var parts = topology(node).all();
    var memory = 1000;
    var tenants = Tenants.NONE;
    for (var run : running) {
      for (var share : run.shares) {
        if (share.node() == node) {
          parts = parts.minus(share.parts());
          memory -= share.memoryMb();
          tenants = tenants.with(run.job.id, run.job.exclusive);
        }
      }
    }
    return new Free(node, traits(node), parts, memory, tenants);
  }

  @Override
  public Iterable<Candidate> candidates() {
    throw new UnsupportedOperationException("nobody asks for an order by merit here");
  }

  @Override
  public List<Holding> holdings() {
    return running.stream()
        .sorted(Comparator.comparingLong(Run::limit).thenComparingInt(run -> run.job.id))
        .map(
            run ->
                new Holding(
                    run.job.id,
                    run.limit(),
                    run.job.exclusive,
                    run.job.cores,
                    run.shares,
                    Map.of()))
        .toList();
  }

  @Override
  public Map<Integer, Long> reservations() {
    return reservations;
  }

  @Override
  public boolean hasMoreFree() {
    return hasMoreFree;
  }

  @Override
  public Largest largest() {
    return new Largest(this);
  }

  @Override
  public List<Free> all() {
    var all = new ArrayList<Free>();
    for (var node = 1; node <= nodes.size(); node++) {
      Parts parts = topology(node).all();
      all.add(new Free(node, traits(node), parts, 1000, Tenants.NONE));
    }
    return all;
  }

  @Override
  public NodeTraits traits(int node) {
    return nodes.get(node - 1);
  }

  @Override
  public int reclaimable(Priority priority, IntPredicate where) {
    return 0;
  }

  @Override
  public Map<String, Integer> freeLicences() {
    return Map.of();
  }

  @Override
  public Map<String, Integer> licences() {
    return Map.of();
  }
}
