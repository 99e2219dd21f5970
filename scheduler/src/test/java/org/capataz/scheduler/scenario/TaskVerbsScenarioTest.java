package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.by;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.Cluster.target;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.capataz.model.Dialect;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Refusal;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Command.Manner;
import org.junit.jupiter.api.Test;

/// What becomes of tasks, instances and jobs that somebody ends, or wants to run again.
class TaskVerbsScenarioTest {

  private final Cluster cluster = cluster().node("n1", 2);

  private void cancel(Command.Target target, String message) {
    cluster.does(new Command.CancelTask(target, Manner.USUAL, by(message)));
  }

  // Cancel.

  @Test
  void aCanceledRunningTaskFailsWithTheCallersMessageAndSoDoesItsJob() {
    var job = cluster.submit(task());

    cancel(target(job, 1), "wrong input");
    cluster.stops(job.onlyTask());

    assertThat(job.onlyTask().state()).isEqualTo(TaskState.FAILED);
    assertThat(job.onlyTask().endReason()).isEqualTo(EndReason.CANCELED);
    assertThat(job.onlyTask().endMessage()).isEqualTo("canceled by ada: wrong input");
    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aCanceledInstanceThatWaitsIsCanceledAndTheOthersRun() {
    var job = cluster.submit(sweep(1, 5));

    cancel(target(job, 1, 3), "");
    cancel(target(job, 1, 4), "");

    assertThat(job.instance(1, 2).state()).isEqualTo(TaskState.CANCELED);
    assertThat(job.instance(1, 3).endMessage()).isEqualTo("canceled by ada");
    assertThat(job.tasks().getFirst().skipped()).hasSize(1);
    cluster.finishes(job);
    assertThat(job.instance(1, 4).state()).isEqualTo(TaskState.RUNNING);
    cluster.finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("2 of 5 failed or were canceled");
  }

  @Test
  void aCanceledSweepEndsWhatRunsAndDropsTheRest() {
    var job = cluster.submit(job(sweep(1, 5)).task(task("other")));

    cancel(target(job, 1), "");
    assertThat(job.instance(1, 1).state()).isEqualTo(TaskState.CANCELING);
    assertThat(job.instance(1, 2).state()).isEqualTo(TaskState.CANCELED);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));

