package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

/// Attempts whose command runs on another node.
class HeldAttemptsTest extends KeeperStateScript {

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

  private static BranchNews news(List<Action> actions) {
    return told(actions).stream()
        .flatMap(report -> report instanceof Report.Served(var news) ? Stream.of(news) : null)
        .findFirst()
        .orElseThrow();
  }
}
