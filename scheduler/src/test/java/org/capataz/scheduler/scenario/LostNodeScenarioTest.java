package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capataz.model.TaskState.DISPATCHING;
import static org.capataz.model.TaskState.FAILED;
import static org.capataz.model.TaskState.FINISHED;
import static org.capataz.model.TaskState.QUEUED;
import static org.capataz.model.TaskState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.Map;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

/// Nodes and connections that come and go, and reports that come late, twice or never.
class LostNodeScenarioTest {

  private final Cluster cluster = cluster().node("n1", 2);

  @Test
  void whatRunsOnANodeThatCannotBeReachedKeepsRunning() {
    var task = cluster.submit(task()).onlyTask();

    cluster.disconnect("n1").after(seconds(1_000_000));

    assertThat(task.state()).isEqualTo(RUNNING);
    assertThat(task.attempt()).isEqualTo(1);
  }

  @Test
  void aRunThatEndedMeanwhileIsReportedWhenTheNodeIsBack() {
    var job = cluster.submit(task());

    cluster.disconnect("n1").finishes(job.onlyTask());
    assertThat(job.onlyTask().state()).isEqualTo(RUNNING);
    cluster.connect("n1");

    assertThat(job.onlyTask().state()).isEqualTo(FINISHED);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aRunThatTheNodeStillHasGoesOn() {
    var task = cluster.submit(task()).onlyTask();

    cluster.disconnect("n1").connect("n1");

    assertThat(task.state()).isEqualTo(RUNNING);
    assertThat(task.attempt()).isEqualTo(1);
  }

  @Test
  void aRunThatTheNodeNoLongerKnowsRunsAgain() {
    var task = cluster.submit(task()).onlyTask();

    cluster.forget("n1");

    assertThat(task.state()).isEqualTo(RUNNING);
    assertThat(task.attempt()).isEqualTo(2);
  }

  @Test
  void anOrderThatTheNodeNeverGotIsGivenAgain() {
    cluster.startsWait();
    var task = cluster.submit(task()).onlyTask();

    cluster.forget("n1");

    assertThat(task.state()).isEqualTo(DISPATCHING);
    assertThat(task.attempt()).isEqualTo(1);
  }

  @Test
  void aCanceledRunThatTheNodeNeverGotIsOver() {
    cluster.startsWait();
    var job = cluster.submit(task());
    cluster.cancel(job);

    cluster.forget("n1");

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.onlyTask().endReason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void aRebootedNodesTasksRunAgainUnderANewAttempt() {
    var task = cluster.submit(task()).onlyTask();

    cluster.reboot("n1");

    assertThat(task.state()).isEqualTo(RUNNING);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.endReason()).isEqualTo(EndReason.NODE_LOST);
    assertThat(task.endMessage()).isEqualTo("node n1 was restarted");
  }

  @Test
  void whatRunsOnANodeThatIsGivenUpRunsElsewhereIfItMay() {
    var job = cluster.submit(job(task()).task(task().notRerunnable()));
    cluster.node("n2", 2).disconnect("n1");

    assertThat(cluster.lose("n1")).isInstanceOf(Result.Ok.class);

    assertThat(job.task(1).nodes()).containsExactly("n2");
    assertThat(job.task(1).attempt()).isEqualTo(2);
    assertThat(job.task(2).state()).isEqualTo(FAILED);
    assertThat(job.task(2).endReason()).isEqualTo(EndReason.NODE_LOST);
    assertThat(job.task(2).endMessage()).isEqualTo("node n1 was given up by ana: burnt");
  }

  @Test
  void whatANodeThatWasGivenUpComesBackWithIsOver() {
    var task = cluster.submit(task()).onlyTask();
    var first = task.live().id();
    cluster.node("n2", 2).disconnect("n1");
    cluster.lose("n1");

    cluster.connect("n1");

    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.nodes()).containsExactly("n2");
    assertThat(cluster.engine().isOver(first, cluster.node("n1").id())).isTrue();
    assertThat(cluster.node("n1").free().cores().size()).isEqualTo(2);
  }

  // Leases.

  private Cluster rerunAfter(String seconds) {
    var parameters = Map.of(ClusterParameter.NODE_LOST_RERUN_AFTER, seconds);
    return cluster.does(new Command.ChangeSettings(parameters, Map.of()));
  }

