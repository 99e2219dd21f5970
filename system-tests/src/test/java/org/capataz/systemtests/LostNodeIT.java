package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import org.capataz.client.CapatazException;
import org.capataz.client.JobBuilder;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Nodes that an operator gives up.
final class LostNodeIT {

  @RegisterExtension private final Site site = new Site();

  @Test
  void whatRanOnALostNodeRunsElsewhereAndIsStoppedThereShouldTheNodeComeBack() throws Exception {
    var head = site.head();
    var node = site.node(head, "n1", 1);
    var place = site.work("place");
    try (var cluster = head.connect()) {
      Patience.until("a node", () -> !cluster.nodes().isEmpty());
      var job =
          cluster.submit(
              JobBuilder.named("long")
                  .task(
                      t ->
                          t.commandLine("echo $$ >> runs; [ -e over ] || exec sleep 3600")
                              .workDirectory(place.toString()))
                  .build());
      Patience.until("a run", () -> site.reads(place.resolve("runs"), "\n"));
      var first = Long.parseLong(Files.readString(place.resolve("runs")).strip());
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(() -> cluster.lost("n1", ""))
          .withMessageContaining("n1 is connected");

      node.kill();
      Patience.until("the loss", () -> !cluster.node("n1").reachable());
      Files.createFile(place.resolve("over"));
      site.node(head, "n2", 1);
      assertThat(job.status().state()).isEqualTo(JobState.RUNNING);
      cluster.lost("n1", "power supply burnt");

      assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
      var run = job.instance(1, 0);
      assertThat(run.node()).isEqualTo("n2");
      assertThat(run.attempt()).isEqualTo(2);
      assertThat(ProcessHandle.of(first)).isPresent();

      site.node(head, "n1", 1);
      Patience.until("the end of the first run", () -> ProcessHandle.of(first).isEmpty());
      assertThat(Files.readAllLines(place.resolve("runs"))).hasSize(2);
    }
  }
}
