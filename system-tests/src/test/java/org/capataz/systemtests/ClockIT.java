package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Somebody sets the clock of a head node or a node by a day while these run.
@Tag("machine")
final class ClockIT {

  private static final Duration DAY = Duration.ofDays(1);

  @RegisterExtension private final Site site = new Site();

  @Test
  void neitherWhatRunsNorWhatComesIsHarmed() throws Exception {
    var ofHead = new FalseClock(site, "clock-of-head");
    var ofNode = new FalseClock(site, "clock-of-node");
    var address = "127.0.0.1:" + HeadProcess.freePort();
    var head = HeadProcess.start(site, ofHead.entrance(), address);
    var _ =
        new NodeProcess(
            site, ofNode.entrance(), address, head.nodeToken(), "n1", List.of("--cores=2"));
    var go = site.folder().resolve("go");
    try (var cluster = head.connect()) {
      var limited =
          cluster.submit(
              JobBuilder.named("limited")
                  .task(
                      t ->
                          t.commandLine("until [ -e " + go + " ]; do sleep 0.1; done; exit 7")
                              .runtime(Duration.ofMinutes(20)))
                  .runtime(Duration.ofMinutes(30))
                  .build());
      Patience.until("a run", () -> limited.status().state() == JobState.RUNNING);

      for (var clock : List.of(ofHead, ofNode)) {
        for (var by : List.of(DAY, DAY.negated(), Duration.ZERO)) {
          clock.set(by);
          var next = run(cluster);
          if (clock == ofHead) {
            var off = Duration.between(Instant.now(), next.status().times().submit().orElseThrow());
            assertThat(off.minus(by).abs()).isLessThan(Duration.ofHours(1));
          }
          assertThat(limited.status().state()).as("with %s", by).isEqualTo(JobState.RUNNING);
        }
      }

      Files.createFile(go);
      assertThat(limited.await().state()).isEqualTo(JobState.FAILED);
      assertThat(limited.instance(1, 0).exitCode()).hasValue(7);
      assertThat(limited.instance(1, 0).attempt()).isEqualTo(1);
    }
  }

  private static Job run(Cluster cluster) throws InterruptedException {
    var job = cluster.submit(JobBuilder.named("next").task(t -> t.commandLine("true")).build());
    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    return job;
  }
}
