package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.by;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.capataz.model.JobState;
import org.capataz.model.Refusal;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Command.Manner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Jobs that wait for other jobs or for a time, and jobs that go on when their tasks are done.
class WaitingScenarioTest {

  private final Cluster cluster = cluster().node("n1", 4);

  // Parents.

  @Test
  void aJobWaitsUntilAllItsParentsHaveFinished() {
    var first = cluster.submit(task());
    var second = cluster.submit(task());
    var child = cluster.submit(job(task()).parents("1, 2"));

    cluster.finishes(first.onlyTask());
    assertThat(child.state()).isEqualTo(JobState.QUEUED);
    cluster.finishes(second.onlyTask());

    assertThat(child.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobWhoseParentsHaveFinishedAlreadyDoesNotWait() {
    var parent = cluster.submit(task());
    cluster.finishes(parent.onlyTask());

    assertThat(cluster.submit(job(task()).parents("1")).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void whatWaitsForAParentHoldsUpNobody() {
    cluster.submit(task());
    cluster.submit(job(task()).parents("1").priority("Highest"));

    assertThat(cluster.submit(task()).state()).isEqualTo(JobState.RUNNING);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailedParentEndsItsChildrenAtOnceBeItBeforeOrAfterTheSubmit(boolean before) {
    var parent = cluster.submit(task());
    if (before) {
      cluster.fails(parent.onlyTask());
    }
    var child = cluster.submit(job(task()).parents("1"));
    if (!before) {
      cluster.fails(parent.onlyTask());
    }

    assertThat(child.state()).isEqualTo(JobState.FAILED);
    assertThat(child.message()).isEqualTo("not run because its parent job 1 failed");
    assertThat(child.onlyTask().state()).isEqualTo(TaskState.CANCELED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCanceledParentEndsItsChildrenAtOnceBeItBeforeOrAfterTheSubmit(boolean before) {
    var parent = cluster.submit(task());
    cluster.cancel(parent);
    if (before) {
      cluster.stops(parent.onlyTask());
    }
    var child = cluster.submit(job(task()).parents("1"));
    if (!before) {
      cluster.stops(parent.onlyTask());
    }

    assertThat(child.state()).isEqualTo(JobState.FAILED);
    assertThat(child.message()).isEqualTo("not run because its parent job 1 was canceled");
  }

  @Test
  void theChildrenOfAFailedChildFailToo() {
    var parent = cluster.submit(task());
    cluster.submit(job(task()).parents("1"));
    var last = cluster.submit(job(task()).parents("2"));

    cluster.fails(parent.onlyTask());

    assertThat(last.message()).isEqualTo("not run because its parent job 2 failed");
  }

  @Test
  void aJobThatHoldsStaysQueuedUntilItsParentHasFinishedAfterAll() {
    var parent = cluster.submit(task());
    var child = cluster.submit(job(task()).parents("1").holdingOnParentFailure());

    cluster.fails(parent.onlyTask());
    assertThat(child.state()).isEqualTo(JobState.QUEUED);
    cluster.requeue(parent).finishes(parent.onlyTask());

    assertThat(child.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aChildIsCanceledWhileItWaits() {
    cluster.submit(task());
    var child = cluster.submit(job(task()).parents("1"));

    cluster.cancel(child);

    assertThat(child.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void parentsMustExistAndHaveBeenSubmitted() {
    cluster.configure(job(task()));

    assertThat(cluster.refusal(job(task()).parents("9")).message())
        .isEqualTo("expected ParentJobIds of jobs, but there is no job 9");
    assertThat(cluster.refusal(job(task()).parents("1")).message())
        .isEqualTo("expected parent jobs that have been submitted, but job 1 is Configuring");
  }

  @Test
  void aJobThatIsSubmittedLaterIsNotItsOwnParent() {
    var job = cluster.configure(job(task()).parents("1"));

    assertThat(refused(cluster.ask(new Command.SubmitJob(job.id()))).code())
        .isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void noTwoJobsWaitForEachOther() {
    // The first names the second, which is submitted before it; then the second names the first.
    var first = cluster.configure(job(task()).parents("2"));
    var second = cluster.submit(job(task().cores(4)));
    cluster.does(new Command.SubmitJob(first.id()));
    cluster.does(new Command.CancelJob(second.id(), Manner.USUAL, by(""))).stops(second.onlyTask());
    cluster.does(new Command.ConfigureJob(second.id()));

    assertThat(second.state()).isEqualTo(JobState.CONFIGURING);
    assertThat(first.state()).isEqualTo(JobState.FAILED);
    cluster.does(new Command.SubmitJob(second.id()));
    cluster.does(new Command.RequeueJob(first.id(), false));
    assertThat(first.state()).isEqualTo(JobState.QUEUED);
  }

  // Holds.

  @Test
  void aHeldJobStartsWhenItsTimeComesAndTheEngineAsksToBeWokenThen() {
    var until = cluster.in(seconds(60));
    var job = cluster.submit(job(task()).heldUntil(until));
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(cluster.engine().nextWakeup()).isLessThanOrEqualTo(until);

    cluster.after(seconds(58));
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    cluster.after(seconds(2));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aHeldJobHoldsUpNobody() {
    cluster.submit(job(task()).heldUntil(cluster.in(seconds(60))).priority("Highest"));

    assertThat(cluster.submit(task()).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aHoldIsChangedAndCleared() {
    var job = cluster.submit(job(task()).heldUntil(cluster.in(seconds(60))));

    cluster.does(new Command.HoldJob(job.id(), cluster.in(seconds(600)))).after(seconds(100));
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    cluster.does(new Command.HoldJob(job.id(), 0));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aQueuedJobIsHeldAfterwards() {
    var first = cluster.submit(task().cores(4));
    var job = cluster.submit(task());

    cluster.does(new Command.HoldJob(job.id(), cluster.in(seconds(60)))).finishes(first.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aHoldIsNeitherPastNorMoreThanAYearAhead() {
    cluster.submit(task().cores(4));
    var job = cluster.submit(task());
    var past = cluster.in(seconds(-5));
    var far = cluster.in(Duration.ofDays(400));

    assertThat(cluster.refusal(job(task()).heldUntil(past)).message())
        .startsWith("expected HoldUntil in the future, but ");
    assertThat(cluster.refusal(job(task()).heldUntil(far)).message())
        .startsWith("expected HoldUntil at most a year ahead, but got ");
    assertThat(refused(cluster.ask(new Command.HoldJob(job.id(), past))).code())
        .isEqualTo(Refusal.Code.INVALID);
    assertThat(refused(cluster.ask(new Command.HoldJob(1, 0))).message())
        .isEqualTo("expected a Queued job to hold, but job 1 is Running");
  }

  @Test
  void aJobThatIsSubmittedAfterItsHoldStartsAtOnce() {
    var job = cluster.configure(job(task()).heldUntil(cluster.in(seconds(60))));

    cluster.after(seconds(100)).does(new Command.SubmitJob(job.id()));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobWaitsForItsParentsAndForItsTime() {
    var parent = cluster.submit(task());
    var child = cluster.submit(job(task()).parents("1").heldUntil(cluster.in(seconds(60))));

    cluster.finishes(parent.onlyTask());
    assertThat(child.state()).isEqualTo(JobState.QUEUED);
    cluster.after(seconds(60));

    assertThat(child.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void whatIsHeldIsNotLookedAt() {
    for (var i = 0; i < 1000; i++) {
      cluster.submit(job(task()).heldUntil(cluster.in(Duration.ofDays(1))));
    }

    assertThat(cluster.state().queued()).isEmpty();
    assertThat(cluster.state().held()).hasSize(1000);
  }

  // Until canceled.

  @Test
  void aJobThatRunsUntilItIsCanceledKeepsItsMinimumAndTakesTasks() {
    var job = cluster.submit(job().cores(2, 4).untilCanceled());
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.cores()).isEqualTo(2);

    add(job, sweep(1, 8));
    assertThat(job.counts().running()).isEqualTo(4);
    cluster.finishes(job).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.cores()).isEqualTo(2);
    add(job, task());

    assertThat(job.task(2).state()).isEqualTo(TaskState.RUNNING);
  }

  private void add(SubmittedJob job, TaskSketch task) {
    cluster.does(
        new Command.AddTasks(
            job.id(), new UUID(9, cluster.journal().size()), List.of(task.draft())));
  }

  @Test
  void aJobThatRunsUntilItIsCanceledEndsByCancelByFinishAndByItsRunTime() {
    var canceled = cluster.submit(job().cores(1, 1).untilCanceled());
    var finished = cluster.submit(job().cores(1, 1).untilCanceled());
    var limited = cluster.submit(job().cores(1, 1).untilCanceled().limit(60));

    cluster.cancel(canceled).finish(finished, Manner.USUAL).after(seconds(60));

    assertThat(canceled.state()).isEqualTo(JobState.CANCELED);
    assertThat(finished.state()).isEqualTo(JobState.FINISHED);
    assertThat(limited.state()).isEqualTo(JobState.CANCELED);
    assertThat(limited.message()).isEqualTo("run time of 60 s expired");
  }

  @Test
  void aJobThatRunsUntilItIsCanceledSurvivesTheFailureOfItsTasks() {
    var job = cluster.submit(job(task()).cores(1, 2).untilCanceled());

    cluster.fails(job.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aRunningJobTakesTasksThatDependOnItsOthers() {
    var job = cluster.submit(job(task("a")).task(task("b")));
    add(job, task("c").after("a"));
    add(job, task("d").after("b,c"));
    cluster.finishes(job.task("b"));
    assertThat(job.task("c").state()).isEqualTo(TaskState.QUEUED);

    cluster.finishes(job.task("a"));
    assertThat(job.task("c").state()).isEqualTo(TaskState.RUNNING);
    cluster.finishes(job.task("c")).finishes(job.task("d"));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aTaskThatMakesNoSenseIsNotAddedToARunningJob() {
    var job = cluster.submit(job(task("a")).cores(1, 2).untilCanceled());

    var answer =
        cluster.ask(
            new Command.AddTasks(
                job.id(), new UUID(9, 9), List.of(task("b").after("nobody").draft())));

    assertThat(refused(answer).message()).contains("there is no task 'nobody'");
    assertThat(job.tasks()).hasSize(1);
  }
}
