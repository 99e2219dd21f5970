package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Refusal;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a run comes to, and what its failure means for others.
class RulesScenarioTest {

  private static void exits(Cluster cluster, Instance instance, int code) {
    cluster.ends(instance, EndReason.EXITED, code);
  }

  // Exit codes.

  @ParameterizedTest
  @CsvSource({"0, FAILED", "1, FINISHED", "2, FAILED", "20, FINISHED", "137, FINISHED"})
  void aRunIsFinishedWithAValidExitCode(int code, TaskState state) {
    var cluster = cluster().node("n1", 1);
    var run = cluster.submit(job(task().validExitCodes("1,10..200"))).onlyTask();

    exits(cluster, run, code);

    assertThat(run.state()).isEqualTo(state);
  }

  @Test
  void whatDidNotEndByItselfIsNotFinishedWhateverItsExitCode() {
    var cluster = cluster().node("n1", 1);
    var run = cluster.submit(task().validExitCodes("min..max")).onlyTask();

    cluster.ends(run, EndReason.TIME_LIMIT, 0);

    assertThat(run.state()).isEqualTo(TaskState.FAILED);
  }

  // Retries.

  @Test
  void anInstanceIsRetriedAfterAnExitCodeAsOftenAsTheJobSays() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()).retries(2));

    cluster.fails(job.onlyTask()).fails(job.onlyTask());
    assertThat(job.onlyTask().attempt()).isEqualTo(3);
    cluster.fails(job.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.onlyTask().state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void aRunThatUsedMoreMemoryThanItMayFailsAndIsNotRetried() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()).retries(2));

    cluster.ends(job.onlyTask(), EndReason.OUT_OF_MEMORY, 137);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.onlyTask().endReason()).isEqualTo(EndReason.OUT_OF_MEMORY);
  }

  @Test
  void aRetryThatSucceedsFinishesTheJob() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()).retries(1).failingOnTaskFailure());

    cluster.fails(job.onlyTask()).finishes(job.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aLostRunIsNoRetryAndARetryNoLostRun() {
    var cluster = cluster().node("n1", 1);
    var run = cluster.submit(job(task()).retries(1)).onlyTask();

    cluster.fails(run);
    for (var i = 0; i < 3; i++) {
      cluster.ends(run, EndReason.NODE_LOST, 0);
    }
    assertThat(run.attempt()).isEqualTo(5);
    cluster.fails(run);

    assertThat(run.state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void onlyWhatIsRerunnableIsRetried() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task().notRerunnable()).retries(5));

    cluster.fails(job.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void onlyAnExitCodeIsRetried() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(job(task()).task(task()).retries(5));

    cluster.ends(job.task(1), EndReason.TIME_LIMIT, 143);
    cluster.ends(job.task(2), EndReason.START_FAILED, 0);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aRequeueGivesAllRetriesAnew() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()).retries(1));
    cluster.fails(job.onlyTask()).fails(job.onlyTask());

    cluster.requeue(job).fails(job.onlyTask());

    assertThat(job.onlyTask().attempt()).isEqualTo(4);
  }

  // Critical tasks.

  @Test
  void aCriticalTaskFailsItsJob() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(job(task("a").failingJobAfter(1)).task(task("b")).task(task("c")));

    cluster.fails(job.task("a"));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(job.message()).isEqualTo("a failed");
    assertThat(job.task("b").state()).isEqualTo(TaskState.CANCELING);
    assertThat(job.task("c").state()).isEqualTo(TaskState.CANCELED);
    cluster.stops(job.task("b"));
    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aTaskThatIsNotCriticalDoesNot() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(job(task("a").failingJobAfter(1)).task(task("b")));

    cluster.fails(job.task("b"));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aCriticalSweepFailsItsJobOnceEnoughInstancesHaveFailed() {
    var cluster = cluster().node("n1", 10);
    var job = cluster.submit(sweep(1, 10).failingJobAfter(3));

    cluster.fails(job.instance(1, 0)).fails(job.instance(1, 5));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.fails(job.instance(1, 7));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(job.message()).isEqualTo("task 1 failed 3 times");
  }

  @Test
  void aCriticalTaskThatFailsBecauseItsParentDidFailsItsJob() {
    var cluster = cluster().node("n1", 2);
    var job =
        cluster.submit(
            job(task("a")).task(task("b").after("a").failingJobAfter(1)).task(task("c")));

    cluster.fails(job.task("a"));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(job.message()).isEqualTo("b failed");
  }

  // Throttles.

  @Test
  void noMoreInstancesRunAtOnceThanTheThrottleAllows() {
    var cluster = cluster().node("n1", 8);
    var job = cluster.submit(sweep(1, 100).maxRunning(3));

    assertThat(job.counts().running()).isEqualTo(3);
    cluster.finishes(job);

    assertThat(job.counts().running()).isEqualTo(3);
    assertThat(job.cores()).isEqualTo(3);
  }

  @Test
  void whatAThrottledSweepCannotUseIsLeftToOthers() {
    var cluster = cluster().node("n1", 8);
    cluster.submit(sweep(1, 100).maxRunning(3));

    var other = cluster.submit(sweep(1, 100));

    assertThat(other.counts().running()).isEqualTo(5);
  }

  @Test
  void aThrottledSweepLetsTheTasksBehindItStart() {
    var cluster = cluster().node("n1", 8);
    var job = cluster.submit(job(sweep(1, 100).maxRunning(2)).task(sweep(1, 100)));

    assertThat(job.tasks().get(0).live()).hasSize(2);
    assertThat(job.tasks().get(1).live()).hasSize(6);
  }

  @Test
  void aRunOfAThrottledSweepCostsNoSchedulingPass() {
    var cluster = cluster().node("n1", 8);
    var job = cluster.submit(sweep(1, 100).maxRunning(3));
    var passes = cluster.passes();

    cluster.finishes(job.instance(1, 0));

    assertThat(job.counts().running()).isEqualTo(3);
    assertThat(cluster.passes()).isEqualTo(passes);
  }

  @Test
  void aThrottleThatIsRaisedLetsMoreStartAtOnce() {
    var cluster = cluster().node("n1", 8);
    var job = cluster.submit(sweep(1, 100).maxRunning(3));

    cluster.ask(new Command.ThrottleTask(job.id(), 1, 6));
    assertThat(job.counts().running()).isEqualTo(6);
    cluster.ask(new Command.ThrottleTask(job.id(), 0, 0));

    assertThat(job.counts().running()).isEqualTo(8);
  }

  @Test
  void aThrottleThatIsLoweredStopsNothingThatRuns() {
    var cluster = cluster().node("n1", 8);
    var job = cluster.submit(sweep(1, 100));

    cluster.ask(new Command.ThrottleTask(job.id(), 1, 2));
    assertThat(job.counts().running()).isEqualTo(8);
    for (var ordinal = 0; ordinal < 7; ordinal++) {
      cluster.finishes(job.instance(1, ordinal));
    }

    assertThat(job.counts().running()).isEqualTo(2);
  }

  @Test
  void onlySweepsOfActiveJobsAreThrottled() {
    var cluster = cluster().node("n1", 8);
    var plain = cluster.submit(task());
    var sweep = cluster.submit(sweep(1, 2));

    assertThat(refused(cluster.ask(new Command.ThrottleTask(plain.id(), 1, 6))).message())
        .isEqualTo("expected a sweep, but task 1.1 is none");
    assertThat(refused(cluster.ask(new Command.ThrottleTask(plain.id(), 0, 6))).message())
        .isEqualTo("expected a job with a sweep, but job 1 has none");
    assertThat(refused(cluster.ask(new Command.ThrottleTask(sweep.id(), 2, 6))).code())
        .isEqualTo(Refusal.Code.NOT_FOUND);
    assertThat(refused(cluster.ask(new Command.ThrottleTask(sweep.id(), 1, -6))).code())
        .isEqualTo(Refusal.Code.INVALID);
    cluster.finishes(sweep);
    assertThat(refused(cluster.ask(new Command.ThrottleTask(sweep.id(), 1, 6))).message())
        .isEqualTo("expected a Queued or Running job, but job 2 is Finished");
  }

  // The most failures.

  @Test
  void afterItsMostFailuresTheRestOfASweepIsNotRun() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(sweep(1, 100).maxFailures(2));

    cluster.fails(job.instance(1, 0)).finishes(job.instance(1, 1)).fails(job.instance(1, 2));
    assertThat(job.instance(1, 50).state()).isEqualTo(TaskState.CANCELED);
    assertThat(job.instance(1, 50).endReason()).isEqualTo(EndReason.TOO_MANY_FAILURES);
    assertThat(job.instance(1, 50).endMessage()).isEqualTo("not run because 2 others failed");
    assertThat(job.instance(1, 3).state()).isEqualTo(TaskState.RUNNING);
    cluster.finishes(job.instance(1, 3));

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("98 of 100 failed or were canceled");
  }

  @Test
  void whatIsLostAfterTheMostFailuresIsNotRunAgain() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(sweep(1, 100).maxFailures(1));
    cluster.fails(job.instance(1, 0));

    cluster.ends(job.instance(1, 1), EndReason.NODE_LOST, 0);

    assertThat(job.instance(1, 1).state()).isEqualTo(TaskState.CANCELED);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void otherTasksGoOnAfterTheMostFailuresOfOne() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(job(sweep(1, 9).maxFailures(1)).task(sweep(1, 9)));

    cluster.fails(job.instance(1, 0)).finishes(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.tasks().get(1).live()).hasSize(2);
  }

  @Test
  void aRequeueCountsFailuresAnew() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(sweep(1, 9).maxFailures(1));
    cluster.fails(job.instance(1, 0));

    cluster.requeue(job).finishes(job.instance(1, 0));

    assertThat(job.instance(1, 1).state()).isEqualTo(TaskState.RUNNING);
  }
}
