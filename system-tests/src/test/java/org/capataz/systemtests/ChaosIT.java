package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.capataz.client.CapatazException;
import org.capataz.client.Cluster;
import org.capataz.client.InstanceStatus;
import org.capataz.client.JobBuilder;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
import org.capataz.client.TaskBuilder;
import org.capataz.client.Watch;
import org.capataz.client.WatchOptions;
import org.capataz.model.JobDraft;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Nothing is lost and nothing done twice while head node, agents and keepers are killed and links
/// fail.
///
/// Properties: `chaos.seed`, `chaos.tasks`, `chaos.faults`, `chaos.minutes`, and `chaos.mix` as
/// [Chaos.Mix#with] reads it. CONTRIBUTING.md has the command of a long run.
final class ChaosIT {

  private static final int NODES = 4;
  private static final int CLIENTS = 4;
  private static final int TASKS = Integer.getInteger("chaos.tasks", 400);
  private static final int FAULTS = Integer.getInteger("chaos.faults", 12);
  private static final Duration TIME =
      Duration.ofMillis(
          (long) (60_000 * Double.parseDouble(System.getProperty("chaos.minutes", "0.2"))));

  /// A task is a matter of moments, so that many end while something is amiss.
  private static final int MOST_MILLIS = 700;

  private static final int FAILURE = 3;

  @RegisterExtension private final Site site = new Site();

  private final Map<UUID, Integer> acknowledged = new ConcurrentHashMap<>();
  private final Set<Integer> canceled = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Runs watched = new Runs();

  @Test
  void nothingIsLostAndNothingIsDoneTwiceWhateverDies() throws Exception {
    withstand(Network.onLoopback(), Chaos.Mix.usual());
  }

  /// Over real interfaces, and encrypted, as it is between machines.
  @Test
  @Tag("machine")
  void norIsAnythingInNamespacesOfTheKernelsNetwork() throws Exception {
    withstand(new Namespaces(), Chaos.Mix.usual().with("LINK_SLOW=0"));
  }

  private void withstand(Network network, Chaos.Mix usual) throws Exception {
    var seed = Long.getLong("chaos.seed", new Random().nextLong());
    var mix = usual.with(System.getProperty("chaos.mix", ""));
    System.out.println("chaos.seed=" + seed + ", " + TASKS + " tasks, " + FAULTS + " faults");
    var ledger = new Ledger(site.work("ledger"));
    try (var chaos = new Chaos(site, network, NODES, seed, mix);
        var executor = Executors.newCachedThreadPool()) {
      var clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(
                  client ->
                      executor.submit(
                          () -> submit(chaos, ledger, new Random(seed * CLIENTS + client))))
              .toList();
      var prober = executor.submit(() -> worstOutage(chaos));
      var watch = executor.submit(() -> watch(chaos));
      chaos.rage(FAULTS, TIME);
      for (var client : clients) {
        client.get();
      }
      Verdict.Evidence evidence;
      try (var cluster = chaos.head().connect()) {
        awaitEnds(cluster);
        over.set(true);
        watch.get();
        evidence = evidence(chaos, cluster, ledger);
        assertThat(Verdict.of(evidence)).as("broken promises, seed %s", seed).isEmpty();
        Patience.until("no task left", () -> tasks().isEmpty());
        assertThat(cluster.nodes()).allMatch(node -> node.capacity().busyCores() == 0);
        check(cluster);
      }
      System.out.println(Verdict.figures(evidence));
      System.out.println(chaos.faults());
      System.out.println("worst outage that a client saw: " + prober.get().toMillis() + " ms");
      chaos.stop();
      site.awaitNobody();
    }
  }

  /// One client: submits its share of the tasks in jobs of all kinds, spread over the time.
  private Void submit(Chaos chaos, Ledger ledger, Random random) {
    var start = System.nanoTime();
    var share = TASKS / CLIENTS;
    try (var cluster = chaos.connect()) {
      for (var tasks = 0; tasks < share; ) {
        var due = TIME.toNanos() / share * tasks;
        LockSupport.parkNanos(Math.max(0, start + due - System.nanoTime()));
        var request = UUID.randomUUID();
        var size = Math.min(share - tasks, 1 + random.nextInt(40));
        var job = cluster.submit(job(request, ledger, random, size), request);
        tasks += size;
        acknowledged.put(request, job.id());
        if (random.nextInt(12) == 0) {
          canceled.add(job.id());
          try {
            job.cancel("no longer needed");
          } catch (CapatazException ended) {
            assertThat(ended.code()).isEqualTo(CapatazException.Code.REFUSED);
          }
        }
      }
    }
    return null;
  }

