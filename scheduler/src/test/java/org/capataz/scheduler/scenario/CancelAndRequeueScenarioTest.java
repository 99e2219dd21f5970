package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.JobState.CANCELED;
import static org.capataz.model.JobState.CANCELING;
import static org.capataz.model.JobState.CONFIGURING;
import static org.capataz.model.JobState.FAILED;
import static org.capataz.model.JobState.FINISHED;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.by;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.UUID;
import org.capataz.model.EndReason;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

/// What people may ask of a job, and when.
class CancelAndRequeueScenarioTest {

  private final Cluster cluster = cluster().node("n1", 2);

  @Test
  void aCanceledQueuedJobIsCanceledAtOnceWithAllItsTasks() {
    cluster.submit(task().cores(2));
    var job = cluster.submit(sweep(1, 5));

    cluster.cancel(job);

    assertThat(job.state()).isEqualTo(CANCELED);
    assertThat(job.counts().canceled()).isEqualTo(5);
    assertThat(job.instance(1, 3).endReason()).isEqualTo(EndReason.JOB_ENDED);
  }

  @Test
  void aCanceledRunningJobIsCanceledWhenItsTasksHaveStopped() {
    var job = cluster.submit(sweep(1, 5));

    cluster.cancel(job);
    assertThat(job.state()).isEqualTo(CANCELING);
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.CANCELING);
    assertThat(job.instance(1, 4).state()).isEqualTo(TaskState.CANCELED);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(CANCELED);
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.FAILED);
    assertThat(job.instance(1, 0).endReason()).isEqualTo(EndReason.CANCELED);
    assertThat(cluster.node("n1").free().cores().size()).isEqualTo(2);
  }

  @Test
  void aTaskThatItsNodeHasNotStartedIsStoppedToo() {
    cluster.startsWait();
    var job = cluster.submit(task());
    assertThat(job.onlyTask().state()).isEqualTo(TaskState.DISPATCHING);

    cluster.cancel(job);
    assertThat(job.onlyTask().state()).isEqualTo(TaskState.CANCELING);
    cluster.ends(job.onlyTask(), EndReason.CANCELED, 0);

    assertThat(job.state()).isEqualTo(CANCELED);
  }

  @Test
  void aConfiguringJobIsCanceledAtOnceAndForGood() {
    var job = cluster.configure(job(task()));

    cluster.cancel(job);

    assertThat(job.state()).isEqualTo(CANCELED);
    assertThat(refused(cluster.ask(new Command.RequeueJob(job.id(), false))).code())
        .isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void cancelingTwiceIsCancelingOnce() {
    var job = cluster.submit(sweep(1, 2));

    cluster.cancel(job).cancel(job);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));
    cluster.cancel(job);

    assertThat(job.state()).isEqualTo(CANCELED);
  }

  @Test
  void aFinishedJobIsNeitherCanceledNorRequeued() {
    var job = cluster.submit(task());
    cluster.finishes(job);

    assertThat(
            refused(cluster.ask(new Command.CancelJob(job.id(), Command.Manner.USUAL, by(""))))
                .code())
        .isEqualTo(Refusal.Code.WRONG_STATE);
    assertThat(refused(cluster.ask(new Command.RequeueJob(job.id(), false))).code())
        .isEqualTo(Refusal.Code.WRONG_STATE);
    assertThat(refused(cluster.ask(new Command.CancelJob(99, Command.Manner.USUAL, by("")))).code())
        .isEqualTo(Refusal.Code.NOT_FOUND);
  }

  @Test
  void aRequeuedFailedJobRerunsWhatDidNotFinish() {
    var job = cluster.submit(sweep(1, 2));
    cluster.finishes(job.instance(1, 0)).fails(job.instance(1, 1));
    assertThat(job.state()).isEqualTo(FAILED);

    cluster.requeue(job);

    assertThat(job.state()).isEqualTo(RUNNING);
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.FINISHED);
    assertThat(job.instance(1, 1).attempt()).isEqualTo(2);
    cluster.finishes(job);
    assertThat(job.state()).isEqualTo(FINISHED);
    assertThat(job.counts().finished()).isEqualTo(2);
  }

  @Test
  void dependentsThatFailedWithTheirParentWaitForItAgain() {
    var job = cluster.submit(job(task("a")).task(task("b").after("a")));
    cluster.fails(job.task("a"));
    assertThat(job.state()).isEqualTo(FAILED);

    cluster.requeue(job);

    assertThat(job.task("b").state()).isEqualTo(TaskState.QUEUED);
    cluster.finishes(job.task("a")).finishes(job.task("b"));
    assertThat(job.state()).isEqualTo(FINISHED);
  }

  @Test
  void aRequeuedCanceledJobRunsWhatNeverRan() {
    var job = cluster.submit(sweep(1, 5));
    cluster.cancel(job).stops(job.instance(1, 0)).stops(job.instance(1, 1));

    cluster.requeue(job);

    assertThat(job.counts().canceled()).isZero();
    assertThat(job.counts().running()).isEqualTo(2);
    assertThat(job.instance(1, 0).attempt()).isEqualTo(2);
  }

  @Test
  void ifOnlyWhatFailedIsRequeuedWhatWasCanceledStaysSo() {
    var job = cluster.submit(sweep(1, 5));
    cluster.cancel(job).stops(job.instance(1, 0)).stops(job.instance(1, 1));

    cluster.requeueFailed(job).finishes(job);

    assertThat(job.state()).isEqualTo(FAILED);
    assertThat(job.counts().finished()).isEqualTo(2);
    assertThat(job.counts().canceled()).isEqualTo(3);
  }

  @Test
  void aRunningJobIsStoppedBeforeItGoesBackIntoTheQueue() {
    var job = cluster.submit(sweep(1, 5));

    cluster.requeue(job);
    assertThat(job.state()).isEqualTo(CANCELING);
    cluster.stops(job.instance(1, 0));
    assertThat(job.state()).isEqualTo(CANCELING);
    cluster.finishes(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(RUNNING);
    assertThat(job.instance(1, 0).attempt()).isEqualTo(2);
    assertThat(job.instance(1, 1).state()).isEqualTo(TaskState.FINISHED);
  }

  @Test
  void aJobOnItsWayBackIntoTheQueueCanBeCanceled() {
    var job = cluster.submit(sweep(1, 5));

    cluster.requeue(job).cancel(job);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(CANCELED);
  }

  @Test
  void onlyAJobThatHasEndedIsAskedToRerunWhatFailed() {
    var job = cluster.submit(sweep(1, 5));

    assertThat(refused(cluster.ask(new Command.RequeueJob(job.id(), true))).message())
        .contains("wait for it first");
  }

  @Test
  void aRequeuedJobQueuesBehindJobsOfItsPriority() {
    var job = cluster.submit(task().cores(2));
    var next = cluster.submit(task().cores(2));
    cluster.fails(job.onlyTask());

    cluster.requeue(job);

    assertThat(next.state()).isEqualTo(RUNNING);
    assertThat(job.state()).isEqualTo(QUEUED);
  }

  @Test
  void tasksAreAddedToAConfiguringJobAndRunOnceItIsSubmitted() {
    var job = cluster.configure(job(task("a")));
    assertThat(job.state()).isEqualTo(CONFIGURING);
    var more = List.of(task("b").after("a").draft(), task("c").draft());

    var added = cluster.ask(new Command.AddTasks(job.id(), new UUID(3, 1), more));
    assertThat(added).isEqualTo(Result.ok(2));
    cluster.ask(new Command.SubmitJob(job.id()));

    assertThat(job.state()).isEqualTo(RUNNING);
    assertThat(job.task("b").state()).isEqualTo(TaskState.QUEUED);
    assertThat(job.task("c").state()).isEqualTo(TaskState.RUNNING);
    cluster.cancel(job);
    assertThat(refused(cluster.ask(new Command.AddTasks(job.id(), new UUID(3, 2), more))).code())
        .isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void aRepeatedRequestIsAnsweredAsTheFirstTimeAndDoesNothing() {
    var create = new Command.CreateJob(new UUID(3, 1), "ada", job(task()).draft(), false);
    var add = new Command.AddTasks(1, new UUID(3, 2), List.of(task().draft()));

    assertThat(cluster.ask(create)).isEqualTo(cluster.ask(create));
    assertThat(cluster.ask(add)).isEqualTo(cluster.ask(add));
    cluster.ask(new Command.SubmitJob(1));
    assertThat(cluster.ask(add)).isEqualTo(Result.ok(2));

    assertThat(cluster.state().jobs()).hasSize(1);
    assertThat(cluster.state().jobs().iterator().next().tasks()).hasSize(2);
  }

  @Test
  void aConfiguringJobIsRefusedWhenItIsSubmittedAndStaysAsItWas() {
    var job = cluster.configure(job(task("a").after("b")));

    assertThat(refused(cluster.ask(new Command.SubmitJob(job.id()))).message())
        .contains("there is no task 'b'");
    assertThat(job.state()).isEqualTo(CONFIGURING);
  }
}
