package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Supplier;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.client.TaskBuilder;
import org.capataz.client.TaskCounts;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A million instances in one task are an ordinary thing.
final class LargeSweepIT {

  private static final long MILLION = 1_000_000;

  /// Far less than a bit for each instance.
  private static final long MOST_GROWTH = 100_000;

  @RegisterExtension private final Site site = new Site();

  @Test
  void aMillionInstancesCostAsMuchAsOneUntilTheyRun() throws Exception {
    var head = site.head();
    try (var cluster = head.connect()) {
      submit(cluster, JobBuilder.named("first").task(t -> t.command("/bin/true")));
      var one =
          timed(
              "one task",
              () -> submit(cluster, JobBuilder.named("one").task(t -> t.command("/bin/true"))));
      var heap = head.vitals().liveBytes();
      var file = databaseBytes(head);

      var million = timed("a million instances", () -> submit(cluster, sweep()));

      assertThat(million.status().taskCounts()).isEqualTo(new TaskCounts(MILLION, 0, 0, 0, 0));
      assertThat(head.vitals().liveBytes() - heap).as("growth of the heap").isLessThan(MOST_GROWTH);
      assertThat(databaseBytes(head) - file).as("growth of the file").isLessThan(MOST_GROWTH);

      var canceled = timed("its cancel", () -> million.cancel("no longer needed"));

      assertThat(canceled.state()).isEqualTo(JobState.CANCELED);
      assertThat(million.status().taskCounts()).isEqualTo(new TaskCounts(0, 0, 0, 0, MILLION));
      assertThat(head.vitals().liveBytes() - heap).as("growth of the heap").isLessThan(MOST_GROWTH);
      assertThat(databaseBytes(head) - file).as("growth of the file").isLessThan(MOST_GROWTH);
      assertThat(one.status().state()).isEqualTo(JobState.QUEUED);
    }
  }

  @Test
  void aMillionInstancesAreCanceledInOneCallWhileSomeRun() throws Exception {
    var head = site.head();
    site.node(head, "n1", 4);
    try (var cluster = head.connect()) {
      var million = submit(cluster, sweep());
      Patience.until("some ends", () -> million.status().taskCounts().finished() >= 20);

      million.cancel("no longer needed");
      var end = million.await();

      assertThat(end.state()).isEqualTo(JobState.CANCELED);
      assertThat(end.taskCounts().ended()).isEqualTo(MILLION);
      assertThat(cluster.nodes()).allMatch(node -> node.capacity().busyCores() == 0);
    }
  }

  private static JobBuilder sweep() {
    return JobBuilder.named("million")
        .task((TaskBuilder t) -> t.command("/bin/true", "*").sweep(1, MILLION));
  }

  private static Job submit(Cluster cluster, JobBuilder job) {
    return cluster.submit(job.build());
  }

  private static <T> T timed(String what, Supplier<T> call) {
    var start = System.nanoTime();
    var result = call.get();
    var took = Duration.ofNanos(System.nanoTime() - start);
    System.out.println(what + ": answered after " + took.toMillis() + " ms");
    return result;
  }

  private static long databaseBytes(HeadProcess head) throws IOException {
    return Files.size(head.data().resolve("db/capataz.mv.db"));
  }
}
