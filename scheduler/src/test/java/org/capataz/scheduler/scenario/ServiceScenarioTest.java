package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.Event;
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

    for (var i = 0; i < 6_000; i++) {
      cluster.after(seconds(10)).finishes(last(job));
    }

    var remembered = new ArrayList<EndedLog.Entry>();
    job.tasks().getFirst().ended().snapshot().forEach(remembered::add);
    assertThat(job.counts().finished()).isEqualTo(6_000);
    assertThat(job.tasks().getFirst().ended().bytes()).isLessThan(100_000);
    assertThat(remembered).hasSizeGreaterThan(1000);
    assertThat(remembered.getLast().ordinal()).isEqualTo(5_999);
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

  // What people ask for.

  private static String refusal(Cluster cluster, Command command) {
    return Cluster.refused(cluster.ask(command)).message();
  }

  @Test
  void aServiceThatIsFinishedHasDoneItsJob() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(service().task(task("clean").ofType("NodeRelease")));

    cluster.does(new Command.FinishTask(Cluster.target(job, 1), Cluster.by("")));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    cluster.finishes(job.instance(2, 0));
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.tasks().getFirst().state()).isEqualTo(TaskState.FINISHED);
    assertThat(job.counts().finished()).isEqualTo(2);
  }

  @Test
  void aServiceThatPausesCanBeFinished() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);
    cluster.finishes(last(job));

    cluster.does(new Command.FinishTask(Cluster.target(job, 1), Cluster.by("")));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aServiceThatIsFinishedInAPauseDoesNotGoOnWhenThatIsOver() {
    var cluster = cluster().node("n1", 2);
    var first = cluster.submit(service().cores(1, 1));
    var job = cluster.submit(service().cores(1, 1));
    cluster.finishes(last(first)).after(Duration.ofMillis(500)).finishes(last(job));

    cluster.does(new Command.FinishTask(Cluster.target(job, 1), Cluster.by("")));
    var events = cluster.journal().size();
    cluster.after(seconds(3));

    assertThat(cluster.journal().subList(events, cluster.journal().size()))
        .noneMatch(event -> event instanceof Event.OfJob ofJob && ofJob.job() == job.id());
  }

  @Test
  void aServiceThatIsCanceledFailsItsJobAsAnyTask() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    cluster.does(
        new Command.CancelTask(Cluster.target(job, 1), Command.Manner.USUAL, Cluster.by("")));
    cluster.stops(last(job));

    assertThat(job.tasks().getFirst().state()).isEqualTo(TaskState.CANCELED);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("web was canceled");
  }

  @Test
  void aJobThatIsFinishedEndsItsServiceFirstAndReleasesItsNodesThen() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(service().task(task("clean").ofType("NodeRelease")));

    cluster.finish(job, Command.Manner.USUAL);
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.CANCELING);
    assertThat(job.release().made()).isZero();
    cluster.stops(job.instance(1, 0));
    assertThat(job.instance(2, 0).state()).isEqualTo(TaskState.RUNNING);
    cluster.finishes(job.instance(2, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.tasks().getFirst().state()).isEqualTo(TaskState.FINISHED);
  }

  @Test
  void aServiceGoesOnWhenOneOfItsInstancesIsFinishedOrCanceled() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    cluster.does(new Command.FinishTask(Cluster.target(job, 1, 1), Cluster.by("")));
    cluster.stops(job.instance(1, 0));
    assertThat(job.instance(1, 0).state()).isEqualTo(TaskState.FINISHED);
    cluster.does(
        new Command.CancelTask(Cluster.target(job, 1, 2), Command.Manner.USUAL, Cluster.by("")));
    cluster.stops(job.instance(1, 1));

    assertThat(last(job).state()).isEqualTo(TaskState.RUNNING);
    assertThat(job.service().made()).isEqualTo(3);
    assertThat(job.service().pace().quick()).isZero();
  }

  @Test
  void instancesThatAreNotThereYetOrForgottenAreRefused() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);
    for (var i = 0; i < 6_000; i++) {
      cluster.after(seconds(10)).finishes(last(job));
    }

    for (var instance : List.of(1L, job.service().made() + 1L)) {
      var target = Cluster.target(job, 1, instance);
      var expected = "expected an instance of task 1.1, but it has no instance " + instance;
      assertThat(
              refusal(
                  cluster, new Command.CancelTask(target, Command.Manner.USUAL, Cluster.by(""))))
          .isEqualTo(expected);
      assertThat(refusal(cluster, new Command.FinishTask(target, Cluster.by(""))))
          .isEqualTo(expected);
      assertThat(refusal(cluster, new Command.RequeueTask(target, Cluster.by(""))))
          .isEqualTo(expected);
    }
  }

  @Test
  void whatDoesNotGoWithAServiceIsRefused() {
    var cluster = cluster().node("n1", 1);
    var job = started(cluster);

    assertThat(refusal(cluster, new Command.RequeueTask(Cluster.target(job, 1), Cluster.by(""))))
        .startsWith("expected a Basic or ParametricSweep task to requeue, but task 1.1 is of type")
        .endsWith("Service, of which every instance runs once");
    assertThat(refusal(cluster, new Command.ThrottleTask(job.id(), 1, 2)))
        .isEqualTo("expected a sweep, but task 1.1 is none");
    assertThat(
            refusal(
                cluster, new Command.AddTasks(job.id(), new UUID(9, 9), List.of(task().draft()))))
        .startsWith("expected beside a Service task only NodePrep and NodeRelease");
  }

  @Test
  void aValidExitCodeIsNoFailure() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task("web").ofType("Service").validExitCodes("3")).cores(1, 1));

    cluster.ends(last(job), EndReason.EXITED, 3);

    assertThat(job.counts().finished()).isEqualTo(1);
    assertThat(job.service().pace().failures()).isZero();
    assertThat(job.service().pace().quick()).isEqualTo(1);
  }
}
