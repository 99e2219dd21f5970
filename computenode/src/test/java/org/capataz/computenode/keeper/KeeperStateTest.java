package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capataz.computenode.keeper.Action.Kill;
import org.capataz.computenode.keeper.Action.Note;
import org.capataz.computenode.keeper.Action.Probe;
import org.capataz.computenode.keeper.Action.Tell;
import org.capataz.computenode.keeper.Action.Terminate;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.process.ProcessId;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

class KeeperStateTest extends KeeperStateScript {

  @Test
  void anAttemptIsBegunStartedAndEndedOnce() {
    assertThat(start(A)).isEmpty();
    assertThat(begin()).isEqualTo(A);
    var running = running(A);
    assertThat(on(new Input.Started(running)))
        .containsExactly(new Note(running), new Tell(running));
    var ended = new Ended(A, EndReason.EXITED, "", outcome(0));
    assertThat(on(new Input.Exited(A, outcome(0))))
        .containsExactly(new Kill(running), new Note(ended), new Tell(ended));
    assertThat(on(new Input.Exited(A, outcome(0)))).isEmpty();
    assertThat(on(new Request.Acknowledge(List.of(A))))
        .containsExactly(new Note(new Request.Acknowledge(List.of(A))));
    assertThat(state.records()).isEmpty();
  }

  @Test
  void attemptsBeginInTheOrderOfTheirStarts() {
    start(A);
    start(B);

    assertThat(List.of(begin(), begin())).containsExactly(A, B);
    assertThat(state.begin(now())).isNull();
  }

  @Test
  void anAttemptThatCannotStartJustNowIsTheNextToBeginUnlessItWasStoppedMeanwhile() {
    start(A);
    start(B);
    var first = (Request.Start) Objects.requireNonNull(state.begin(now()));

    assertThat(state.putBack(first)).isTrue();
    assertThat(List.of(begin(), begin())).containsExactly(A, B);

    stop(A, 10);
    assertThat(state.putBack(first)).isFalse();
    assertThat(state.begin(now())).isNull();
  }

  @Test
  void aSecondStartOfAnAttemptIsAnsweredWithWhereItStands() {
    start(A);
    assertThat(start(A)).containsExactly(new Tell(new Report.Accepted(A)));
    begin();
    assertThat(start(A)).containsExactly(new Tell(new Report.Accepted(A)));
    started(A);
    assertThat(start(A)).containsExactly(new Tell(running(A)));
    exited(A);
    assertThat(start(A)).containsExactly(new Tell(new Ended(A, EndReason.EXITED, "", outcome(0))));

    assertThat(state.begin(now())).isNull();
  }

  @Test
  void anAttemptThatIsStoppedBeforeItBeginsNeverBegins() {
    start(A);
    var ended = new Ended(A, EndReason.CANCELED, "by eva", Outcome.neverRan(micros()));
    assertThat(on(new Request.Stop(A, EndReason.CANCELED, "by eva", 10)))
        .containsExactly(new Note(ended), new Tell(ended));

    assertThat(state.begin(now())).isNull();
  }

