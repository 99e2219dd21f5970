package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.model.Topology;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A node is prepared once for a job, before anything else of it there, and released once.
class NodeTaskScenarioTest {

  private static final int PREP = 2;
  private static final int RELEASE = 3;

  private static JobSketch prepared(TaskSketch task) {
    return job(task).task(task("stage").ofType("NodePrep"));
  }

  private static JobSketch whole(TaskSketch task) {
    return prepared(task).task(task("clean").ofType("NodeRelease"));
  }

  private static List<String> nodesOf(SubmittedJob job, int task) {
    return job.job().task(task).live().stream()
        .map(
            attempt ->
                job.job().grants().stream()
                    .filter(grant -> grant.node().id() == attempt.leadNode())
                    .findFirst()
                    .orElseThrow()
                    .node()
                    .name())
        .sorted()
        .toList();
  }

  // Preparation.

  @Test
  void nothingRunsOnANodeBeforeItIsPrepared() {
    var cluster = cluster().node("n1", 4);

    var job = cluster.submit(prepared(sweep(1, 8)));

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    assertThat(job.instance(PREP, 0).cores()).isEqualTo(4);
    assertThat(job.counts().running()).isZero();

    cluster.finishes(job.instance(PREP, 0));

    assertThat(job.counts().running()).isEqualTo(4);
    cluster.finishes(job).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.prep().made()).isEqualTo(1);
  }

  @Test
  void everyNodeIsPreparedOnItsOwn() {
    var cluster = cluster().node("n1", 2).node("n2", 2);
    var job = cluster.submit(prepared(sweep(1, 4)));

    cluster.finishes(job.instance(PREP, 0));

    assertThat(job.counts().running()).isEqualTo(2);
    assertThat(nodesOf(job, PREP)).containsExactly("n2");
  }

  @Test
  void aJobDoesNotGetANodeThatCouldNotBePrepared() {
    var cluster = cluster().node("n1", 4).node("n2", 2);
    var job = cluster.submit(prepared(sweep(1, 2)));
    assertThat(nodesOf(job, PREP)).containsExactly("n1");

    cluster.fails(job.instance(PREP, 0));

    assertThat(nodesOf(job, PREP)).containsExactly("n2");
    assertThat(cluster.node("n1").freeCores()).isEqualTo(4);
    cluster.finishes(job.instance(PREP, 1)).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aJobFailsWhenNoNodeCouldBePrepared() {
    var cluster = cluster().node("n1", 4).node("n2", 2);
    var job = cluster.submit(prepared(sweep(1, 2)));

    cluster.fails(job.instance(PREP, 0));
    cluster.ends(job.instance(PREP, 1), EndReason.TIME_LIMIT, 137);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message())
        .isEqualTo(
            "preparation failed on every node that could run it: n1 (exit code 1), n2 (run time"
                + " expired)");
    assertThat(job.counts().canceled()).isEqualTo(2);
  }

  @Test
  void aJobFailsWhenItsMinimumCannotBePreparedAnyMore() {
    var cluster = cluster().node("n1", 4).node("n2", 4);
    var job = cluster.submit(prepared(sweep(1, 8)).cores(8, 8));
    cluster.finishes(job.instance(PREP, 0));
    assertThat(job.counts().running()).isEqualTo(4);

    cluster.fails(job.instance(PREP, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(job.message()).contains("n2 (exit code 1)");
  }

  @Test
  void aRequeuedJobTriesAllNodesAgain() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(prepared(sweep(1, 2)));
    cluster.fails(job.instance(PREP, 0));
    assertThat(job.state()).isEqualTo(JobState.FAILED);

    cluster.requeue(job);

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
  }

  @Test
  void aNodeThatWasLostWhileItWasPreparedIsTriedAgain() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 2)));

    cluster.reboot("n1");

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    assertThat(job.prep().made()).isEqualTo(2);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void whatWasPreparedIsGoneWhenTheNodeRestarts() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 4)));
    cluster.finishes(job.instance(PREP, 0));

    cluster.reboot("n1");

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    assertThat(job.counts().queued()).isEqualTo(4);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void aJobThatWaitsForAPreparationDoesNotGrowForTheSameTasks() {
    var cluster = cluster().node("n1", 4).node("n2", 4);

    var job = cluster.submit(prepared(sweep(1, 4)).cores(1, 8));

    assertThat(job.cores()).isEqualTo(4);
    cluster.submit(task());
    assertThat(job.cores()).isEqualTo(4);
  }

  // Release.

  @Test
  void aNodeIsReleasedBeforeItsCoresAreFree() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 1)).cores(4, 4));
    cluster.finishes(job.instance(PREP, 0));

    cluster.finishes(job.instance(1, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(nodesOf(job, RELEASE)).containsExactly("n1");
    assertThat(job.instance(RELEASE, 0).cores()).isEqualTo(4);
    assertThat(cluster.node("n1").freeCores()).isZero();

    cluster.finishes(job.instance(RELEASE, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(cluster.node("n1").freeCores()).isEqualTo(4);
  }

  @Test
  void aReleaseThatFailsIsRecordedAndDoesNotFailTheJob() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 1)).cores(4, 4));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(1, 0));

    cluster.fails(job.instance(RELEASE, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.counts().failed()).isZero();
    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void aCanceledJobReleasesEachNodeAsSoonAsNothingRunsThere() {
    var cluster = cluster().node("n1", 2).node("n2", 1);
    var job = cluster.submit(whole(sweep(1, 3)));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(PREP, 1));

    cluster.cancel(job);
    assertThat(job.release().made()).isZero();
    cluster.stops(job.instance(1, 2));

    assertThat(nodesOf(job, RELEASE)).containsExactly("n2");
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));
    cluster.finishes(job.instance(RELEASE, 0));
    assertThat(job.state()).isEqualTo(JobState.CANCELING);
    cluster.finishes(job.instance(RELEASE, 1));
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aNodeWhosePreparationWasCanceledIsReleased() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));

    cluster.cancel(job).stops(job.instance(PREP, 0));

    assertThat(nodesOf(job, RELEASE)).containsExactly("n1");
  }

  @Test
  void aNodeOnWhichNothingRanIsNotReleased() {
    var cluster = cluster().node("n1", 2).startsWait();
    var job = cluster.submit(whole(sweep(1, 2)));

    cluster.cancel(job).ends(job.instance(PREP, 0), EndReason.CANCELED, 0);

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void aNodeThatAJobNoLongerNeedsIsReleased() {
    var cluster = cluster().node("n1", 2).node("n2", 2);
    var job = cluster.submit(whole(sweep(1, 4)).cores(1, 4));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(PREP, 1));

    cluster.finishes(job.instance(1, 0)).finishes(job.instance(1, 1));

    assertThat(nodesOf(job, RELEASE)).hasSize(1);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.job().kept()).isEqualTo(2);
    cluster.finishes(job.instance(RELEASE, 0));
    assertThat(job.cores()).isEqualTo(2);
  }

  @Test
  void aNodeThatIsAwayIsReleasedWhenItComesBack() {
    var cluster = cluster().node("n1", 1).node("n2", 1);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(PREP, 1));
    cluster.finishes(job.instance(1, 0));
    cluster.finishes(job.instance(RELEASE, 0));
    cluster.finishes(job.instance(1, 1));
    assertThat(nodesOf(job, RELEASE)).hasSize(1);
    var name = nodesOf(job, RELEASE).getFirst();

    cluster.disconnect(name);
    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    cluster.connect(name).finishes(job.instance(RELEASE, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aNodeThatRestartsNeedsNoRelease() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).cancel(job);

    cluster.reboot("n1");

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void aRequeuedJobIsReleasedFirst() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).requeue(job);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));
    assertThat(nodesOf(job, RELEASE)).containsExactly("n1");

    cluster.finishes(job.instance(RELEASE, 0));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(nodesOf(job, PREP)).containsExactly("n1");
  }

  @Test
  void aLimitedJobIsStoppedEarlyEnoughToBeReleased() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()).limit(100));
    cluster.finishes(job.instance(PREP, 0));

    cluster.after(seconds(84));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.after(seconds(1));

    assertThat(job.state()).isEqualTo(JobState.CANCELING);
  }

  @ParameterizedTest
  @CsvSource({
    // limit of the job and of the release task, 0 for none; the parameter; what a release gets
    "0,0,15,15",
    "0,5,15,5",
    "0,100,15,15",
    "0,100,60,60",
    "100,0,15,15",
    "20,0,15,10",
    "1,0,15,1",
    "20,4,15,4",
  })
  void aReleaseTakesAsLongAsTheClusterAllowsAndAtMostHalfOfTheJobsTime(
      long ofJob, long ofTask, String parameter, long seconds) {
    var cluster = cluster().node("n1", 1);
    cluster.does(settings(parameter));
    var release = task("clean").ofType("NodeRelease");
    var sketch = job(task()).task(ofTask == 0 ? release : release.limit(ofTask));

    var job = cluster.submit(ofJob == 0 ? sketch : sketch.limit(ofJob));

    assertThat(cluster.state().releaseSeconds(job.job())).isEqualTo(seconds);
  }

  private static Command settings(String releaseTimeout) {
    return new Command.ChangeSettings(
        Map.of(ClusterParameter.NODE_RELEASE_TASK_TIMEOUT, releaseTimeout), Map.of());
  }

  @Test
  void jobsEndEarlierWhenReleasesMayTakeLonger() {
    var cluster = cluster().node("n1", 2);
    var first = cluster.submit(job(task()).task(task("clean").ofType("NodeRelease")).limit(100));
    var other = cluster.submit(job(task()).limit(80));

    cluster.does(settings("30"));
    cluster.after(seconds(70));

    assertThat(first.state()).isEqualTo(JobState.CANCELING);
    assertThat(other.state()).isEqualTo(JobState.RUNNING);
    cluster.after(seconds(10));
    assertThat(other.state()).isEqualTo(JobState.CANCELING);
  }

  // What people ask for.

  private static SubmittedJob released(Cluster cluster) {
    var job = cluster.submit(whole(task()));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(1, 0));
    return job;
  }

  private static String refusal(Cluster cluster, Command command) {
    return Cluster.refused(cluster.ask(command)).message();
  }

  @Test
  void aJobOfWhichOnlyReleasesRunIsNotCanceledButByForce() {
    var cluster = cluster().node("n1", 1);
    var job = released(cluster);

    assertThat(
            refusal(cluster, new Command.CancelJob(job.id(), Command.Manner.USUAL, Cluster.by(""))))
        .isEqualTo(
            "expected a job with something left to cancel, but job 1 has done its work and its"
                + " nodes are being released; capataz job cancel 1 --force leaves them as they"
                + " are");
    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.RUNNING);

    cluster.cancel(job, Command.Manner.FORCED);

    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.CANCELING);
    cluster.stops(job.instance(RELEASE, 0));
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(cluster.node("n1").freeCores()).isEqualTo(1);
  }

  @Test
  void aForcedStopLeavesNodesAsTheyAre() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).cancel(job, Command.Manner.FORCED);

    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void onlyAForcedSecondCancelEndsAReleaseThatRuns() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()));
    cluster.finishes(job.instance(PREP, 0)).cancel(job).stops(job.instance(1, 0));

    cluster.cancel(job);
    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.RUNNING);
    cluster.cancel(job, Command.Manner.FORCED);
    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.CANCELING);

    cluster.stops(job.instance(RELEASE, 0));
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aNodeThatIsLostWhileItIsReleasedHasLeftTheJob() {
    var cluster = cluster().node("n1", 1);
    var job = released(cluster);

    cluster.reboot("n1");

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.FAILED);
    assertThat(cluster.node("n1").freeCores()).isEqualTo(1);
  }

  @Test
  void preparationsAndReleasesAreNotRequeued() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()));

    assertThat(
            refusal(cluster, new Command.RequeueTask(Cluster.target(job, PREP, 1), Cluster.by(""))))
        .isEqualTo(
            "expected a Basic or ParametricSweep task to requeue, but task 1.2.1 is of type"
                + " NodePrep, of which every instance runs once");
    assertThat(
            refusal(cluster, new Command.RequeueTask(Cluster.target(job, RELEASE), Cluster.by(""))))
        .contains("task 1.3 is of type NodeRelease");
  }

  @Test
  void instancesThatThereAreNotAreRefused() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()));

    for (var instance : List.of(0L, 2L, 1L << 40)) {
      var target = Cluster.target(job, PREP, instance);
      assertThat(
              refusal(
                  cluster, new Command.CancelTask(target, Command.Manner.USUAL, Cluster.by(""))))
          .isEqualTo("expected an instance of task 1.2, but it has no instance " + instance);
      assertThat(refusal(cluster, new Command.FinishTask(target, Cluster.by(""))))
          .contains("it has no instance " + instance);
    }
    assertThat(
            refusal(
                cluster,
                new Command.CancelTask(
                    Cluster.target(job, RELEASE), Command.Manner.USUAL, Cluster.by(""))))
        .isEqualTo("expected a Running task to cancel, but task 1.3 is Queued");
  }

  @Test
  void preparationAndReleaseAreNotThrottled() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()));

    assertThat(refusal(cluster, new Command.ThrottleTask(job.id(), PREP, 1)))
        .isEqualTo("expected a sweep, but task 1.2 is none");
    assertThat(refusal(cluster, new Command.ThrottleTask(job.id(), 0, 1)))
        .isEqualTo("expected a job with a sweep, but job 1 has none");
  }

  @Test
  void aPreparationThatIsCanceledGivesTheNodeUpAndOneThatIsFinishedDoesNot() {
    var cluster = cluster().node("n1", 2).node("n2", 1);
    var job = cluster.submit(prepared(task()));
    assertThat(nodesOf(job, PREP)).containsExactly("n1");

    cluster.does(
        new Command.CancelTask(Cluster.target(job, PREP, 1), Command.Manner.USUAL, Cluster.by("")));
    cluster.stops(job.instance(PREP, 0));
    assertThat(nodesOf(job, PREP)).containsExactly("n2");

    cluster.does(new Command.FinishTask(Cluster.target(job, PREP, 2), Cluster.by("")));
    cluster.stops(job.instance(PREP, 1));
    assertThat(job.counts().running()).isEqualTo(1);
  }

  @Test
  void aRunningJobGetsNoTasksForNodes() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(task());

    for (var type : List.of("NodePrep", "NodeRelease")) {
      var more = List.of(task("x").ofType(type).draft());
      assertThat(refusal(cluster, new Command.AddTasks(job.id(), new UUID(9, 9), more)))
          .isEqualTo(
              "expected a Configuring job to add a " + type + " task to, but job 1 is Running");
    }
    var service = List.of(task("x").ofType("Service").draft());
    assertThat(refusal(cluster, new Command.AddTasks(job.id(), new UUID(9, 9), service)))
        .startsWith("expected beside a Service task only NodePrep and NodeRelease");
  }

  // Rules.

  @Test
  void aPreparationIsJudgedByItsValidExitCodes() {
    var cluster = cluster().node("n1", 1);
    var job =
        cluster.submit(job(task()).task(task("stage").ofType("NodePrep").validExitCodes("3")));

    cluster.ends(job.instance(PREP, 0), EndReason.EXITED, 3);

    assertThat(job.counts().running()).isEqualTo(1);
  }

  @Test
  void aPreparationIsNotRetried() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(prepared(task()).retries(3));

    cluster.fails(job.instance(PREP, 0));

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.prep().made()).isEqualTo(1);
  }

  @Test
  void aRunThatFitsNoNodeThatIsLeftSpansThem() {
    var cluster = cluster().node("n1", 8).node("n2", 4).node("n3", 4);
    var job = cluster.submit(prepared(task().cores(8)));
    assertThat(nodesOf(job, PREP)).containsExactly("n1");

    cluster.fails(job.instance(PREP, 0));

    assertThat(nodesOf(job, PREP)).containsExactly("n2", "n3");
    cluster.finishes(job.instance(PREP, 1)).finishes(job.instance(PREP, 2));
    assertThat(job.counts().running()).isEqualTo(1);
    cluster.finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aJobThatLacksANodeGathersElsewhere() {
    var cluster = cluster().node("n1", 2).node("n2", 2);
    var wide = cluster.submit(job(sweep(1, 9)).cores(1, 2).with(JobProperty.REQUESTED_NODES, "n2"));
    var job = cluster.submit(prepared(task()));
    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    cluster.fails(job.instance(PREP, 0));
    assertThat(job.cores()).isZero();
    assertThat(job.state()).isEqualTo(JobState.RUNNING);

    cluster.finishes(wide.instance(1, 0));

    assertThat(wide.cores()).isEqualTo(1);
    assertThat(nodesOf(job, PREP)).containsExactly("n2");
  }

  @Test
  void aNodeTaskHasAllThatItsJobHoldsOfTheNodeGpusToo() {
    var cluster = cluster().node("n1", Topology.even(4, 1, 2), 1000);

    var job = cluster.submit(prepared(sweep(1, 2)).with(JobProperty.UNIT_TYPE, "Gpu"));

    var placement = job.job().task(PREP).live().iterator().next().placements().getFirst();
    assertThat(placement.parts().gpus().size()).isEqualTo(2);
    assertThat(placement.cores().size()).isEqualTo(4);
    cluster.finishes(job.instance(PREP, 0));
    assertThat(job.counts().running()).isEqualTo(2);
  }

  @Test
  void whatIsTooMuchIsNotBlamedOnATaskForNodes() {
    var cluster = cluster().node("n1", 4);

    var refusal =
        cluster.refusal(job(task("stage").ofType("NodePrep")).task(task("solve").memory(1 << 30)));

    assertThat(refusal.message()).startsWith("solve: expected at most");
  }

  @Test
  void aJobThatRunsUntilItIsCanceledPreparesAndReleasesWhatItKeeps() {
    var cluster = cluster().node("n1", 2);
    var job =
        cluster.submit(
            job(task("stage").ofType("NodePrep"))
                .task(task("clean").ofType("NodeRelease"))
                .cores(2, 2)
                .untilCanceled());

    cluster.finishes(job.instance(1, 0));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.cancel(job).finishes(job.instance(2, 0));

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }
}