  @Test
  void whatHasALeaseRunsElsewhereOnceItsNodeHasBeenOutOfReachForLongEnough() {
    rerunAfter("60");
    var job = cluster.submit(job(task()).task(task().notRerunnable()));
    cluster.node("n2", 2).disconnect("n1");

    cluster.after(seconds(59));
    assertThat(job.task(1).attempt()).isEqualTo(1);
    assertThat(cluster.engine().nextWakeup()).isEqualTo(cluster.in(seconds(1)));
    cluster.after(seconds(1));

    assertThat(job.task(1).nodes()).containsExactly("n2");
    assertThat(job.task(1).attempt()).isEqualTo(2);
    assertThat(job.task(1).endReason()).isEqualTo(EndReason.NODE_LOST);
    assertThat(job.task(1).endMessage()).isEqualTo("node n1 was out of reach for 60 s");
    assertThat(job.task(2).state()).isEqualTo(RUNNING);
    assertThat(job.task(2).nodes()).containsExactly("n1");
    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aNodeThatIsBackInTimeKeepsWhatItRuns() {
    rerunAfter("60");
    var task = cluster.submit(task()).onlyTask();

    cluster.disconnect("n1").after(seconds(59)).connect("n1").after(seconds(59));
    cluster.disconnect("n1").after(seconds(59));

    assertThat(task.attempt()).isEqualTo(1);
    cluster.after(seconds(1));
    assertThat(task.state()).isEqualTo(QUEUED);
  }

  @Test
  void whatHasLostItsLeaseIsRequeuedWhenItsNodeTells() {
    rerunAfter("60");
    var task = cluster.submit(task()).onlyTask();
    cluster.disconnect("n1").after(seconds(40)).ends(task, EndReason.NODE_LOST, 143);

    cluster.connect("n1");

    assertThat(task.state()).isEqualTo(RUNNING);
    assertThat(task.attempt()).isEqualTo(2);
  }

  @Test
  void whatRunsKeepsTheLeaseThatItBeganWith() {
    var without = cluster.submit(task()).onlyTask();
    rerunAfter("60");
    var with = cluster.submit(task()).onlyTask();
    rerunAfter("Infinite");
    cluster.node("n2", 2).disconnect("n1").after(seconds(60));

    assertThat(without.attempt()).isEqualTo(1);
    assertThat(with.attempt()).isEqualTo(2);
  }

  @Test
  void anEngineThatStartsWaitsInFull() {
    rerunAfter("60");
    var task = cluster.submit(task()).onlyTask();
    cluster.node("n2", 2).disconnect("n1").after(seconds(50)).restartEngine();

    cluster.after(seconds(59));
    assertThat(task.attempt()).isEqualTo(1);
    cluster.after(seconds(1));
    assertThat(task.attempt()).isEqualTo(2);
  }

  @Test
  void aClockThatIsSetShortensNoWaitAndMakesNoneEndless() {
    rerunAfter("60");
    var task = cluster.submit(task()).onlyTask();
    cluster.node("n2", 2).disconnect("n1");

    cluster.clockIsSet(seconds(86_400)).after(seconds(59));
    assertThat(task.attempt()).isEqualTo(1);
    cluster.clockIsSet(seconds(-86_400)).after(seconds(59));
    assertThat(task.attempt()).isEqualTo(1);
    cluster.after(seconds(1));
    assertThat(task.attempt()).isEqualTo(2);
  }

  @Test
  void whatIsToldToEndOnANodeThatIsOutOfReachHasEndedWithItsLease() {
    rerunAfter("60");
    var job = cluster.submit(task());
    cluster.disconnect("n1").cancel(job);

    assertThat(job.state()).isEqualTo(JobState.CANCELING);
    cluster.after(seconds(60));
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aRunOfSeveralNodesIsOverOnceEachHasEndedItOrBeenOutOfReachForLongEnough() {
    rerunAfter("60");
    cluster.node("n2", 2).partsWait();
    var task = cluster.submit(task().cores(4)).onlyTask();
    cluster.disconnect("n2").after(seconds(60));

    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.state()).isEqualTo(TaskState.FINISHING);
    cluster.stops(task);
    assertThat(task.state()).isEqualTo(QUEUED);
    cluster.node("n3", 2);
    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.nodes()).containsExactlyInAnyOrder("n1", "n3");
  }

  @Test
  void whatNeverRunsAgainByItselfHasNoLease() {
    rerunAfter("60");
    var job = cluster.submit(job(task()).task(task().notRerunnable()));
    assertThat(job.task(1).live().rerunAfter()).isEqualTo(60);
    assertThat(job.task(2).live().rerunAfter()).isZero();

    cluster.node("n2", 2);
    var service = cluster.submit(job(task().with(TaskProperty.TYPE, "Service")));
    assertThat(service.instance(1, 0).live().rerunAfter()).isZero();
  }

  @Test
  void aNodeThatIsConnectedOrThatThereIsNotCannotBeGivenUp() {
    assertThat(refused(cluster.lose("n1")).message())
        .startsWith("expected a node that is unreachable, but n1 is connected");
    assertThat(refused(cluster.lose("n9")).code()).isEqualTo(Refusal.Code.NOT_FOUND);
  }

  @Test
  void aLostTaskRunsAgainAtMostThreeTimes() {
    var job = cluster.submit(task());

    for (var attempt = 1; attempt <= 4; attempt++) {
      assertThat(job.onlyTask().attempt()).isEqualTo(attempt);
      cluster.reboot("n1");
    }

    assertThat(job.onlyTask().state()).isEqualTo(FAILED);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aRequeuedTaskMayBeLostThreeTimesMore() {
    var job = cluster.submit(task());
    for (var i = 0; i < 4; i++) {
      cluster.reboot("n1");
    }

    cluster.requeue(job).reboot("n1").reboot("n1").reboot("n1");

    assertThat(job.onlyTask().attempt()).isEqualTo(8);
  }

  @Test
  void aLostTaskThatMayNotRunAgainFails() {
    var job = cluster.submit(task().notRerunnable());

    cluster.reboot("n1");

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.onlyTask().endReason()).isEqualTo(EndReason.NODE_LOST);
  }

