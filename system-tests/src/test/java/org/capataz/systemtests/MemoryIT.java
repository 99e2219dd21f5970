package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.capataz.cli.CommandCall;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Runs that use more memory than they may are ended, and nothing else is.
final class MemoryIT {

  /// Fills 300 MB of memory, and stays.
  private static final String FILL = "{ head -c 300M /dev/zero; sleep 1000; } | tail";

  @RegisterExtension private static final Site site = new Site();

  private static TwoNodes nodes;

  private Path place;

  @BeforeAll
  static void start() {
    nodes = new TwoNodes(site);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void moveOn() throws IOException {
    place = nodes.moveOn();
  }

  private static void assertOutOfMemory(Job job, int limit) throws InterruptedException {
    assertThat(job.await().state()).isEqualTo(JobState.FAILED);
    assertOutOfMemory(job.instance(1, 0), limit);
  }

  private static void assertOutOfMemory(InstanceStatus end, int limit) {
    assertThat(end.message())
        .startsWith("expected at most " + limit + " MB of memory on a node, but it used ");
    assertThat(end.attempt()).isEqualTo(1);
    assertThat(end.usage().maxRssKib()).isGreaterThan(limit * 1024L);
  }

  @Test
  void aRunIsEndedThatUsesMoreThanItSaysItself() throws Exception {
    var job =
        nodes
            .cluster()
            .submit(
                JobBuilder.named("greedy")
                    .retries(3)
                    .environment("CCP_MAXIMUMMEMORY", "100")
                    .task(t -> t.command("sh", "-c", "echo $CCP_MAXIMUMMEMORY; " + FILL))
                    .task(
                        t ->
                            t.command("sh", "-c", "head -c 300M /dev/zero | tail | wc -c")
                                .environment("CCP_MAXIMUMMEMORY", ""))
                    .build());

    assertOutOfMemory(job, 100);
    assertThat(job.instance(1, 0).exitCode()).hasValue(137);
    assertThat(TwoNodes.output(job)).isEqualTo("100\n");
    assertThat(job.instance(2, 0).exitCode()).hasValue(0);
    var head = nodes.head();
    var view =
        CommandCall.of(
            head.address(), head.clientToken(), site.folder(), "task", "view", job.id() + ".1");
    assertThat(view.output()).containsPattern("Memory: +[1-9][0-9]{2} MB at most");
  }

  @Test
  void whatIsReservedIsALimitWhereTheAdministratorWantsThat() throws Exception {
    assertThat(reserving("head -c 300M /dev/zero | tail | wc -c").await().state())
        .isEqualTo(JobState.FINISHED);

    enforce("Reserved");
    try {
      assertOutOfMemory(reserving(FILL), 100);
    } finally {
      enforce("None");
    }
  }

  private static void enforce(String what) {
    nodes.cluster().changeSettings(Map.of(ClusterParameter.MEMORY_ENFORCEMENT, what), Map.of());
  }

  private static Job reserving(String script) {
    return nodes
        .cluster()
        .submit(
            JobBuilder.named("modest")
                .task(t -> t.command("sh", "-c", script).memoryMb(100))
                .build());
  }

  @Test
  void aRunIsEndedWhileNeitherAgentNorHeadNodeIsThere() throws Exception {
    var begin = "echo $$ >new; mv new begun; until [ -e go ]; do sleep 0.05; done; ";
    var job =
        nodes
            .cluster()
            .submit(
                JobBuilder.named("greedy")
                    .task(
                        t ->
                            t.command("sh", "-c", begin + FILL)
                                .workDirectory(place.toString())
                                .environment("CCP_MAXIMUMMEMORY", "100"))
                    .build());
    nodes.awaitFile(place.resolve("begun"));

    nodes.kill();
    var run = Files.readString(place.resolve("begun")).strip();
    Files.createFile(place.resolve("go"));
    Patience.until("the end of the run", () -> Files.notExists(Path.of("/proc", run)));
    nodes.startHeadAgain();

    assertOutOfMemory(job, 100);
  }

  @Test
  void eachNodeOfARunHoldsItsPartToItsLimit() throws Exception {
    var there = "there=$(sed -n '2s/:.*//p' $HYDRA_HOST_FILE); agent=$HYDRA_LAUNCHER_EXEC; ";
    var job =
        nodes.submit(
            t ->
                t.command("sh", "-c", there + "$agent $there '" + FILL + "'")
                    .environment("CCP_MAXIMUMMEMORY", "100"));

    assertOutOfMemory(job, 100);
    nodes.awaitNothingOf(job);
  }
}
