package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.TaskState.CANCELING;
import static org.capataz.model.TaskState.FAILED;
import static org.capataz.model.TaskState.FINISHED;
import static org.capataz.model.TaskState.FINISHING;
import static org.capataz.model.TaskState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.by;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.Cluster.target;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.junit.jupiter.api.Test;

/// A run of several nodes: its command is on the first, and may have started more on the others.
class SeveralNodesScenarioTest {

  private final Cluster cluster = cluster().node("n1", 4).node("n2", 4).partsWait();
  private final SubmittedJob job = cluster.submit(task().cores(8));
  private final Instance run = job.onlyTask();
  private final String first = run.nodes().getFirst();
  private final String second = run.nodes().getLast();

  @Test
  void itRunsOnceItsCommandDoes() {
    assertThat(run.nodes()).containsExactlyInAnyOrder("n1", "n2");
    assertThat(run.state()).isEqualTo(RUNNING);
  }

  @Test
  void itIsOverWhenNothingOfItRunsOnAnyNode() {
    cluster.finishes(run);
    assertThat(run.state()).isEqualTo(FINISHING);

    cluster.endsOn(second, run, EndReason.EXITED, 0);

    assertThat(run.state()).isEqualTo(FINISHED);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void untilThenAllOfItsCoresAreTaken() {
    var next = cluster.submit(task().cores(4));

    cluster.finishes(run);
    assertThat(next.state()).isEqualTo(JobState.QUEUED);
    cluster.endsOn(second, run, EndReason.EXITED, 0);

    assertThat(next.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void theEndOfItsCommandSaysHowItEnded() {
    cluster.fails(run).endsOn(second, run, EndReason.NODE_STOPPED, 0);

    assertThat(run.state()).isEqualTo(FAILED);
    assertThat(run.endReason()).isEqualTo(EndReason.EXITED);
  }

  @Test
  void aNodeThatIsStoppedEndsAllOfItAndItRunsAgain() {
    cluster.endsOn(second, run, EndReason.NODE_STOPPED, 0);
    assertThat(run.state()).isEqualTo(FINISHING);

    cluster.ends(run, EndReason.NODE_STOPPED, 143);

    assertThat(run.attempt()).isEqualTo(2);
    assertThat(run.endReason()).isEqualTo(EndReason.NODE_STOPPED);
    assertThat(run.endMessage()).isEqualTo("node " + second + " was stopped");
  }

  @Test
  void aCommandThatFailsBecauseANodeIsGoneRunsAgain() {
    cluster.endsOn(second, run, EndReason.NODE_STOPPED, 0).fails(run);

    assertThat(run.attempt()).isEqualTo(2);
  }

  @Test
  void aCommandThatEndsWellAllTheSameHasFinished() {
    cluster.endsOn(second, run, EndReason.NODE_STOPPED, 0).finishes(run);

    assertThat(run.state()).isEqualTo(FINISHED);
    assertThat(run.endReason()).isEqualTo(EndReason.EXITED);
  }

  @Test
  void aCommandThatFailsBecauseANodeEndedItsPartSaysSoWhicheverIsToldFirst() {
    cluster.endsOn(second, run, EndReason.OUT_OF_MEMORY, 0).fails(run);
    assertThat(run.endReason()).isEqualTo(EndReason.OUT_OF_MEMORY);

    var other = cluster.submit(task().cores(8)).onlyTask();
    cluster.fails(other).endsOn(other.nodes().getLast(), other, EndReason.OUT_OF_MEMORY, 0);
    assertThat(other.state()).isEqualTo(FAILED);
    assertThat(other.endReason()).isEqualTo(EndReason.OUT_OF_MEMORY);
  }

  @Test
  void aCommandThatEndsWellThoughANodeEndsWhatItLeftThereHasFinished() {
    cluster.finishes(run).endsOn(second, run, EndReason.OUT_OF_MEMORY, 0);

    assertThat(run.state()).isEqualTo(FINISHED);
    assertThat(run.endReason()).isEqualTo(EndReason.EXITED);
  }

  @Test
  void aRebootedNodeEndsAllOfIt() {
    cluster.reboot(second);
    assertThat(run.state()).isEqualTo(FINISHING);

    cluster.ends(run, EndReason.NODE_LOST, 137);

    assertThat(run.attempt()).isEqualTo(2);
    assertThat(run.endMessage()).isEqualTo("node " + second + " was restarted");
  }

  @Test
  void aNodeThatCannotBeReachedKeepsItFromEnding() {
    cluster.disconnect(second).finishes(run).after(seconds(1_000_000));
    assertThat(run.state()).isEqualTo(FINISHING);

    cluster.connect(second).endsOn(second, run, EndReason.EXITED, 0);

    assertThat(run.state()).isEqualTo(FINISHED);
  }

  @Test
  void aCanceledRunIsOverWhenBothNodesHaveEndedIt() {
    cluster.cancel(job).endsOn(second, run, EndReason.CANCELED, 0);
    assertThat(run.state()).isEqualTo(CANCELING);
    assertThat(job.state()).isEqualTo(JobState.CANCELING);

    cluster.stops(run);

    assertThat(run.state()).isEqualTo(FAILED);
    assertThat(run.endReason()).isEqualTo(EndReason.CANCELED);
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aCanceledRunIsNotRunAgainThoughANodeIsLost() {
    cluster.cancel(job).reboot(second).ends(run, EndReason.NODE_LOST, 137);

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void cancelingARunWhoseCommandHasEndedLeavesItsResult() {
    cluster.finishes(run).cancel(job);
    assertThat(run.state()).isEqualTo(CANCELING);

    cluster.endsOn(second, run, EndReason.EXITED, 0);

    assertThat(run.state()).isEqualTo(FINISHED);
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aRunThatIsCanceledWhileItEndsIsNotRunAgain() {
    cluster.endsOn(second, run, EndReason.NODE_STOPPED, 0).cancel(job).stops(run);

    assertThat(run.state()).isEqualTo(FAILED);
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aRunThatIsRequeuedWhileItEndsRunsAgain() {
    cluster.fails(run).does(new Command.RequeueTask(target(job, 1), by("")));
    assertThat(run.state()).isEqualTo(CANCELING);

    cluster.endsOn(second, run, EndReason.EXITED, 0);

    assertThat(run.attempt()).isEqualTo(2);
  }

  @Test
  void anExitCodeThatTheTaskAcceptsIsASuccessThoughANodeIsGone() {
    var lenient = cluster.node("n3", 8).node("n4", 8).submit(task().cores(16).validExitCodes("3"));
    var other = lenient.onlyTask();

    cluster
        .endsOn(other.nodes().getLast(), other, EndReason.NODE_STOPPED, 0)
        .ends(other, EndReason.EXITED, 3);

    assertThat(other.state()).isEqualTo(FINISHED);
  }

  @Test
  void itsEndSumsUpWhatItUsedOnAllNodes() {
    var start = run.live().life().startTime();

    cluster.hears(first, ended(start, new AttemptEnd.Usage(1, 20, 300)));
    cluster.hears(second, ended(start, new AttemptEnd.Usage(4, 50, 600)));

    assertThat(run.usage()).isEqualTo(new AttemptEnd.Usage(5, 70, 600));
  }

  private AttemptReport ended(long start, AttemptEnd.Usage usage) {
    return new AttemptReport.Ended(
        run.live().id(), new AttemptEnd(EndReason.EXITED, 0, start, start + 9, usage, "", ""));
  }

  @Test
  void aNodeThatHasEndedItMayForgetItBeforeTheOthersHave() {
    var id = run.live().id();

    cluster.endsOn(second, run, EndReason.NODE_STOPPED, 0);

    assertThat(cluster.engine().isOver(id, cluster.node(second).id())).isTrue();
    assertThat(cluster.engine().isOver(id, cluster.node(first).id())).isFalse();
  }

  @Test
  void aRepeatedEndOfOneNodeIsNotTakenForAnothers() {
    var end = cluster.ended(run.live(), EndReason.EXITED, 0);

    cluster.hears(first, end).hears(first, end);

    assertThat(run.state()).isEqualTo(FINISHING);
  }
}