  @Test
  void aTaskWithAnExitCodeOfItsOwnDoesNotRunAgain() {
    var job = cluster.submit(task());

    cluster.fails(job.onlyTask());

    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aTaskThatItsNodeEndedAsItStoppedRunsElsewhere() {
    cluster.node("n2", 1);
    var task = cluster.submit(task()).onlyTask();
    var first = task.nodes().getFirst();

    cluster.offline(first).ends(task, EndReason.NODE_STOPPED, 128 + 15);

    assertThat(task.attempt()).isEqualTo(2);
    assertThat(task.nodes()).doesNotContain(first);
  }

  @Test
  void aLostTaskWaitsIfThereIsNoOtherNode() {
    var task = cluster.submit(task()).onlyTask();

    cluster.offline("n1").ends(task, EndReason.EXIT_STATUS_LOST, 0);

    assertThat(task.state()).isEqualTo(QUEUED);
    cluster.online("n1");
    assertThat(task.attempt()).isEqualTo(2);
  }

  @Test
  void anotherMachineMayNotTakeTheNameOfANodeThatIsConnectedOrHasTasks() {
    cluster.submit(task());

    assertThat(refused(cluster.impostor("n1")).code()).isEqualTo(Refusal.Code.WRONG_STATE);
    cluster.disconnect("n1");
    assertThat(refused(cluster.impostor("n1")).message()).contains("--name");
  }

  @Test
  void anotherMachineMayTakeTheNameOfANodeThatIsGone() {
    cluster.disconnect("n1");

    cluster.impostor("n1");

    assertThat(cluster.state().nodes()).hasSize(1);
    assertThat(cluster.node("n1").reachable()).isTrue();
  }

  @Test
  void aNodeThatOffersNothingOrAbsurdlyMuchIsRefused() {
    for (var cores : new int[] {0, -1, 8193, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> cluster.node("n2", cores))
          .hasMessageContaining("expected a node that offers 1 to 8192 cores");
    }
    assertThat(cluster.state().nodes()).hasSize(1);
  }

  @Test
  void aReportOfAnEarlierAttemptChangesNothing() {
    var job = cluster.submit(sweep(1, 2));
    var late = cluster.ended(job.instance(1, 0).live(), EndReason.EXITED, 0);
    cluster.finishes(job.instance(1, 1)).fails(job.instance(1, 0)).requeue(job);

    cluster.hears("n1", late);

    assertThat(job.instance(1, 0).state()).isEqualTo(RUNNING);
    assertThat(job.instance(1, 0).attempt()).isEqualTo(2);
    assertThat(cluster.engine().isOver(late.attempt(), cluster.node("n1").id())).isTrue();
  }

  @Test
  void aReportOfAnotherEpochOrClusterChangesNothing() {
    var task = cluster.submit(task()).onlyTask();
    var id = task.live().id();
    var end = cluster.ended(task.live(), EndReason.EXITED, 0).end();

    for (var stranger :
        new AttemptId[] {
          new AttemptId(id.cluster(), id.epoch() + 1, id.instance(), id.number()),
          new AttemptId(id.cluster(), id.epoch() - 1, id.instance(), id.number()),
          new AttemptId(new java.util.UUID(9, 9), id.epoch(), id.instance(), id.number())
        }) {
      cluster.hears("n1", new AttemptReport.Ended(stranger, end));
    }

    assertThat(task.state()).isEqualTo(RUNNING);
  }

  @Test
  void aReportOfANodeThatDoesNotRunTheAttemptChangesNothing() {
    cluster.node("n2", 1);
    var task = cluster.submit(task()).onlyTask();
    var other = task.nodes().getFirst().equals("n1") ? "n2" : "n1";

    cluster.hears(other, cluster.ended(task.live(), EndReason.EXITED, 0));

    assertThat(task.state()).isEqualTo(RUNNING);
  }

  @Test
  void aRepeatedReportChangesNothing() {
    var job = cluster.submit(sweep(1, 4));
    var end = cluster.ended(job.instance(1, 0).live(), EndReason.EXITED, 1);

    cluster.hears("n1", end).hears("n1", end);
    cluster.hears("n1", new AttemptReport.Running(end.attempt(), 5));

    assertThat(job.counts().failed()).isEqualTo(1);
    assertThat(job.counts().running()).isEqualTo(2);
  }

  @Test
  void aStartWithoutATimeIsTakenAllTheSame() {
    cluster.startsWait();
    var task = cluster.submit(task()).onlyTask();
    var said = new AttemptReport.Running(task.live().id(), 0);

    cluster.hears("n1", said).hears("n1", said);

    assertThat(task.state()).isEqualTo(RUNNING);
  }
}
