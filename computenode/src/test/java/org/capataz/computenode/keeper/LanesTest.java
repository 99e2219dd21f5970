package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.capataz.computenode.keeper.Action.Note;
import org.capataz.computenode.keeper.Action.Tell;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

/// Attempts that have the same cores.
class LanesTest extends KeeperStateScript {

  private static final AttemptId C = attempt(3);
  private static final long LANE = 7;

  private List<Action> queue(AttemptId attempt, long lane) {
    return on(
        new Request.Start(
            attempt,
            new Execution(
                List.of("/bin/true"),
                Map.of(),
                "/",
                Execution.Streams.UNNAMED,
                new Execution.Limits(0, 10)),
            lane));
  }

  private void nothingBegins() {
    assertThat(state.begin(now())).isNull();
  }

  @Test
  void theyBeginOneAfterTheOther() {
    queue(A, LANE);
    queue(B, LANE);
    queue(C, LANE);

    assertThat(begin()).isEqualTo(A);
    nothingBegins();
    started(A);
    nothingBegins();
    exited(A);
    assertThat(state.hasWaiting()).isTrue();
    assertThat(begin()).isEqualTo(B);
    started(B);
    exited(B);
    assertThat(begin()).isEqualTo(C);
  }

  @Test
  void otherLanesDoNotWait() {
    queue(A, LANE);
    queue(B, LANE + 1);

    assertThat(List.of(begin(), begin())).containsExactly(A, B);
  }

  @Test
  void oneThatCannotBeStartedLetsTheNextBegin() {
    queue(A, LANE);
    queue(B, LANE);
    begin();

    on(new Input.NotStarted(A, "no such file"));

    assertThat(begin()).isEqualTo(B);
  }

  @Test
  void oneInTheMiddleThatIsGivenBackLetsTheNextWaitOn() {
    queue(A, LANE);
    queue(B, LANE);
    queue(C, LANE);
    begin();
    started(A);

    var ended = new Ended(B, EndReason.RECALLED, "", Outcome.neverRan(micros()));
    assertThat(on(new Request.Recall(B))).containsExactly(new Note(ended), new Tell(ended));
    nothingBegins();
    exited(A);

    assertThat(begin()).isEqualTo(C);
  }

  @Test
  void whatHasBegunIsNotGivenBack() {
    queue(A, LANE);
    begin();
    assertThat(on(new Request.Recall(A))).isEmpty();
    started(A);
    assertThat(on(new Request.Recall(A))).isEmpty();

    assertThat(state.mayRun(A)).isTrue();
  }

  @Test
  void whatAnEarlierKeeperLeftRunningKeepsItsCores() {
    queue(A, LANE);
    queue(B, LANE);
    begin();
    started(A);

    crash();
    on(new Input.Surveyed(Map.of(A, PROCESS)));
    on(new Request.ListAttempts());
    // It had not begun, so it is sent again.
    queue(B, LANE);
    nothingBegins();
    on(new Input.Vanished(A));

    assertThat(begin()).isEqualTo(B);
  }

  @Test
  void aSpoolThatIsRolledStillSaysWhoseCoresTheyAre() {
    queue(A, LANE);
    begin();
    started(A);

    assertThat(state.records()).contains(new Begun(A, new Execution.Limits(0, 10), LANE));
  }

  @Test
  void nothingMoreBeginsWhenTheNodeIsStopped() {
    queue(A, LANE);
    queue(B, LANE);
    begin();
    started(A);

    on(new Input.Stop(10, 10));
    exited(A);

    nothingBegins();
  }

  @Test
  void nothingBeginsAfterItsLeaseThoughTheOneBeforeItHasEnded() {
    on(new Request.Renew(millis));
    on(
        new Request.Start(
            A,
            new Execution(
                List.of("/bin/true"),
                Map.of(),
                "/",
                Execution.Streams.UNNAMED,
                new Execution.Limits(0, 10)),
            LANE));
    on(
        new Request.Start(
            B,
            new Execution(
                List.of("/bin/true"),
                Map.of(),
                "/",
                Execution.Streams.UNNAMED,
                new Execution.Limits(0, 10, 0, 1_000)),
            LANE));
    begin();
    started(A);

    millis += 1_000;
    exited(A);

    nothingBegins();
  }
}
