package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.capataz.computenode.keeper.Action.Kill;
import org.capataz.computenode.keeper.Action.Note;
import org.capataz.computenode.keeper.Action.Terminate;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

/// Attempts that end if the head node is not heard for long enough.
class LeasesTest extends KeeperStateScript {

  private static final Execution.Limits LEASED = new Execution.Limits(0, 100, 0, 1_000);

  @Test
  void anAttemptWhoseLeaseHasEndedIsEndedAndIsLost() {
    renewed(0);
    run(A, LEASED);

    assertThat(state.nextWakeup()).hasValue(millis + 1_000);
    assertThat(wokenAfter(999)).isEmpty();
    assertThat(wokenAfter(1)).contains(new Terminate(running(A)));
    assertThat(wokenAfter(100)).containsExactly(new Kill(running(A)));
    assertThat(ended(on(new Input.Exited(A, outcome(0)))).reason()).isEqualTo(EndReason.NODE_LOST);
  }

  @Test
  void aRenewalCountsFromWhenItWasAskedFor() {
    renewed(0);
    run(A, LEASED);
    wokenAfter(900);
    renewed(600);

    assertThat(wokenAfter(399)).isEmpty();
    assertThat(wokenAfter(1)).contains(new Terminate(running(A)));
  }

  @Test
  void aLeaseThatHasEndedIsNotRenewed() {
    renewed(0);
    run(A, LEASED);
    millis += 1_000;

    assertThat(renewed(0)).contains(new Terminate(running(A)));
    assertThat(wokenAfter(100)).containsExactly(new Kill(running(A)));
  }

  @Test
  void anAttemptWithALeaseDoesNotBeginWithoutOne() {
    assertThat(ended(start(A, LEASED)).reason()).isEqualTo(EndReason.NODE_LOST);
    renewed(0);
    start(B, LEASED);
    millis += 1_000;

    assertThat(state.begin(now())).isNull();
    assertThat(ended(wokenAfter(0)).reason()).isEqualTo(EndReason.NODE_LOST);
  }

  @Test
  void theGraceOfALostLeaseIsAtMostHalfOfIt() {
    renewed(0);
    run(A, new Execution.Limits(0, 10_000, 0, 1_000));
    wokenAfter(1_000);

    assertThat(wokenAfter(499)).isEmpty();
    assertThat(wokenAfter(1)).containsExactly(new Kill(running(A)));
  }

  @Test
  void aGraceThatIsUnderWayIsCutShortByTheEndOfTheLease() {
    renewed(0);
    run(A, LEASED);
    stop(A, 1_000_000);
    wokenAfter(1_000);

    assertThat(wokenAfter(100)).containsExactly(new Kill(running(A)));
    assertThat(ended(on(new Input.Exited(A, outcome(0)))).reason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void whatHasNoLeaseStays() {
    run(A);

    assertThat(state.nextWakeup()).isEmpty();
    assertThat(wokenAfter(1_000_000)).isEmpty();
  }

  @Test
  void aLaterKeeperCountsFromTheLastRenewalThatWasNoted() {
    renewed(0);
    run(A, LEASED);
    var process = running(A).process();
    wokenAfter(300);
    assertThat(renewed(0)).containsExactly(new Note(new Request.Renew(millis)));
    wokenAfter(200);
    assertThat(renewed(0)).isEmpty();

    crash();
    on(new Input.Surveyed(Map.of(A, process)));
    assertThat(state.nextWakeup().orElseThrow()).isLessThanOrEqualTo(millis);
    assertThat(wokenAfter(799)).noneMatch(Terminate.class::isInstance);
    assertThat(wokenAfter(1)).anyMatch(Terminate.class::isInstance);
  }

  @Test
  void whatHasLostItsLeaseBetweenTwoKeepersIsEndedByTheSecond() {
    renewed(0);
    run(A, LEASED);
    var process = running(A).process();

    crash();
    millis += 1_000;
    assertThat(on(new Input.Surveyed(Map.of(A, process)))).anyMatch(Terminate.class::isInstance);
  }

  @Test
  void aHeldAttemptIsEndedWithItsLease() {
    renewed(0);
    on(new Request.Hold(A, Map.of(), LEASED, List.of()));

    assertThat(wokenAfter(1_000)).contains(new Action.TerminateAll(A));
    assertThat(wokenAfter(100)).contains(new Action.KillAll(A));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.NODE_LOST);
  }

  @Test
  void theAgentIsToldOfTheShortestLease() {
    renewed(0);

    assertThat(told(start(A, LEASED))).containsExactly(new Report.Leased(1_000));
    assertThat(told(start(B, new Execution.Limits(0, 0, 0, 2_000)))).isEmpty();
    assertThat(told(stop(A, 0))).contains(new Report.Leased(2_000));
    on(new Input.AgentGone());
    assertThat(told(on(new Request.ListAttempts()))).contains(new Report.Leased(2_000));
    assertThat(told(stop(B, 0))).contains(new Report.Leased(0));
  }

  /// The head node answers what it was asked so long ago.
  private List<Action> renewed(long ago) {
    return on(new Request.Renew(millis - ago));
  }
}
