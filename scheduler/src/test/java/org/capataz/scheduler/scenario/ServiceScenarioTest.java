package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.ArrayList;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.scheduler.state.EndedLog;
import org.junit.jupiter.api.Test;

/// A service runs on all that its job has, and again when it ends.
class ServiceScenarioTest {

  private static JobSketch service() {
    return job(task("web").ofType("Service"));
  }

  private static SubmittedJob started(Cluster cluster) {
    return cluster.submit(service().cores(1, 1));
  }

  private static Instance last(SubmittedJob job) {
    return job.instance(1, job.service().made() - 1);
  }

  @Test
  void aServiceRunsOnceOnEachCoreOfItsJob() {
    var cluster = cluster().node("n1", 2).node("n2", 1);

    var job = cluster.submit(service());

    assertThat(job.counts().running()).isEqualTo(3);
    assertThat(job.tasks().getFirst().live())
        .extracting(attempt -> attempt.id().instance().instance())
        .containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void aServiceGrowsToTheMaximumAsOtherJobsAllow() {
    var cluster = cluster().node("n1", 4);
    var other = cluster.submit(task().cores(3));

    var job = cluster.submit(service().cores(1, 3));
    assertThat(job.counts().running()).isEqualTo(1);
    cluster.finishes(other);

    assertThat(job.counts().running()).isEqualTo(3);
  }

  @Test
  void anInstanceThatRanForAWhileIsFollowedAtOnce() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    cluster.after(seconds(5)).finishes(last(job));

    assertThat(job.service().made()).isEqualTo(2);
    assertThat(last(job).state()).isEqualTo(TaskState.RUNNING);
    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anInstanceThatEndsAtOnceIsFollowedAfterAGrowingPause() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);
    var pauses = new ArrayList<Integer>();

    for (var i = 0; i < 8; i++) {
      var made = job.service().made();
      cluster.finishes(last(job));
      var pause = 0;
      while (job.service().made() == made && pause < 100) {
        cluster.after(seconds(1));
        pause++;
      }
      pauses.add(pause);
    }

    assertThat(pauses).containsExactly(1, 2, 4, 8, 16, 32, 60, 60);
    assertThat(job.cores()).isEqualTo(1);
  }

  @Test
  void theEngineWakesUpWhenThePauseIsOver() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);
    cluster.finishes(last(job));

    assertThat(cluster.engine().nextWakeup()).isEqualTo(job.service().pace().until());

    cluster.after(seconds(1));

    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aServiceThatFailsTenTimesInARowAtOnceHasFailed() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    for (var i = 0; i < 9; i++) {
      cluster.fails(last(job)).after(seconds(60));
    }
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.fails(last(job));

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message())
        .isEqualTo(
            "web failed: 10 times in a row it ended within 5 s of its start, the last time with"
                + " exit code 1");
    assertThat(job.tasks().getFirst().state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void instancesThatFailTogetherCountOnce() {
    var cluster = cluster().node("n1", 16);
    var job = cluster.submit(service());

    for (var i = 0; i < 16; i++) {
      cluster.fails(job.instance(1, i));
    }

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.service().pace().failures()).isEqualTo(1);
    cluster.after(seconds(1));
    assertThat(job.counts().running()).isEqualTo(16);
  }

  @Test
  void aRunThatLastsMakesUpForFailures() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);
    cluster.fails(last(job)).after(seconds(1));

    cluster.after(seconds(5)).fails(last(job));

    assertThat(job.service().pace().quick()).isZero();
    assertThat(last(job).state()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void anInstanceThatWasLostIsNotHeldAgainstTheService() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    cluster.ends(last(job), EndReason.EXIT_STATUS_LOST, 0);

    assertThat(last(job).state()).isEqualTo(TaskState.RUNNING);
    assertThat(job.service().made()).isEqualTo(2);
  }

  @Test
  void aServiceEndsWhenItsJobIsCanceled() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    cluster.cancel(job).stops(last(job));

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.tasks().getFirst().state()).isEqualTo(TaskState.CANCELED);
    assertThat(job.counts().running()).isZero();
  }

  @Test
  void aRequeuedServiceGoesOnNumbering() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    cluster.cancel(job).stops(last(job)).requeue(job);

    assertThat(job.service().made()).isEqualTo(2);
    assertThat(last(job).state()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void aServiceOfYearsIsCountedButNotRemembered() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    for (var i = 0; i < 20_000; i++) {
      cluster.after(seconds(10)).finishes(last(job));
    }

    var remembered = new ArrayList<EndedLog.Entry>();
    job.tasks().getFirst().ended().snapshot().forEach(remembered::add);
    assertThat(job.counts().finished()).isEqualTo(20_000);
    assertThat(job.tasks().getFirst().ended().bytes()).isLessThan(100_000);
    assertThat(remembered).hasSizeGreaterThan(1000);
    assertThat(remembered.getLast().ordinal()).isEqualTo(19_999);
  }

  @Test
  void aServiceThatPausesKeepsItsCoresUnlessOthersWait() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(service().cores(1, 4));
    for (var i = 0; i < 4; i++) {
      cluster.finishes(job.instance(1, i));
    }
    assertThat(job.cores()).isEqualTo(4);

    var other = cluster.submit(task().cores(3));

    assertThat(job.cores()).isEqualTo(1);
    assertThat(other.state()).isEqualTo(JobState.RUNNING);
  }
}
