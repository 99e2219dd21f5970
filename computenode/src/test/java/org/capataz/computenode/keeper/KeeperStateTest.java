package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.capataz.computenode.keeper.Action.Kill;
import org.capataz.computenode.keeper.Action.Note;
import org.capataz.computenode.keeper.Action.Probe;
import org.capataz.computenode.keeper.Action.Tell;
import org.capataz.computenode.keeper.Action.Terminate;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeeperStateTest {

  private static final AttemptId A = attempt(1);
  private static final AttemptId B = attempt(2);
  private static final ProcessId PROCESS = new ProcessId(100, 5000);
  private static final String BOOT = "boot";

  private final List<Message> spool = new ArrayList<>();
  private KeeperState state = new KeeperState(BOOT, List.of());
  private long millis = 1_000;

  @BeforeEach
  void anAgentListens() {
    assertThat(on(new Request.ListAttempts()))
        .containsExactly(new Tell(new Report.Inventory(BOOT, List.of())));
  }

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

  // Attempts whose command runs on another node.

  private static final Execution.Limits NO_LIMIT = new Execution.Limits(0, 10);
  private static final BranchId ONE = new BranchId(A, "one");

  @Test
  void aHeldAttemptRunsAtOnceWithoutAProcess() {
    assertThat(told(hold(NO_LIMIT))).hasSize(1).first().isInstanceOf(Running.class);
    assertThat(state.hasWaiting()).isFalse();
  }

  @Test
  void aHeldAttemptIsOverWhenItWasStoppedAndNothingOfItRuns() {
    hold(NO_LIMIT);

    assertThat(stop(A, 20)).containsSubsequence(new Action.TerminateAll(A), new Action.ProbeAll(A));
    assertThat(wokenAfter(100)).containsSubsequence(new Action.KillAll(A), new Action.ProbeAll(A));
    assertThat(wokenAfter(100)).contains(new Action.ProbeAll(A));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void aHeldAttemptIsNotOverForWantOfProcessesAlone() {
    hold(NO_LIMIT);

    assertThat(on(new Input.Vanished(A))).isEmpty();
    assertThat(state.mayRun(A)).isTrue();
  }

  @Test
  void aHeldAttemptIsNotOverBeforeTheEndOfEachBranchIsTold() {
    hold(NO_LIMIT);
    serve(false);
    state.begin(now());
    stop(A, 20);

    assertThat(on(new Input.Vanished(A))).isEmpty();
    on(new Input.BranchStarted(ONE, running(A)));
    assertThat(on(new Input.Vanished(A))).isEmpty();
    on(new Input.BranchEnded(ONE, new BranchNews.End(143, "", "", ""), ResourceUsage.NONE));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.CANCELED);
  }

  @Test
  void theRunTimeLimitEndsAHeldAttemptToo() {
    hold(new Execution.Limits(1_000, 10));

    assertThat(wokenAfter(1_000)).contains(new Action.TerminateAll(A));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.TIME_LIMIT);
  }

  @Test
  void aBranchIsStartedOnceHoweverOftenItIsAskedFor() {
    hold(NO_LIMIT);

    assertThat(news(serve(false))).isEqualTo(BranchNews.taken(ONE));
    assertThat(news(serve(false))).isEqualTo(BranchNews.taken(ONE));
    assertThat(state.begin(now())).isInstanceOf(Spawn.Branch.class);
    serve(false);
    assertThat(state.begin(now())).isNull();
  }

  @Test
  void itsEndIsToldAsOftenAsItIsAskedForAndWhatItUsedIsTheAttempts() {
    hold(NO_LIMIT);
    serve(false);
    state.begin(now());
    on(new Input.BranchStarted(ONE, running(A)));
    var end = new BranchNews.End(3, "", "out", "");

    var told = news(on(new Input.BranchEnded(ONE, end, new ResourceUsage(1, 2, 3))));
    assertThat(told).isEqualTo(BranchNews.ended(ONE, end));
    assertThat(news(serve(false))).isEqualTo(told);
    stop(A, 20);
    assertThat(ended(on(new Input.Vanished(A))).outcome().usage())
        .isEqualTo(new ResourceUsage(1, 2, 3));
  }

  @Test
  void aBranchThatIsToEndIsKilledAfterItsGrace() {
    hold(NO_LIMIT);
    serve(false);
    state.begin(now());
    on(new Input.BranchStarted(ONE, running(A)));

    assertThat(serve(true)).contains(new Action.Terminate(running(A)));
    assertThat(serve(true)).doesNotContain(new Action.Terminate(running(A)));
    assertThat(wokenAfter(Branches.GRACE_MILLIS)).contains(new Action.Kill(running(A)));
  }

  @Test
  void aBranchThatIsStoppedWhileItWaitsDoesNotRun() {
    hold(NO_LIMIT);
    serve(false);

    assertThat(news(serve(true)).end()).isPresent();
    assertThat(state.begin(now())).isNull();
  }

  @Test
  void aBranchOfAnAttemptThatIsNotHeldIsNotAnswered() {
    assertThat(serve(false)).isEmpty();
    run(A);
    assertThat(serve(false)).isEmpty();
    assertThat(state.begin(now())).isNull();
  }

  @Test
  void aLaterKeeperGoesOnHoldingAnAttemptThatHadNoBranches() {
    hold(NO_LIMIT);
    crash();
    on(new Input.Surveyed(Map.of()));

    assertThat(state.mayRun(A)).isTrue();
    assertThat(news(serve(false))).isEqualTo(BranchNews.taken(ONE));
  }

  @Test
  void aLaterKeeperEndsAnAttemptWhoseBranchesItWouldNotSeeEnd() {
    hold(NO_LIMIT);
    serve(false);
    crash();

    assertThat(on(new Input.Surveyed(Map.of()))).contains(new Action.TerminateAll(A));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.EXIT_STATUS_LOST);
  }

  @Test
  void aNodeThatStopsEndsWhatItHolds() {
    hold(NO_LIMIT);

    assertThat(on(new Input.Stop(50, 500))).contains(new Action.TerminateAll(A));
    assertThat(ended(on(new Input.Vanished(A))).reason()).isEqualTo(EndReason.NODE_STOPPED);
    assertThat(ended(on(new Request.Hold(B, Map.of(), NO_LIMIT, List.of()))).reason())
        .isEqualTo(EndReason.NODE_STOPPED);
  }

  private List<Action> hold(Execution.Limits limits) {
    on(new Request.ListAttempts());
    return on(new Request.Hold(A, Map.of(), limits, List.of()));
  }

  private List<Action> serve(boolean stop) {
    var command = new BranchRequest.Command("true", Map.of(), "/");
    return on(new Request.Serve(new BranchRequest(ONE, "n2", stop, Optional.of(command))));
  }

  private static List<Report> told(List<Action> actions) {
    return actions.stream()
        .flatMap(action -> action instanceof Tell(var report) ? Stream.of(report) : null)
        .toList();
  }

  private static BranchNews news(List<Action> actions) {
    return told(actions).stream()
        .flatMap(report -> report instanceof Report.Served(var news) ? Stream.of(news) : null)
        .findFirst()
        .orElseThrow();
  }

  // Leases.

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

  private List<Action> start(AttemptId attempt) {
    return start(attempt, new Execution.Limits(0, 10));
  }

  private List<Action> start(AttemptId attempt, Execution.Limits limits) {
    return on(
        new Request.Start(
            attempt,
            new Execution(List.of("/bin/true"), Map.of(), "/", Execution.Streams.UNNAMED, limits)));
  }

  private AttemptId begin() {
    var start = (Request.Start) state.begin(now());
    assertThat(start).isNotNull();
    spool.add(new Begun(start.attempt(), start.execution().limits()));
    return start.attempt();
  }

  private void started(AttemptId attempt) {
    on(new Input.Started(running(attempt)));
  }

  private void run(AttemptId attempt) {
    run(attempt, new Execution.Limits(0, 10));
  }

  private void run(AttemptId attempt, Execution.Limits limits) {
    start(attempt, limits);
    begin();
    started(attempt);
  }

  private void exited(AttemptId attempt) {
    on(new Input.Exited(attempt, outcome(0)));
  }

  private List<Action> stop(AttemptId attempt, long grace) {
    return on(new Request.Stop(attempt, EndReason.CANCELED, "", grace));
  }

  private List<Action> wokenAfter(long later) {
    millis += later;
    return on(new Input.Woken());
  }

  private List<Action> on(Request request) {
    return on(new Input.FromAgent(request));
  }

  private List<Action> on(Input input) {
    var actions = state.on(input, now());
    for (var action : actions) {
      if (action instanceof Note(var fact)) {
        spool.add(fact);
      }
    }
    return actions;
  }

  private void crash() {
    state = new KeeperState(BOOT, spool);
  }

  private Moment now() {
    return new Moment(millis, micros());
  }

  private long micros() {
    return millis * 1_000;
  }

  private static Ended ended(List<Action> actions) {
    return actions.stream()
        .flatMap(action -> action instanceof Note(Ended ended) ? Stream.of(ended) : Stream.empty())
        .findFirst()
        .orElseThrow();
  }

  private static Running running(AttemptId attempt) {
    return new Running(attempt, PROCESS, 1_000_000, false);
  }

  private static Outcome outcome(int code) {
    return new Outcome(
        new ExitStatus.Code(code), 1_000_000, 2_000_000, new ResourceUsage(1, 2, 3), "");
  }

  private static AttemptId attempt(int instance) {
    return new AttemptId(new UUID(1, 2), 7, new InstanceId(3, 1, instance), 1);
  }
}
