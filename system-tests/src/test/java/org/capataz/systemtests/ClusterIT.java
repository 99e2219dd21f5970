package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.client.NodeStatus;
import org.capataz.client.TaskBuilder;
import org.capataz.client.TaskCounts;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.capataz.systemtests.Occupancy.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A head node and its compute nodes as processes of their own.
final class ClusterIT {

  @RegisterExtension private final Site site = new Site();

  @Test
  void aTaskflowASweepAndAFullQueueNeverGetMoreCoresThanThereAre() throws Exception {
    var cores = Map.of("n1", 4, "n2", 2);
    var head = site.head();
    var n1 = site.node(head, "n1", 4);
    var n2 = site.node(head, "n2", 2);
    try (var cluster = head.connect()) {
      awaitNodes(cluster, 2);
      var diamond = cluster.submit(diamond());
      var sweep =
          cluster.submit(
              JobBuilder.named("sweep")
                  .task(t -> t.command("/bin/true", "*").sweep(1, 1000))
                  .build());
      var jobs = new ArrayList<>(List.of(diamond, sweep));
      for (var i = 0; i < 50; i++) {
        var wanted = 1 + i % 4;
        jobs.add(
            cluster.submit(
                JobBuilder.named("queued " + i)
                    .task(t -> t.command("sleep", "0.05").cores(wanted))
                    .build()));
      }

      var runs = new ArrayList<Run>();
      for (var job : jobs) {
        assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
        runs.addAll(runs(job));
      }

      assertThat(runs).hasSize(4 + 1000 + 50).allMatch(run -> run.end().exitCode().isPresent());
      assertThat(sweep.status().taskCounts()).isEqualTo(new TaskCounts(0, 0, 1000, 0, 0));
      assertThat(runs).extracting(Run::node).containsOnly("n1", "n2");
      cores.forEach(
          (node, there) ->
              assertThat(mostCores(runs, run -> run.node().equals(node)))
                  .as("cores at work on %s", node)
                  .isBetween(1, there));
      assertThat(mostCores(runs, run -> true)).as("cores at work").isBetween(4, 6);
      assertThat(cluster.nodes()).allMatch(node -> node.capacity().busyCores() == 0);
      assertThatEachTaskWaitedForThoseItDependsOn(diamond);
    }
    assertThat(n1.stop()).isZero();
    assertThat(n2.stop()).isZero();
    assertThat(head.stop()).isZero();
    assertThat(site.processes()).isEmpty();
  }

  private static JobDraft diamond() {
    return JobBuilder.named("diamond")
        .task(t -> t.name("top").command("/bin/true"))
        .task(t -> t.name("left").command("sleep", "0.1").dependsOn("top"))
        .task(t -> t.name("right").command("sleep", "0.1").cores(2).dependsOn("top"))
        .task(t -> t.name("bottom").command("/bin/true").dependsOn("left", "right"))
        .build();
  }

  private static void assertThatEachTaskWaitedForThoseItDependsOn(Job diamond) {
    var top = diamond.instance(1, 0);
    var bottom = diamond.instance(4, 0);
    for (var side : List.of(diamond.instance(2, 0), diamond.instance(3, 0))) {
      assertThat(side.startTime().orElseThrow()).isAfterOrEqualTo(top.endTime().orElseThrow());
      assertThat(side.endTime().orElseThrow()).isBeforeOrEqualTo(bottom.startTime().orElseThrow());
    }
  }

  /// Otherwise the test above could see nothing, and pass.
  @Test
  void tasksThatWaitForEachOtherAreSeenToRunAtTheSameTime() throws Exception {
    var head = site.head();
    site.node(head, "n1", 4);
    try (var cluster = head.connect()) {
      var place = site.work("place").toString();
      var all = "until [ -e 0 ] && [ -e 1 ] && [ -e 2 ] && [ -e 3 ]; do sleep 0.02; done";
      var job =
          cluster.submit(
              JobBuilder.named("meeting")
                  .tasks(
                      IntStream.range(0, 4)
                          .mapToObj(
                              i ->
                                  TaskBuilder.create()
                                      .commandLine("touch " + i + "; " + all)
                                      .workDirectory(place)
                                      .build())
                          .toList())
                  .build());

      assertThat(job.await().state()).isEqualTo(JobState.FINISHED);

      assertThat(Occupancy.mostCores(runs(job))).isEqualTo(4);
    }
  }

  @Test
  void aNodeThatIsToldToStopEndsWhatRunsThere() throws Exception {
    var head = site.head();
    var node = site.node(head, "n1", 2);
    try (var cluster = head.connect()) {
      var place = site.work("place");
      cluster.submit(
          JobBuilder.named("long")
              .task(
                  t ->
                      t.commandLine("touch started; exec sleep 3600")
                          .workDirectory(place.toString()))
              .build());
      Patience.until("a started task", () -> place.resolve("started").toFile().exists());

      assertThat(node.stop()).isZero();
    }
    assertThat(head.stop()).isZero();
    assertThat(site.processes()).isEmpty();
  }

  private static void awaitNodes(Cluster cluster, int count) {
    Patience.until(
        count + " nodes",
        () -> cluster.nodes().stream().filter(NodeStatus::reachable).count() == count);
  }

  /// The runs of a job whose tasks each ask for a certain number of cores.
  private static List<Run> runs(Job job) {
    var tasks = job.draft().tasks();
    try (var runs = job.instances(EnumSet.allOf(TaskState.class))) {
      return runs.map(run -> new Run(run, cores(tasks.get(run.id().task() - 1)))).toList();
    }
  }

  private static int cores(TaskDraft task) {
    return task.get(TaskProperty.MIN_CORES).map(Integer::parseInt).orElse(1);
  }

  private static int mostCores(List<Run> runs, Predicate<Run> which) {
    return Occupancy.mostCores(runs.stream().filter(which).toList());
  }
}