  /// A sweep; a task, a sweep and a task one after another; or tasks of one or two cores.
  private static JobDraft job(UUID request, Ledger ledger, Random random, int tasks) {
    var job = JobBuilder.named(request.toString());
    switch (tasks < 3 ? 2 : random.nextInt(3)) {
      case 0 -> job.task(task(ledger, random).sweep(1, tasks).build());
      case 1 ->
          job.task(task(ledger, random).name("first").build())
              .task(
                  task(ledger, random)
                      .name("middle")
                      .dependsOn("first")
                      .sweep(1, tasks - 2)
                      .build())
              .task(task(ledger, random).name("last").dependsOn("middle").build());
      default -> {
        for (var i = 0; i < tasks; i++) {
          job.task(task(ledger, random).cores(1 + random.nextInt(2)).build());
        }
      }
    }
    return job.build();
  }

  private static TaskBuilder task(Ledger ledger, Random random) {
    var exitCode = random.nextInt(50) == 0 ? FAILURE : 0;
    return TaskBuilder.create().command(ledger.command(random.nextInt(MOST_MILLIS), exitCode));
  }

  /// The longest that the simplest of questions took, until all is over.
  private Duration worstOutage(Chaos chaos) {
    var worst = Duration.ZERO;
    try (var cluster = chaos.connect()) {
      while (!over.get()) {
        var start = System.nanoTime();
        cluster.info();
        var took = Duration.ofNanos(System.nanoTime() - start);
        if (took.compareTo(worst) > 0) {
          worst = took;
          chaos.note("a client waited for " + took.toMillis() + " ms");
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    return worst;
  }

  /// Reads what happens to all jobs, until all have ended and all that was told of is read.
  private Void watch(Chaos chaos) throws InterruptedException {
    try (var cluster = chaos.connect();
        var watch = cluster.watch(WatchOptions.after(1).withInstances())) {
      read(watch, watched);
    }
    return null;
  }

  private void read(Watch watch, Runs runs) throws InterruptedException {
    var ended = new HashSet<Integer>();
    while (true) {
      var isOver = over.get();
      var event = watch.poll(Duration.ofSeconds(1));
      event.ifPresent(
          told -> {
            runs.take(told);
            if (told.job().state().isEnd()) {
              ended.add(told.job().id());
            }
          });
      if (isOver && event.isEmpty() && ended.containsAll(acknowledged.values())) {
        return;
      }
    }
  }

  private void awaitEnds(Cluster cluster) throws InterruptedException {
    for (var id : acknowledged.values()) {
      assertThat(cluster.job(id).await(Patience.LONGEST)).as("the end of job %s", id).isPresent();
    }
  }

  /// What is known, with the jobs as a head node reads them from its database that starts anew.
  private Verdict.Evidence evidence(Chaos chaos, Cluster cluster, Ledger ledger) throws Exception {
    var before = jobs(cluster);
    chaos.head().kill();
    chaos.head().startAgain();
    var jobs = jobs(cluster);
    assertThat(jobs).as("jobs in the database").isEqualTo(before);
    var instances = new ArrayList<InstanceStatus>();
    for (var job : jobs) {
      try (var ended = cluster.job(job.id()).instances(Set.of(TaskState.values()))) {
        ended.forEach(instances::add);
      }
    }
    var journal = new Runs();
    try (var watch = cluster.watch(WatchOptions.after(1).withInstances())) {
      read(watch, journal);
    }
    assertThat(journal.mistakes()).isEmpty();
    assertThat(watched.mistakes()).isEmpty();
    assertThat(journal.live()).isZero();
    return new Verdict.Evidence(
        acknowledged,
        canceled,
        jobs,
        instances,
        journal.ended(),
        watched.ended(),
        ledger.read(),
        chaos.deaths());
  }

  /// Has a copy of the database looked at: whether its journal makes what its rows have.
  private void check(Cluster cluster) throws Exception {
    var backup = site.folder().resolve("backup");
    cluster.backup(backup);
    var checked = site.command(site.folder(), Map.of(), "head", "check", backup.toString()).end();
    assertThat(checked.exitCode()).as(checked.errors()).isZero();
  }

  private static List<JobStatus> jobs(Cluster cluster) {
    try (var jobs = cluster.jobs(JobFilter.all())) {
      return jobs.toList();
    }
  }

  private List<ProcessHandle> tasks() {
    return site.processes().stream()
        .filter(
            process ->
                site.reads(Path.of("/proc", process.pid() + "", "environ"), "CAPATAZ_ATTEMPT="))
        .toList();
  }
}