    assertThat(job.task("other").state()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void whatDependsOnACanceledTaskFails() {
    var job = cluster.submit(job(task("a")).task(task("b").after("a")).task(task("c").after("b")));

    cancel(target(job, 1), "");
    cluster.stops(job.task("a"));

    assertThat(job.task("b").endMessage()).isEqualTo("not run because a was canceled");
    assertThat(job.task("c").endMessage()).isEqualTo("not run because b failed");
  }

  @Test
  void whatDependsOnACanceledTaskRunsWhereTheJobSaysSo() {
    var job = cluster.submit(job(task("a")).task(task("b").after("a")).in(Dialect.HPC2008R2));

    cancel(target(job, 1), "");
    cluster.stops(job.task("a"));

    assertThat(job.task("b").state()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aQueuedJobOfWhichEveryTaskIsCanceledFails() {
    cluster.submit(task().cores(2));
    var job = cluster.submit(task());

    cancel(target(job, 1), "");

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("1 of 1 failed or were canceled");
  }

  @Test
  void aForcedCancelHurriesWhatIsStoppingAlready() {
    var job = cluster.submit(task());
    cluster.cancel(job);
    assertThat(force(job)).isFalse();

    cluster.cancel(job, Manner.FORCED);

    assertThat(force(job)).isTrue();
  }

  private static boolean force(SubmittedJob job) {
    return job.onlyTask().live().life().told().orElseThrow().force();
  }

  @Test
  void aGracefulCancelLetsWhatRunsRunOnAndDropsTheRest() {
    var job = cluster.submit(sweep(1, 5));

    cluster.cancel(job, Manner.GRACEFUL);
    assertThat(job.state()).isEqualTo(JobState.CANCELING);
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.RUNNING);
    assertThat(job.instance(1, 4).state()).isEqualTo(TaskState.CANCELED);
    cluster.finishes(job.instance(1, 0));
    assertThat(job.cores()).isEqualTo(1);
    cluster.finishes(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.counts().finished()).isEqualTo(2);
  }

  @Test
  void aCancelAfterAGracefulOneEndsWhatStillRuns() {
    var job = cluster.submit(task());
    cluster.cancel(job, Manner.GRACEFUL);

    cluster.cancel(job);

    assertThat(job.onlyTask().state()).isEqualTo(TaskState.CANCELING);
  }

  @Test
  void whoCanceledAJobIsRecorded() {
    var job = cluster.submit(task());

    cluster.does(new Command.CancelJob(job.id(), Manner.USUAL, by("no money")));

    assertThat(job.message()).isEqualTo("canceled by ada: no money");
  }

  // Finish.

  @Test
  void aFinishedTaskCountsAsFinishedWithTheCallersMessage() {
    var job = cluster.submit(job(task("a")).task(task("b").after("a")));

    cluster.does(new Command.FinishTask(target(job, 1), by("converged")));
    cluster.stops(job.task("a"));

    assertThat(job.task("a").state()).isEqualTo(TaskState.FINISHED);
    assertThat(job.task("a").endReason()).isEqualTo(EndReason.TASK_FINISHED);
    assertThat(job.task("a").endMessage()).isEqualTo("finished by ada: converged");
    assertThat(job.task("b").state()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aFinishedJobDropsWhatHasNotRunAndEndsAsFinished() {
    var job = cluster.submit(sweep(1, 5));

    cluster.finish(job, Manner.USUAL);
    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.FINISHED);
    assertThat(job.instance(1, 4).state()).isEqualTo(TaskState.CANCELED);
    assertThat(job.message()).isEqualTo("finished by ada");
  }

  @Test
  void aJobThatFinishesGracefullyWaitsForWhatRuns() {
    var job = cluster.submit(sweep(1, 5));

    cluster.finish(job, Manner.GRACEFUL).finishes(job.instance(1, 0)).fails(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.instance(1, 1).state()).isEqualTo(TaskState.FAILED);
  }

  // Requeue.

  @Test
  void aRequeuedRunningTaskIsStoppedAndRunsAgain() {
    var job = cluster.submit(task());

    cluster.does(new Command.RequeueTask(target(job, 1), by("")));
    assertThat(job.onlyTask().state()).isEqualTo(TaskState.CANCELING);
    cluster.stops(job.onlyTask());

    assertThat(job.onlyTask().attempt()).isEqualTo(2);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void whatIsRequeuedAndThenCanceledDoesNotRunAgain() {
    var job = cluster.submit(task());

    cluster.does(new Command.RequeueTask(target(job, 1), by(""))).cancel(job);
    cluster.stops(job.onlyTask());

    assertThat(job.onlyTask().state()).isEqualTo(TaskState.FAILED);
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void whatFinishesBeforeItIsStoppedIsNotRunAgain() {
    var job = cluster.submit(task());

    cluster.does(new Command.RequeueTask(target(job, 1), by(""))).finishes(job.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aRequeuedSweepRunsWhatFailedAndWhatWasCanceledAgain() {
    var job = cluster.submit(job(sweep(1, 4)).task(task("last")));
    cancel(target(job, 1, 4), "");
    cluster.fails(job.instance(1, 0)).finishes(job.instance(1, 1)).finishes(job.instance(1, 2));
    assertThat(job.task("last").state()).isEqualTo(TaskState.RUNNING);

    cluster.does(new Command.RequeueTask(target(job, 1), by("")));

    assertThat(job.instance(1, 0).attempt()).isEqualTo(2);
    assertThat(job.instance(1, 1).state()).isEqualTo(TaskState.FINISHED);
    assertThat(job.instance(1, 3).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aRequeuedTaskMakesItsDependentsWaitAgain() {
    var job = cluster.submit(job(task("a")).task(sweep(1, 4).after("a")).in(Dialect.HPC2008R2));
    cluster.fails(job.task("a"));
    assertThat(job.instance(2, 1).state()).isEqualTo(TaskState.RUNNING);

    cluster.does(new Command.RequeueTask(target(job, 1), by("")));
    cluster.finishes(job.instance(2, 0));

    assertThat(job.task("a").state()).isEqualTo(TaskState.RUNNING);
    assertThat(job.instance(2, 2).state()).isEqualTo(TaskState.QUEUED);
  }

  @Test
  void aTaskIsRequeuedOnlyInARunningJobAndIfItMayRunAgain() {
    var job = cluster.submit(job(task().notRerunnable()).task(task()));
    var over = cluster.submit(task().cores(2));

    assertThat(refused(cluster.ask(new Command.RequeueTask(target(job, 1), by("")))).message())
        .isEqualTo("expected a task that may run again, but task 1.1 is not rerunnable");
    assertThat(refused(cluster.ask(new Command.RequeueTask(target(over, 1), by("")))).message())
        .isEqualTo("expected a Running job to requeue a task of, but job 2 is Queued");
    assertThat(refused(cluster.ask(new Command.RequeueTask(target(job, 1, 7), by("")))).code())
        .isEqualTo(Refusal.Code.NOT_FOUND);
    assertThat(refused(cluster.ask(new Command.RequeueTask(target(job, 3), by("")))).code())
        .isEqualTo(Refusal.Code.NOT_FOUND);
  }

  @Test
  void aJobIsNotRequeuedIfWhatWouldRunAgainMayNot() {
    var job = cluster.submit(job(task("a").notRerunnable()).task(task("b")));
    cluster.fails(job.task("a")).finishes(job.task("b"));

    assertThat(refused(cluster.ask(new Command.RequeueJob(job.id(), false))).message())
        .isEqualTo(
            "expected tasks that may run again, but a of job 1 is not rerunnable; capataz job"
                + " configure 1 and a new submit run all of it again");
  }

  @Test
  void aJobWithATaskThatMayNotRunAgainIsRequeuedIfThatFinished() {
    var job = cluster.submit(job(task("a").notRerunnable()).task(task("b")));
    cluster.finishes(job.task("a")).fails(job.task("b"));

    cluster.requeue(job);

    assertThat(job.task("b").attempt()).isEqualTo(2);
  }

  // Configure.

  @Test
  void aJobThatIsConfiguredAndSubmittedRunsAllOfItAgainUnderNewAttempts() {
    var job = cluster.submit(job(task("a")).task(task("b")));
    cluster.finishes(job.task("a")).fails(job.task("b"));

    cluster.does(new Command.ConfigureJob(job.id()));
    assertThat(job.state()).isEqualTo(JobState.CONFIGURING);
    assertThat(job.tasks()).isEmpty();
    cluster.does(new Command.SubmitJob(job.id()));

    assertThat(job.task("a").state()).isEqualTo(TaskState.RUNNING);
    assertThat(job.task("a").attempt()).isEqualTo(2);
    assertThat(job.task("b").attempt()).isEqualTo(2);
    cluster.finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aConfiguredJobTakesMoreTasks() {
    cluster.submit(task().cores(2));
    var job = cluster.submit(task("a"));

    cluster.does(new Command.ConfigureJob(job.id()));
    cluster.does(
        new Command.AddTasks(
            job.id(), new java.util.UUID(8, 1), java.util.List.of(task("b").after("a").draft())));
    cluster.does(new Command.SubmitJob(job.id()));

    assertThat(job.tasks()).hasSize(2);
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void anAttemptOfBeforeTheConfigurationIsOver() {
    var job = cluster.submit(task());
    var before = job.onlyTask().live();
    var report = cluster.ended(before, EndReason.EXITED, 1);
    cluster.fails(job.onlyTask()).does(new Command.ConfigureJob(job.id()));

    cluster.hears("n1", report);

    assertThat(cluster.engine().isOver(before.id(), before.leadNode())).isTrue();
    assertThat(job.state()).isEqualTo(JobState.CONFIGURING);
  }
}
