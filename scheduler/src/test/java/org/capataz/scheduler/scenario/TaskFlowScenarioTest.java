package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.EndReason.JOB_ENDED;
import static org.capataz.model.EndReason.PARENT_FAILED;
import static org.capataz.model.TaskState.CANCELED;
import static org.capataz.model.TaskState.CANCELING;
import static org.capataz.model.TaskState.FAILED;
import static org.capataz.model.TaskState.FINISHED;
import static org.capataz.model.TaskState.QUEUED;
import static org.capataz.model.TaskState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.capataz.model.Dialect;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;

/// Tasks that wait for others, and tasks that fail.
class TaskFlowScenarioTest {

  private static final JobSketch DIAMOND =
      job()
          .task(task("top"))
          .task(task("left").after("top"))
          .task(task("right").after("top"))
          .task(task("bottom").after("left,right"));

  private final Cluster cluster = cluster().node("n1", 8);

  @Test
  void aDiamondRunsFromTopToBottom() {
    var job = cluster.submit(DIAMOND);
    assertThat(job.task("left").state()).isEqualTo(QUEUED);

    cluster.finishes(job.task("top"));
    assertThat(job.task("left").state()).isEqualTo(RUNNING);
    assertThat(job.task("right").state()).isEqualTo(RUNNING);
    cluster.finishes(job.task("left"));
    assertThat(job.task("bottom").state()).isEqualTo(QUEUED);
    cluster.finishes(job.task("right"));
    assertThat(job.task("bottom").state()).isEqualTo(RUNNING);
    cluster.finishes(job.task("bottom"));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void tasksThatShareANameAreWaitedForTogether() {
    var job = cluster.submit(job().task(task("a")).task(task("a")).task(task("b").after("a")));

    cluster.finishes(job.task(1));
    assertThat(job.task("b").state()).isEqualTo(QUEUED);
    cluster.finishes(job.task(2));

    assertThat(job.task("b").state()).isEqualTo(RUNNING);
  }

  @Test
  void allInstancesOfASweepAreWaitedFor() {
    var job = cluster.submit(job().task(task("s").over(1, 3)).task(task("c").after("s")));

    cluster.finishes(job.instance(1, 0)).finishes(job.instance(1, 2));
    assertThat(job.task("c").state()).isEqualTo(QUEUED);
    cluster.finishes(job.instance(1, 1));

    assertThat(job.task("c").state()).isEqualTo(RUNNING);
  }

  @Test
  void aTaskWaitsThoughItComesBeforeItsParent() {
    var job = cluster.submit(job().task(task("b").after("a")).task(task("a")));

    assertThat(job.task("b").state()).isEqualTo(QUEUED);
    cluster.finishes(job.task("a"));
    assertThat(job.task("b").state()).isEqualTo(RUNNING);
  }

  @Test
  void aFailedTaskFailsAllThatDependOnItAtOnceWithTheReason() {
    var job = cluster.submit(DIAMOND.task(task("aside")));

    cluster.finishes(job.task("top")).fails(job.task("left"));

    assertThat(job.task("bottom").state()).isEqualTo(FAILED);
    assertThat(job.task("bottom").endReason()).isEqualTo(PARENT_FAILED);
    assertThat(job.task("bottom").endMessage()).isEqualTo("not run because left failed");
    assertThat(job.task("right").state()).isEqualTo(RUNNING);
    cluster.finishes(job.task("right")).finishes(job.task("aside"));
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("2 of 5 failed");
  }

  @Test
  void theFirstFailedInstanceOfASweepFailsItsDependents() {
    var job =
        cluster.submit(
            job().task(task("s").over(1, 3)).task(task("c").after("s")).task(task("p").after("c")));

    cluster.fails(job.instance(1, 1));

    assertThat(job.task("c").state()).isEqualTo(FAILED);
    assertThat(job.task("p").state()).isEqualTo(FAILED);
    assertThat(job.task("p").endMessage()).isEqualTo("not run because c failed");
    assertThat(job.instance(1, 0).state()).isEqualTo(RUNNING);
  }

  @Test
  void inMicrosoftsDialectDependentsOfAFailedTaskRunAllTheSame() {
    var job = cluster.submit(DIAMOND.in(Dialect.HPC2008R2));

    cluster.fails(job.task("top"));

    assertThat(job.task("left").state()).isEqualTo(RUNNING);
    cluster.fails(job.task("left")).finishes(job.task("right")).finishes(job.task("bottom"));
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("2 of 4 failed");
  }

  @Test
  void withoutFurtherRulesAllOtherTasksRunThoughOneFails() {
    var job = cluster.submit(task().over(1, 20));

    cluster.fails(job.instance(1, 0));

    assertThat(job.counts().running()).isEqualTo(8);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void failOnTaskFailureStopsWhatRunsAndDropsWhatWaits() {
    var job = cluster.submit(job(task().over(1, 20)).failingOnTaskFailure());

    cluster.fails(job.instance(1, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(job.instance(1, 1).state()).isEqualTo(CANCELING);
    assertThat(job.instance(1, 19).state()).isEqualTo(CANCELED);
    assertThat(job.instance(1, 19).endReason()).isEqualTo(JOB_ENDED);
    for (var i = 1; i < 8; i++) {
      cluster.stops(job.instance(1, i));
    }
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("task 1 failed");
    assertThat(job.cores()).isZero();
  }

  @Test
  void aTaskThatWasAskedToStopButFinishedHasFinished() {
    var job = cluster.submit(job(task().over(1, 2)).failingOnTaskFailure());

    cluster.fails(job.instance(1, 0)).finishes(job.instance(1, 1));

    assertThat(job.instance(1, 1).state()).isEqualTo(FINISHED);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }
}