  @Test
  void anAttemptThatIsStoppedWhileItsProcessStartsIsEndedWhenThatRuns() {
    start(A);
    begin();
    assertThat(stop(A, 10)).isEmpty();

    assertThat(on(new Input.Started(running(A)))).endsWith(new Terminate(running(A)));
    assertThat(ended(on(new Input.Exited(A, outcome(0)))).reason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void anAttemptThatIsStoppedWhileItsStartFailsHasFailedToStart() {
    start(A);
    begin();
    stop(A, 10);

    assertThat(ended(on(new Input.NotStarted(A, "no such file"))))
        .isEqualTo(
            new Ended(A, EndReason.START_FAILED, "no such file", Outcome.neverRan(micros())));
  }

  @Test
  void aStopIsTermAndAfterTheGraceKill() {
    run(A);

    assertThat(stop(A, 10)).containsExactly(new Terminate(running(A)));
    assertThat(wokenAfter(9)).isEmpty();
    assertThat(wokenAfter(1)).containsExactly(new Kill(running(A)));
    assertThat(state.nextWakeup()).isEmpty();
  }

  @Test
  void aStopWithoutGraceIsKill() {
    run(A);

    assertThat(stop(A, 0)).containsExactly(new Kill(running(A)));
  }

  @Test
  void aSecondStopShortensTheGraceButDoesNotLengthenIt() {
    run(A);
    stop(A, 10);

    assertThat(stop(A, 1_000)).isEmpty();
    assertThat(stop(A, 4)).isEmpty();
    assertThat(wokenAfter(4)).containsExactly(new Kill(running(A)));
  }

  @Test
  void anAttemptThatEndsByItselfWhileItIsBeingStoppedCountsAsStoppedWithItsOwnCode() {
    run(A);
    on(new Request.Stop(A, EndReason.CANCELED, "by eva", 10));

    assertThat(ended(on(new Input.Exited(A, outcome(0)))))
        .isEqualTo(new Ended(A, EndReason.CANCELED, "by eva", outcome(0)));
    assertThat(state.nextWakeup()).isEmpty();
  }

  @Test
  void aStopAfterTheEndChangesNothing() {
    run(A);
    exited(A);

    assertThat(stop(A, 10)).isEmpty();
  }

  @Test
  void aStopOrAnAcknowledgementOfAnUnknownAttemptChangesNothing() {
    assertThat(stop(A, 10)).isEmpty();
    assertThat(on(new Request.Acknowledge(List.of(A)))).isEmpty();
  }

  @Test
  void anAcknowledgementOfAnAttemptThatRunsIsNotBelieved() {
    run(A);

    assertThat(on(new Request.Acknowledge(List.of(A)))).isEmpty();
    assertThat(state.mayRun(A)).isTrue();
  }

  @Test
  void theRunTimeLimitIsEnforcedWithTheAttemptsOwnGrace() {
    run(A, new Execution.Limits(100, 20));

    assertThat(wokenAfter(99)).isEmpty();
    assertThat(wokenAfter(1)).containsExactly(new Terminate(running(A)));
    assertThat(wokenAfter(19)).isEmpty();
    assertThat(wokenAfter(1)).containsExactly(new Kill(running(A)));
    assertThat(ended(on(new Input.Exited(A, outcome(0)))).reason()).isEqualTo(EndReason.TIME_LIMIT);
  }

  @Test
  void whatEndsAnAttemptFirstIsItsReason() {
    run(A, new Execution.Limits(100, 50));
    stop(A, 1_000);

    assertThat(wokenAfter(100)).isEmpty();
    assertThat(ended(on(new Input.Exited(A, outcome(0)))).reason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void anAttemptThatWritesMoreThanTheNodeCanHoldIsKilledAtOnceAndToldWhy() {
    run(A, new Execution.Limits(0, 1_000));

    assertThat(on(new Input.Exceeded(A, EndReason.OUTPUT_LIMIT, "too much")))
        .containsExactly(new Kill(running(A)));
    assertThat(on(new Input.Exceeded(A, EndReason.OUTPUT_LIMIT, "too much"))).isEmpty();
    assertThat(ended(on(new Input.Exited(A, outcome(137)))))
        .isEqualTo(new Ended(A, EndReason.OUTPUT_LIMIT, "too much", outcome(137)));
    assertThat(on(new Input.Exceeded(A, EndReason.OUTPUT_LIMIT, "too much"))).isEmpty();
  }

  @Test
  void whatMayHaveAProcessIsHeldToItsMemoryByALaterKeeperToo() {
    var limits = new Execution.Limits(0, 1_000, 300);
    run(A, limits);
    assertThat(state.memoryLimits()).containsExactly(Map.entry(A, 300));
    on(new Request.Hold(attempt(3), Map.of(), limits, List.of()));
    assertThat(state.memoryLimits()).containsOnlyKeys(A, attempt(3));

    state = new KeeperState(BOOT, List.copyOf(spool));
    on(new Input.Surveyed(Map.of(A, PROCESS)));
    assertThat(state.memoryLimits()).containsOnlyKeys(A, attempt(3));
    on(new Input.Exceeded(A, EndReason.OUT_OF_MEMORY, "too much"));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.OUT_OF_MEMORY);
    assertThat(state.memoryLimits()).containsOnlyKeys(attempt(3));
  }

  @Test
  void whatIsBeingStoppedAndWritesTooMuchGetsNoGraceAndKeepsItsReason() {
    run(A);
    stop(A, 1_000);

    assertThat(on(new Input.Exceeded(A, EndReason.OUTPUT_LIMIT, "too much")))
        .containsExactly(new Kill(running(A)));
    assertThat(ended(on(new Input.Exited(A, outcome(137)))).reason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void onlyWhatMayHaveAProcessCanWrite() {
    start(A);
    assertThat(state.running()).isEmpty();
    begin();
    assertThat(state.running()).containsExactly(A);
    started(A);
    start(B);
    assertThat(state.running()).containsExactly(A);
    exited(A);
    assertThat(state.running()).isEmpty();
  }

  @Test
  void limitsHoldWhileTheAgentIsAwayAndTheNextOneLearnsOfEverything() {
    run(A, new Execution.Limits(100, 0));
    on(new Input.AgentGone());

    assertThat(wokenAfter(100)).containsExactly(new Kill(running(A)));
    var ended = new Ended(A, EndReason.TIME_LIMIT, "", outcome(0));
    assertThat(on(new Input.Exited(A, outcome(0))))
        .containsExactly(new Kill(running(A)), new Note(ended));
    assertThat(on(new Request.ListAttempts()))
        .containsExactly(new Tell(new Report.Inventory(BOOT, List.of(ended))));
  }

  @Test
  void theSpoolRebuildsWhatIsNotAcknowledged() {
    run(A);
    run(B);
    exited(B);

    assertThat(new KeeperState(BOOT, spool).records()).isEqualTo(state.records());
    on(new Request.Acknowledge(List.of(B)));
    assertThat(new KeeperState(BOOT, spool).records()).isEqualTo(state.records());
  }

  @Test
  void anAttemptWhoseProcessIsGoneAfterACrashHasLostItsExitStatus() {
    run(A);
    start(B);
    begin();
    crash();

    assertThat(on(new Input.Surveyed(Map.of(A, new ProcessId(100, 7777)))))
        .contains(
            new Note(
                new Ended(A, EndReason.EXIT_STATUS_LOST, "", Outcome.unseen(1_000_000, micros()))),
            new Note(new Ended(B, EndReason.EXIT_STATUS_LOST, "", Outcome.unseen(0, micros()))));
  }

  @Test
  void aStartThatHadNotBegunAtACrashLeavesNoTrace() {
    start(A);
    crash();

    assertThat(on(new Input.Surveyed(Map.of()))).isEmpty();
    assertThat(state.records()).isEmpty();
  }

  @Test
  void anEndNotedBeforeACrashIsToldAfterIt() {
    run(A);
    exited(A);
    crash();
    on(new Input.Surveyed(Map.of()));

    assertThat(on(new Request.ListAttempts()))
        .containsExactly(
            new Tell(
                new Report.Inventory(
                    BOOT, List.of(new Ended(A, EndReason.EXITED, "", outcome(0))))));
  }

  @Test
  void anOrphanIsToldProbedAndWhenGoneLost() {
    run(A);
    start(B);
    begin();
    crash();
    var unnoted = new ProcessId(200, 6000);
    on(new Input.Surveyed(Map.of(A, PROCESS, B, unnoted)));

    var orphanA = new Running(A, PROCESS, 1_000_000, true);
    var orphanB = new Running(B, unnoted, micros(), true);
    assertThat(on(new Request.ListAttempts()))
        .containsExactly(new Tell(new Report.Inventory(BOOT, List.of(orphanA, orphanB))));
    assertThat(wokenAfter(0)).containsExactly(new Probe(orphanA), new Probe(orphanB));
    assertThat(wokenAfter(499)).isEmpty();
    assertThat(wokenAfter(1)).containsExactly(new Probe(orphanA), new Probe(orphanB));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.EXIT_STATUS_LOST);
  }

  @Test
  void anOrphanKeepsWhatIsLeftOfItsRunTimeLimit() {
    run(A, new Execution.Limits(10_000, 0));
    millis += 4_000;
    crash();
    on(new Input.Surveyed(Map.of(A, PROCESS)));

    assertThat(wokenAfter(5_999)).doesNotHaveAnyElementsOfTypes(Kill.class);
    assertThat(wokenAfter(1)).contains(new Kill(new Running(A, PROCESS, 1_000_000, true)));
  }

  @Test
  void aNodeThatStopsEndsWhatRunsWithinTheGraceAndTakesNoStart() {
    run(A, new Execution.Limits(0, 1_000));
    start(B);

    assertThat(on(new Input.Stop(50, 500)))
        .startsWith(new Tell(new Report.Stopping()), new Terminate(running(A)))
        .contains(new Tell(new Ended(B, EndReason.NODE_STOPPED, "", Outcome.neverRan(micros()))));
    assertThat(state.begin(now())).isNull();
    assertThat(ended(start(attempt(3))).reason()).isEqualTo(EndReason.NODE_STOPPED);
    assertThat(wokenAfter(50)).containsExactly(new Kill(running(A)));
    assertThat(ended(on(new Input.Exited(A, outcome(0)))).reason())
        .isEqualTo(EndReason.NODE_STOPPED);
  }

  @Test
  void aSecondStopOfTheNodeKillsAtOnce() {
    run(A, new Execution.Limits(0, 1_000));
    on(new Input.Stop(500, 500));

    assertThat(on(new Input.Stop(0, 500))).containsExactly(new Kill(running(A)));
  }

  @Test
  void aNodeThatStopsWaitsUntilTheEndsAreAcknowledged() {
    run(A);
    on(new Input.Stop(50, 500));
    exited(A);
    assertThat(state.isDone()).isFalse();

    on(new Request.Acknowledge(List.of(A)));

    assertThat(state.isDone()).isTrue();
  }

  @Test
  void aNodeThatStopsDoesNotWaitForEver() {
    run(A);
    on(new Input.Stop(50, 500));
    wokenAfter(60);
    exited(A);

    wokenAfter(499);
    assertThat(state.isDone()).isFalse();
    wokenAfter(1);
    assertThat(state.isDone()).isTrue();
    assertThat(state.nextWakeup()).isEmpty();
  }

  @Test
  void anIdleNodeStopsAtOnce() {
    on(new Input.Stop(50, 500));

    assertThat(state.isDone()).isTrue();
  }
}
