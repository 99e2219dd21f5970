package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.junit.jupiter.api.Test;

/// Where tasks run.
class PlacementScenarioTest {

  @Test
  void aTaskThatFitsOneNodeRunsOnOneNode() {
    var cluster = cluster().node("n1", 4).node("n2", 4);
    cluster.submit(task().cores(2));

    var task = cluster.submit(task().cores(4)).onlyTask();

    assertThat(task.nodes()).hasSize(1);
    assertThat(task.cores()).isEqualTo(4);
  }

  @Test
  void aTaskThatFitsOneNodeWaitsForItRatherThanSpan() {
    var cluster = cluster().node("n1", 4).node("n2", 4);
    cluster.submit(task().cores(2));
    var second = cluster.submit(task().cores(3));

    var job = cluster.submit(task().cores(3));

    assertThat(second.state()).isEqualTo(RUNNING);
    assertThat(job.state()).isEqualTo(QUEUED);
  }

  @Test
  void aTaskLargerThanEveryNodeSpansSeveral() {
    var cluster = cluster().node("n1", 4).node("n2", 4).node("n3", 2);

    var task = cluster.submit(task().cores(9)).onlyTask();

    assertThat(task.nodes()).containsExactlyInAnyOrder("n1", "n2", "n3");
    assertThat(task.cores()).isEqualTo(9);
  }

  @Test
  void aTaskGetsUpToItsMaximumOfOneNode() {
    var cluster = cluster().node("n1", 4).node("n2", 6);

    var task = cluster.submit(task().cores(2, 16)).onlyTask();

    assertThat(task.cores()).isEqualTo(6);
    assertThat(task.nodes()).containsExactly("n2");
  }

  @Test
  void runsOfASweepKeepToTheirMinimumSoThatMoreOfThemRun() {
    var cluster = cluster().node("n1", 8);

    var sweep = cluster.submit(task().cores(2, 8).over(1, 10));

    assertThat(sweep.counts().running()).isEqualTo(4);
  }

  @Test
  void memoryBoundsHowManyRunOnANode() {
    var cluster = cluster().node("n1", 8, 1000);

    var sweep = cluster.submit(sweep(1, 100).memory(400));

    assertThat(sweep.counts().running()).isEqualTo(2);
  }

  @Test
  void aTaskRunsWhereThereIsMemoryForIt() {
    var cluster = cluster().node("n1", 8, 1000).node("n2", 2, 8000);

    var task = cluster.submit(task().memory(2000)).onlyTask();

    assertThat(task.nodes()).containsExactly("n2");
  }

  @Test
  void memoryComesBackWithTheEndOfATask() {
    var cluster = cluster().node("n1", 8, 1000);
    var sweep = cluster.submit(sweep(1, 100).memory(400));

    for (var i = 0; i < 20; i++) {
      cluster.finishes(sweep.instance(1, i));
      assertThat(sweep.counts().running()).isEqualTo(2);
    }
  }

  @Test
  void whatRunsOnAnOfflineNodeGoesOnAndNothingElseStartsThere() {
    var cluster = cluster().node("n1", 2);
    var sweep = cluster.submit(sweep(1, 10));

    cluster.offline("n1");
    assertThat(sweep.counts().running()).isEqualTo(2);
    assertThat(cluster.node("n1").draining()).isTrue();
    cluster.finishes(sweep);

    assertThat(sweep.counts().running()).isZero();
    assertThat(cluster.node("n1").draining()).isFalse();
    cluster.online("n1");
    assertThat(sweep.counts().running()).isEqualTo(2);
  }

  @Test
  void coresHeldIdleOnANodeThatGoesOfflineAreClaimedElsewhere() {
    var cluster = cluster().node("n1", 1).node("n2", 2);
    var job = cluster.submit(job(task("a")).task(task("b")).task(task("c").after("a")).cores(3, 3));
    cluster.finishes(job.task("b"));
    assertThat(job.cores()).isEqualTo(3);

    cluster.offline(job.task("a").nodes().getFirst().equals("n1") ? "n2" : "n1");

    assertThat(job.cores()).isLessThan(3);
  }

  @Test
  void aNodeThatComesBackWithFewerCoresGetsNothingOnTheOthers() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, 100)).cores(4, 4));

    cluster.disconnect("n1").reconnectWith("n1", 2);
    assertThat(sweep.counts().running()).isEqualTo(4);
    cluster.finishes(sweep);

    assertThat(sweep.counts().running()).isEqualTo(2);
    assertThat(cluster.node("n1").granted()).isEqualTo(cluster.node("n1").offered());
  }
}
