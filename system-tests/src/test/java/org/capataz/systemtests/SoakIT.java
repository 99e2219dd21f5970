package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;
import org.capataz.client.JobFilter;
import org.capataz.client.WatchOptions;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A cluster that always has more to do than it can costs no more as time goes by.
///
/// The head node's clock is set ahead by a day every so often, so that ended jobs are deleted as
/// they are after days. Properties: `soak.minutes`, and `soak.day`, the length of a day in seconds.
/// CONTRIBUTING.md has the command of a long run.
@Tag("machine")
final class SoakIT {

  private static final Duration TIME =
      Duration.ofSeconds(
          (long) (60 * Double.parseDouble(System.getProperty("soak.minutes", "0.5"))));

  private static final Duration DAY = Duration.ofSeconds(Integer.getInteger("soak.day", 8));

  private static final int CLIENTS = 4;
  private static final int NODES = 2;
  private static final int SWEEP = 200;
  private static final int MEGABYTE = 1 << 20;

  /// What a heap may grow by, where what is in use comes and goes.
  private static final int HEAP_MARGIN = 16 * MEGABYTE;

  private static final int FILES_MARGIN = 8;

  @RegisterExtension private final Site site = new Site();

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong told = new AtomicLong();

  /// How the programs are at some time, in the order head node, keepers, agents.
  private record Sample(
      Duration time,
      long ended,
      long jobs,
      List<Long> heaps,
      List<Long> resident,
      List<Long> files,
      long database) {

    @Override
    public String toString() {
      return "| %d | %,d | %d | %s | %s | %s | %.1f |"
          .formatted(
              time.toSeconds(),
              ended,
              jobs,
              list(heaps.stream().map(bytes -> bytes / MEGABYTE)),
              list(resident.stream().map(bytes -> bytes / MEGABYTE)),
              list(files.stream()),
              (double) database / MEGABYTE);
    }

    private static String list(Stream<Long> values) {
      return values.map(String::valueOf).collect(Collectors.joining(", "));
    }
  }

  @Test
  void nothingGrowsWithTime() throws Exception {
    var clock = new FalseClock(site, "clock");
    var head = HeadProcess.start(site, clock.entrance(), "127.0.0.1:" + HeadProcess.freePort());
    var nodes = IntStream.rangeClosed(1, NODES).mapToObj(i -> site.node(head, "n" + i, 4)).toList();
    var samples = new ArrayList<Sample>();
    try (var cluster = head.connect();
        var executor = Executors.newCachedThreadPool()) {
      cluster.changeSettings(
          Map.of(ClusterParameter.TTL_COMPLETED_JOBS, "1", ClusterParameter.JOB_CLEANUP_HOUR, "0"),
          Map.of());
      var clients =
          IntStream.range(0, CLIENTS).mapToObj(i -> executor.submit(() -> work(head, i))).toList();
      var watch = executor.submit(() -> watch(head));
      var start = System.nanoTime();
      System.out.println("| s | tasks | jobs | live MB | resident MB | open files | database MB |");
      for (var days = 1; System.nanoTime() - start < TIME.toNanos(); days++) {
        LockSupport.parkNanos(DAY.toNanos());
        samples.add(sample(cluster, head, nodes, Duration.ofNanos(System.nanoTime() - start)));
        System.out.println(samples.getLast());
        clock.set(Duration.ofDays(days));
      }
      over.set(true);
      for (var client : clients) {
        client.get();
      }
      watch.get();
    }

    // What a program needs to be warm is there after a third of the time.
    var early = samples.get(samples.size() / 3);
    var late = samples.getLast();
    for (var program = 0; program < late.heaps.size(); program++) {
      assertThat(late.heaps.get(program)).isLessThan(early.heaps.get(program) + HEAP_MARGIN);
      assertThat(late.files.get(program)).isLessThan(early.files.get(program) + FILES_MARGIN);
    }
    assertThat(late.ended).isGreaterThan(early.ended);
    assertThat(told.get()).isPositive();
  }

  private Sample sample(Cluster cluster, HeadProcess head, List<NodeProcess> nodes, Duration time)
      throws IOException {
    var programs =
        Stream.concat(
                Stream.of(head.pid()),
                Stream.concat(
                    nodes.stream().map(NodeProcess::pid),
                    nodes.stream().map(node -> node.agent().pid())))
            .map(Vitals::new)
            .toList();
    try (var jobs = cluster.jobs(JobFilter.all())) {
      return new Sample(
          time,
          ended.get(),
          jobs.count(),
          programs.stream().map(Vitals::liveBytes).toList(),
          programs.stream().map(Vitals::residentBytes).toList(),
          programs.stream().map(Vitals::openFiles).toList(),
          Files.size(head.data().resolve("db/capataz.mv.db")));
    }
  }

  /// One client: has a job of some kind done, and then the next.
  private Void work(HeadProcess head, int kind) throws InterruptedException {
    try (var cluster = head.connect()) {
      while (!over.get()) {
        var job = cluster.submit(job(kind));
        assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
        ended.addAndGet(job.status().taskCounts().ended());
      }
    }
    return null;
  }

  private static JobDraft job(int kind) {
    var job = JobBuilder.named("soak");
    return switch (kind) {
      case 0, 1 -> job.task(t -> t.commandLine("true").sweep(1, SWEEP)).build();
      case 2 -> job.task(t -> t.commandLine("echo hello")).build();
      default ->
          job.task(t -> t.name("first").commandLine("true"))
              .task(t -> t.name("middle").dependsOn("first").commandLine("echo *").sweep(1, 20))
              .task(t -> t.name("last").dependsOn("middle").commandLine("true").cores(2))
              .build();
    };
  }

  /// Reads all that happens.
  private Void watch(HeadProcess head) throws InterruptedException {
    try (var cluster = head.connect();
        var watch = cluster.watch(WatchOptions.after(1).withInstances())) {
      while (!over.get()) {
        watch.poll(Duration.ofSeconds(1)).ifPresent(_ -> told.incrementAndGet());
      }
    }
    return null;
  }
}
