package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.client.TaskBuilder;
import org.capataz.model.JobState;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Preparation and release with real processes: each writes a line, on the node that it runs on.
final class NodeTasksIT {

  private static final int PREP = 1;
  private static final int WORK = 2;
  private static final int RELEASE = 3;

  @RegisterExtension private static final Site site = new Site();

  private static TwoNodes nodes;

  private Path place;

  @BeforeAll
  static void start() {
    nodes = new TwoNodes(site, 1);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void moveOn() throws IOException {
    place = nodes.moveOn();
  }

  private Job submit(String work, int instances) {
    return nodes
        .cluster()
        .submit(
            JobBuilder.named("staged")
                .cores(2, 2)
                .task(t -> nodeTask(t, "NodePrep", "echo prep $CCP_TASKINSTANCEID >> log"))
                .task(t -> t.commandLine(work).sweep(1, instances).workDirectory(place.toString()))
                .task(t -> nodeTask(t, "NodeRelease", "echo release >> log"))
                .build());
  }

  private void nodeTask(TaskBuilder task, String type, String command) {
    task.set(TaskProperty.TYPE, type).commandLine(command).workDirectory(place.toString());
  }

  private static List<InstanceStatus> runs(Job job, int task) {
    try (var runs = job.instances(task, EnumSet.allOf(TaskState.class))) {
      return runs.toList();
    }
  }

  private long lines(String start) throws IOException {
    try (var lines = Files.lines(place.resolve("log"))) {
      return lines.filter(line -> line.startsWith(start)).count();
    }
  }

  @Test
  void everyNodeIsPreparedBeforeTheWorkAndReleasedAfterIt() throws Exception {
    var job = submit("grep -q prep log && echo work '*' >> log", 6);

    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    assertThat(runs(job, PREP)).extracting(InstanceStatus::node).containsOnlyOnce("n1", "n2");
    assertThat(runs(job, RELEASE)).extracting(InstanceStatus::node).containsOnlyOnce("n1", "n2");
    assertThat(lines("prep")).isEqualTo(2);
    assertThat(lines("work")).isEqualTo(6);
    assertThat(lines("release")).isEqualTo(2);
    for (var work : runs(job, WORK)) {
      assertThat(work.startTime().orElseThrow())
          .isAfterOrEqualTo(on(job, PREP, work.node()).endTime().orElseThrow());
      assertThat(work.endTime().orElseThrow())
          .isBeforeOrEqualTo(on(job, RELEASE, work.node()).startTime().orElseThrow());
    }
  }

  private static InstanceStatus on(Job job, int task, String node) {
    return runs(job, task).stream()
        .filter(run -> run.node().equals(node))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyNodeOfACanceledJobIsReleased() throws Exception {
    var job = submit("touch started-* && exec sleep 3600", 2);
    Patience.until(
        "two started tasks",
        () -> Files.exists(place.resolve("started-1")) && Files.exists(place.resolve("started-2")));

    job.cancel("enough");

    assertThat(job.await().state()).isEqualTo(JobState.CANCELED);
    assertThat(runs(job, RELEASE)).extracting(InstanceStatus::node).containsOnlyOnce("n1", "n2");
    assertThat(lines("prep")).isEqualTo(2);
    assertThat(lines("release")).isEqualTo(2);
  }
}
