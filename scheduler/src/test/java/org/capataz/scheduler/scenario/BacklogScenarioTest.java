package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.by;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.target;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.state.Attempt;
import org.junit.jupiter.api.Test;

/// Short runs of a sweep are sent to a node before their cores are free.
class BacklogScenarioTest {

  private static final Duration SHORT = Duration.ofMillis(10);
  private static final Duration LONG = Duration.ofMillis(200);

  /// A sweep on two cores of which the first six runs have taken that long.
  private static SubmittedJob sweepOn(Cluster cluster, JobSketch job, Duration each) {
    var sweep = cluster.submit(job);
    for (var i = 0; i < 6; i += 2) {
      cluster.after(each);
      cluster.finishes(sweep.instance(1, i)).finishes(sweep.instance(1, i + 1));
    }
    return sweep;
  }

  private static List<Attempt> behind(SubmittedJob sweep) {
    return sweep.tasks().getFirst().live().stream().filter(Attempt::isBehind).toList();
  }

  private static List<Attempt> running(SubmittedJob sweep) {
    return sweep.tasks().getFirst().live().stream().filter(run -> !run.isBehind()).toList();
  }

  /// Who has the cores of a run next.
  private static Attempt behind(SubmittedJob sweep, Attempt run) {
    var grant = Objects.requireNonNull(sweep.job().grantOn(run.leadNode()));
    return Objects.requireNonNull(grant.behind(run));
  }

  private static Instance instance(SubmittedJob sweep, Attempt attempt) {
    return sweep.instance(1, attempt.ordinal());
  }

  @Test
  void asManyAreSentAheadAsEndInATenthOfASecond() {
    var cluster = cluster().node("n1", 2);

    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);

