package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.capataz.client.JobBuilder;
import org.capataz.client.NodeStatus;
import org.capataz.client.TaskBuilder;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tasks go on while the programs around them die, and their true ends are on record.
final class CrashingProgramsIT {

  private static final int TASKS = 4;

  @RegisterExtension private final Site site = new Site();

  @Test
  void tasksOutliveAgentAndHeadNodeAndEachIsStartedOnce() throws Exception {
    var head = site.head();
    var node = site.node(head, "n1", TASKS);
    var place = site.work("place");
    try (var cluster = head.connect()) {
      var job =
          cluster.submit(
              JobBuilder.named("long")
                  .tasks(
                      IntStream.range(0, TASKS)
                          .mapToObj(
                              i ->
                                  TaskBuilder.create()
                                      .commandLine(
                                          "echo start >> ledger.%d; until [ -e go.%d ]; do sleep 0.05; done; echo end >> ledger.%d; exit %d"
                                              .formatted(i, i / 2, i, i))
                                      .workDirectory(place.toString())
                                      .build())
                          .toList())
                  .build());
      Patience.until(
          "all tasks at work",
          () ->
              IntStream.range(0, TASKS).allMatch(i -> Files.exists(place.resolve("ledger." + i))));

      var agent = node.agent();
      agent.destroyForcibly();
      agent.onExit().join();
      head.kill();
      // Two end while nobody but the keeper is there to see it, two when all are back.
      Files.createFile(place.resolve("go.0"));
      Patience.until(
          "two ends",
          () ->
              IntStream.range(0, 2).allMatch(i -> site.reads(place.resolve("ledger." + i), "end")));
      head.startAgain();
      Patience.until(
          "the node back", () -> cluster.nodes().stream().anyMatch(NodeStatus::reachable));
      Files.createFile(place.resolve("go.1"));

      assertThat(job.await().state()).isEqualTo(JobState.FAILED);
      for (var i = 0; i < TASKS; i++) {
        var end = job.instance(i + 1, 0);
        assertThat(end.exitCode()).as("task %s", i + 1).hasValue(i);
        assertThat(end.attempt()).isEqualTo(1);
        assertThat(end.endTime().orElseThrow()).isAfter(end.startTime().orElseThrow());
        assertThat(Files.readAllLines(place.resolve("ledger." + i)))
            .containsExactly("start", "end");
      }
      assertThat(job.status().taskCounts().finished()).isEqualTo(1);
    }
  }

  @Test
  void theHeadNodeMayDieAgainAndAgainWhileASweepRuns() throws Exception {
    var head = site.head();
    site.node(head, "n1", 4);
    var place = site.work("place");
    try (var cluster = head.connect()) {
      var job =
          cluster.submit(
              JobBuilder.named("sweep")
                  .task(
                      t ->
                          t.commandLine("echo start >> ledger.*; sleep 0.02")
                              .sweep(1, 200)
                              .workDirectory(place.toString()))
                  .build());
      for (var kills = 1; kills <= 3; kills++) {
        var started = 40 * kills;
        Patience.until("more starts", () -> count(place) >= started);
        head.kill();
        head.startAgain();
      }

      assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
      assertThat(job.status().taskCounts().finished()).isEqualTo(200);
      for (var i = 1; i <= 200; i++) {
        assertThat(Files.readAllLines(place.resolve("ledger." + i))).containsExactly("start");
      }
    }
  }

  private static int count(Path place) {
    var files = place.toFile().list();
    return files == null ? 0 : files.length;
  }
}