    assertThat(behind(sweep)).hasSize(20);
    assertThat(running(sweep)).hasSize(2);
    assertThat(sweep.counts().running()).isEqualTo(2);
    assertThat(sweep.counts().queued()).isEqualTo(1000 - 6 - 2);
  }

  @Test
  void noneIsSentAheadOfLongRunsNorOfUnknownOnesNorWhereTheClusterWantsNone() {
    assertThat(behind(sweepOn(cluster().node("n1", 2), job(sweep(1, 1000)), LONG))).isEmpty();
    assertThat(behind(cluster().node("n1", 2).submit(sweep(1, 1000)))).isEmpty();
    var without = cluster().node("n1", 2).set(ClusterParameter.NODE_BACKLOG, "0");
    assertThat(behind(sweepOn(without, job(sweep(1, 1000)), SHORT))).isEmpty();
    var exact = job(sweep(1, 1000).maxFailures(3));
    assertThat(behind(sweepOn(cluster().node("n1", 2), exact, SHORT))).isEmpty();
  }

  @Test
  void theEndOfASweepIsSharedByAllCores() {
    var sweep = sweepOn(cluster().node("n1", 2), job(sweep(1, 16)), SHORT);

    assertThat(behind(sweep)).hasSize(4);
    assertThat(sweep.tasks().getFirst().pending().size()).isEqualTo(16 - 6 - 2 - 4);
  }

  @Test
  void aRunTakesOverTheCoresOfTheOneBeforeItWithItsEnd() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var first = running(sweep).getFirst();
    var next = behind(sweep, first);
    cluster.startsWait();

    cluster.finishes(instance(sweep, first));

    assertThat(next.life()).isEqualTo(new AttemptLife.Dispatching());
    assertThat(next.placements()).isEqualTo(first.placements());
    assertThat(sweep.job().idleGrants()).isEmpty();
    assertThat(running(sweep)).contains(next).hasSize(2);
  }

  @Test
  void whatIsHeardOfARunBeforeTheEndOfTheOneBeforeItWaitsForThat() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var first = running(sweep).getFirst();
    var next = behind(sweep, first);

    var end =
        new AttemptEnd(EndReason.EXITED, 0, 5, cluster.in(SHORT), AttemptEnd.Usage.NONE, "", "");
    cluster.hears("n1", new AttemptReport.Ended(next.id(), end));
    assertThat(next.isBehind()).isTrue();

    cluster.finishes(instance(sweep, first));
    assertThat(instance(sweep, next).state()).isEqualTo(TaskState.FINISHED);
  }

  @Test
  void whatWasSentAheadIsTakenBackForAJobThatWaits() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)).cores(1, 2), SHORT);

    var other = cluster.submit(task());

    assertThat(behind(sweep)).isEmpty();
    cluster.finishes(instance(sweep, running(sweep).getFirst()));
    assertThat(other.state()).isEqualTo(JobState.RUNNING);
    assertThat(sweep.cores()).isEqualTo(1);
  }

  @Test
  void aRunThatIsTakenBackCountsAsNone() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000).notRerunnable()), SHORT);
    var taken = behind(sweep).getFirst();

    cluster.offline("n1");

    assertThat(behind(sweep)).isEmpty();
    assertThat(instance(sweep, taken).state()).isEqualTo(TaskState.QUEUED);
    var former = sweep.tasks().getFirst().former(taken.ordinal());
    assertThat(former.number()).isEqualTo(1);
    assertThat(former.recalls()).isEqualTo(1);
    assertThat(former.losses() + former.failures()).isZero();
  }

  @Test
  void whatTheNodeCannotGiveBackGoesOn() {
    var cluster = cluster().node("n1", 2).recallsWait();
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var first = running(sweep).getFirst();
    var next = behind(sweep, first);

    cluster.offline("n1").finishes(instance(sweep, first));
    assertThat(next.life().state()).isEqualTo(TaskState.RUNNING);

    cluster.finishes(instance(sweep, next));
    assertThat(instance(sweep, next).state()).isEqualTo(TaskState.FINISHED);
  }

  @Test
  void whatHadNotBegunOfACanceledJobIsCanceledAndHasNotFailed() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var running = running(sweep);

    cluster.cancel(sweep);
    running.forEach(run -> cluster.stops(instance(sweep, run)));

    assertThat(sweep.state()).isEqualTo(JobState.CANCELED);
    assertThat(sweep.counts().failed()).isEqualTo(2);
    assertThat(sweep.counts().canceled()).isEqualTo(1000 - 6 - 2);
  }

  @Test
  void whatHasBegunOfACanceledJobAfterAllIsStopped() {
    var cluster = cluster().node("n1", 2).recallsWait();
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var first = running(sweep).getFirst();
    var next = behind(sweep, first);

    cluster.cancel(sweep).finishes(instance(sweep, first));

    assertThat(next.life().state()).isEqualTo(TaskState.CANCELING);
  }

  @Test
  void aGracefulEndLetsNothingBeginThatHasNot() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var running = running(sweep);

    cluster.cancel(sweep, Command.Manner.GRACEFUL);
    assertThat(sweep.tasks().getFirst().live()).containsExactlyInAnyOrderElementsOf(running);
    running.forEach(run -> cluster.finishes(instance(sweep, run)));

    assertThat(sweep.state()).isEqualTo(JobState.CANCELED);
    assertThat(sweep.counts().finished()).isEqualTo(8);
    assertThat(sweep.counts().failed()).isZero();
  }

  @Test
  void oneOfThemThatIsCanceledNeverBegins() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var one = behind(sweep).getFirst();
    var index = one.id().instance().instance();

    cluster.does(
        new Command.CancelTask(target(sweep, 1, index), Command.Manner.GRACEFUL, by("enough")));

    assertThat(instance(sweep, one).state()).isEqualTo(TaskState.CANCELED);
  }

  @Test
  void oneOfThemAloneIsNeitherFinishedNorRequeuedForItDoesNotRun() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var one = behind(sweep).getFirst();
    var target = target(sweep, 1, one.id().instance().instance());

    assertThat(Cluster.refused(cluster.ask(new Command.FinishTask(target, by("")))).message())
        .contains("expected a Running task to finish")
        .contains("Queued");
    assertThat(Cluster.refused(cluster.ask(new Command.RequeueTask(target, by("")))).message())
        .contains("expected a Running, Failed or Canceled task to requeue");
  }

  @Test
  void aThrottleTakesThemBack() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);

    cluster.does(new Command.ThrottleTask(sweep.id(), 1, 1));

    assertThat(behind(sweep)).isEmpty();
  }

  @Test
  void coresThatIdleTakeThemFromBehindOneThatTakesLonger() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 16)), SHORT);
    var slow = running(sweep).getFirst();

    while (running(sweep).size() > 1) {
      var other = running(sweep).stream().filter(run -> !run.equals(slow)).findFirst();
      cluster.finishes(instance(sweep, other.orElseThrow()));
    }

    assertThat(sweep.tasks().getFirst().live()).containsExactly(slow);
    assertThat(sweep.counts().finished()).isEqualTo(15);
  }

  @Test
  void whatALostNodeHadNotBegunRunsElsewhereToo() {
    var cluster = cluster().node("n1", 2);
    var sweep = sweepOn(cluster, job(sweep(1, 30)), SHORT);
    assertThat(behind(sweep)).isNotEmpty();

    cluster.disconnect("n1").lose("n1");
    assertThat(sweep.tasks().getFirst().live()).isEmpty();
    cluster.node("n2", 2);
    while (sweep.state() == JobState.RUNNING) {
      cluster.finishes(instance(sweep, running(sweep).getFirst()));
    }

    assertThat(sweep.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aNodeThatComesBackWithNothingHasToBeAskedForNothing() {
    var cluster = cluster().node("n1", 2).recallsWait();
    var sweep = sweepOn(cluster, job(sweep(1, 1000)), SHORT);
    var one = behind(sweep).getFirst();

    cluster.offline("n1");
    assertThat(one.life()).isInstanceOf(AttemptLife.Recalled.class);
    cluster.forget("n1");

    assertThat(behind(sweep)).isEmpty();
    assertThat(instance(sweep, one).state()).isEqualTo(TaskState.QUEUED);
  }
}
