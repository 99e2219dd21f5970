package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.capataz.computenode.keeper.BranchId;
import org.capataz.computenode.keeper.BranchNews;
import org.capataz.computenode.keeper.BranchRequest;
import org.capataz.computenode.keeper.Execution;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Accepted;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

/// What passes between keeper, agent and head node, in the orders in which it may come.
final class AgentMachineTest extends AgentMachineScript {

  // Connecting.

  @Test
  void itDoesNotConnectBeforeTheKeeperSaysWhatItHas() {
    assertThat(wait(Duration.ofHours(1))).isEmpty();

    assertThat(says(new Report.Inventory("boot", List.of(running(1))), Action.Connect.class))
        .containsExactly(hello(running(1)));
  }

  @Test
  void anEndThatIsNotAcknowledgedIsSaidAgainAfterReconnecting() {
    connected();
    keeper(ended(1));
    lost();

    assertThat(reconnecting()).containsExactly(hello(ended(1)));
  }

  @Test
  void whatHappensBetweenHelloAndWelcomeIsSaidAfterTheWelcome() {
    inventory(running(1));

    assertThat(keeper(ended(1))).isEmpty();
    assertThat(head(welcome(1))).contains(new Action.Send(List.of(ended(1))));
  }

  @Test
  void whatHelloSaidIsNotRepeated() {
    inventory(running(1), ended(2));

    assertThat(head(welcome(1))).noneMatch(Action.Send.class::isInstance);
    assertThat(wait(LINGER)).isEmpty();
  }

  @Test
  void eachFailureDoublesTheWait() {
    inventory();
    for (var ceiling = 100L; ceiling < 10_000; ceiling *= 2) {
      lost();
      assertThat(untilWakeup())
          .isBetween(Duration.ofMillis(ceiling / 2), Duration.ofMillis(ceiling));
      reconnecting();
    }
    lost();
    assertThat(untilWakeup()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  @Test
  void aConnectionThatLastedIsRenewedWithoutDelay() {
    connected();
    wait(Duration.ofSeconds(10));
    lost();

    assertThat(untilWakeup()).isLessThanOrEqualTo(Duration.ofMillis(100));
  }

  @Test
  void aHeadNodeThatTakesTheNodeInAndDropsItIsNotBesieged() {
    connected();
    for (var times = 0; times < 8; times++) {
      lost();
      reconnecting();
      head(welcome(1));
    }
    lost();

    assertThat(untilWakeup()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aRefusalIsToldOnceAndTriedSlowly() {
    inventory();

    assertThat(head(new Input.Disconnected("refused by h: wrong token", true)))
        .contains(new Action.Say(Action.Level.WARNING, "refused by h: wrong token"));
    assertThat(untilWakeup()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    reconnecting();
    assertThat(head(new Input.Disconnected("refused by h: wrong token", true)))
        .containsExactly(new Action.Disconnect());
  }

  @Test
  void theOperatorIsToldOfEachWelcome() {
    inventory();

    assertThat(head(welcome(1)))
        .contains(new Action.Say(Action.Level.INFO, "node n1 (4 cores) connected to head:5800"));
  }

  @Test
  void aHeadNodeThatSaysNothingIsGivenUp() {
    inventory();

    assertThat(wait(AgentMachine.PATIENCE)).contains(new Action.Disconnect());
  }

  // Whom to obey.

  @Test
  void theEpochIsKeptBeforeAnyOrderIsDone() {
    inventory();

    assertThat(all(welcome(7), orders(start(1))))
        .startsWith(new Action.Keep(new ClusterEpoch(CLUSTER, 7)))
        .hasAtLeastOneElementOfType(Action.Ask.class);
  }

  @Test
  void aLowerEpochIsRefused() {
    seen = Optional.of(new ClusterEpoch(CLUSTER, 7));
    machine = machine();
    inventory();

    assertThat(all(welcome(6), orders(start(1))))
        .contains(new Action.Disconnect())
        .noneMatch(Action.Ask.class::isInstance)
        .noneMatch(Action.Keep.class::isInstance);
    assertThat(untilWakeup()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void anotherClusterIsRefusedWhileAttemptsOfTheFirstAreKnown() {
    inventory(ended(1));

    assertThat(head(welcome(new UUID(2, 2), 1)))
        .contains(new Action.Disconnect())
        .noneMatch(Action.Keep.class::isInstance);
  }

  @Test
  void anotherClusterIsObeyedOnceNothingOfTheFirstIsLeft() {
    seen = Optional.of(new ClusterEpoch(CLUSTER, 7));
    machine = machine();
    inventory();

    assertThat(head(welcome(new UUID(2, 2), 1)))
        .contains(new Action.Keep(new ClusterEpoch(new UUID(2, 2), 1)));
  }

  // Starting.

  @Test
  void aStartGoesToTheKeeper() {
    connected();

    assertThat(started(orders(start(1)))).containsExactly(attempt(1));
  }

  @Test
  void aRepeatedStartIsAnsweredAndNotObeyed() {
    connected();
    head(orders(start(1)));
    keeper(running(1));
    wait(LINGER);

    assertThat(started(orders(start(1)))).isEmpty();
    assertThat(wait(LINGER)).containsExactly(new Action.Send(List.of(running(1))));
  }

  @Test
  void aStartThatComesAgainAfterTheEndIsAnsweredWithTheEnd() {
    connected();
    head(orders(start(1)));
    keeper(ended(1));
    lost();
    reconnecting();
    head(welcome(1));

    assertThat(started(orders(start(1)))).isEmpty();
    assertThat(wait(LINGER)).containsExactly(new Action.Send(List.of(ended(1))));
  }

  @Test
  void anImpossibleStartEndsTheAttemptAtOnce() {
    connected();

    var actions = head(orders(start(1, "with\0nul")));

    assertThat(actions).noneMatch(Action.Ask.class::isInstance);
    assertThat(sent(actions).getFirst())
        .isInstanceOfSatisfying(
            Ended.class,
            end -> {
              assertThat(end.reason()).isEqualTo(EndReason.START_FAILED);
              assertThat(end.message()).contains("without NUL");
            });
  }

  @Test
  void aStartWithoutItsLaunchEndsTheAttempt() {
    connected();

    var actions =
        head(
            new Input.Ordered(
                new Orders(
                    Map.of(), List.of(start(1)), List.of(), List.of(), List.of(), List.of())));

    assertThat(sent(actions)).singleElement().isInstanceOf(Ended.class);
  }

  @Test
  void launchesAreForgottenWithTheConnection() {
    connected();
    head(orders());
    lost();
    reconnecting();
    head(welcome(1));

    var actions =
        head(
            new Input.Ordered(
                new Orders(
                    Map.of(), List.of(start(1)), List.of(), List.of(), List.of(), List.of())));

    assertThat(sent(actions)).singleElement().isInstanceOf(Ended.class);
  }

  @Test
  void ordersForAttemptsOfAnotherClusterAreNotObeyed() {
    inventory();

    assertThat(all(welcome(new UUID(2, 2), 1), orders(start(1)), orders(stop(2))))
        .noneMatch(Action.Ask.class::isInstance)
        .noneMatch(Action.Send.class::isInstance);
  }

  // Stopping.

  @Test
  void aStopGoesToTheKeeper() {
    connected(running(1));

    assertThat(head(orders(stop(1)))).contains(new Action.Ask(stop(1)));
  }

  @Test
  void aStopThatCrossesTheEndIsAnsweredWithTheEnd() {
    connected(ended(1));

    assertThat(head(orders(stop(1)))).noneMatch(Action.Ask.class::isInstance);
    assertThat(wait(LINGER)).containsExactly(new Action.Send(List.of(ended(1))));
  }

  @Test
  void aStopOfWhatNeverCameIsAnsweredWithItsEnd() {
    connected();

    assertThat(sent(head(orders(stop(1)))))
        .singleElement()
        .isInstanceOfSatisfying(
            Ended.class, end -> assertThat(end.reason()).isEqualTo(EndReason.CANCELED));
  }

  @Test
  void aStartAfterItsStopIsNotObeyed() {
    connected();
    head(orders(stop(1)));

    assertThat(started(orders(start(1)))).isEmpty();
  }

  // Acknowledging.

  @Test
  void anAcknowledgedAttemptIsForgotten() {
    connected(ended(1));

    assertThat(head(acknowledgement(1)))
        .containsExactly(new Action.Ask(new Request.Acknowledge(List.of(attempt(1)))));
    lost();
    assertThat(reconnecting()).containsExactly(hello());
  }

  @Test
  void whatRunsIsNotForgotten() {
    connected(running(1));

    assertThat(head(acknowledgement(1))).noneMatch(Action.Ask.class::isInstance);
    lost();
    assertThat(reconnecting()).containsExactly(hello(running(1)));
  }

  @Test
  void anAcknowledgementOfTheUnknownMeansNothing() {
    connected();

    assertThat(head(acknowledgement(1))).isEmpty();
  }

  // Reporting.

  @Test
  void newsAfterSilenceIsSentAtOnce() {
    connected(running(1));
    wait(LINGER);

    assertThat(keeper(running(1))).containsExactly(new Action.Send(List.of(running(1))));
  }

  @Test
  void startAndEndOfAShortTaskAreOneReport() {
    connected();
    head(orders(start(1)));

    assertThat(keeper(new Accepted(attempt(1)))).isEmpty();
    assertThat(keeper(running(1))).isEmpty();
    assertThat(keeper(ended(1))).containsExactly(new Action.Send(List.of(ended(1))));
  }

  @Test
  void anEndIsSentAtOnceIfNothingTakesItsPlace() {
    connected(running(1), running(2));

    assertThat(keeper(ended(1))).containsExactly(new Action.Send(List.of(ended(1))));
  }

  @Test
  void anEndWaitsForMoreWhileOthersTakeItsPlace() {
    connected(running(1), new Accepted(attempt(2)));

    assertThat(keeper(ended(1))).isEmpty();
    assertThat(untilWakeup()).isLessThanOrEqualTo(LINGER);
    assertThat(wait(LINGER)).containsExactly(new Action.Send(List.of(ended(1))));
  }

  @Test
  void aBurstIsSentInMessagesOfBoundedSize() {
    connected();
    var burst = new ArrayList<Input>();
    for (var job = 1; job <= 1200; job++) {
      burst.add(new Input.Reported(ended(job)));
    }

    assertThat(all(burst.toArray(Input[]::new)))
        .extracting(action -> ((Action.Send) action).attempts().size())
        .containsExactly(500, 500, 200);
  }

  @Test
  void anEndIsNotUndoneByALateStart() {
    connected();
    keeper(ended(1));
    keeper(running(1));
    lost();

    assertThat(reconnecting()).containsExactly(hello(ended(1)));
  }

  @Test
  void silenceIsBrokenByHeartbeats() {
    connected();

    assertThat(untilWakeup()).isEqualTo(HEARTBEAT);
    assertThat(wait(HEARTBEAT)).containsExactly(new Action.Beat(nanos));
    assertThat(wait(HEARTBEAT)).containsExactly(new Action.Beat(nanos));
  }

  // Output.

  @Test
  void outputIsReadAndAnswered() {
    connected();
    var piece = OutputPiece.refused(9, "no such file");

    assertThat(head(new Input.Asked(query(9, CLUSTER))))
        .contains(new Action.Read(query(9, CLUSTER)));
    assertThat(all(new Input.Answered(piece))).containsExactly(new Action.Answer(piece));
  }

  @Test
  void outputOfAnotherClusterIsNotRead() {
    connected();

    assertThat(head(new Input.Asked(query(9, new UUID(2, 2)))))
        .singleElement()
        .isInstanceOf(Action.Answer.class);
  }

  @Test
  void anAnswerIsNotGivenToAnotherConnection() {
    connected();
    head(new Input.Asked(query(9, CLUSTER)));
    lost();
    reconnecting();
    head(welcome(1));

    assertThat(all(new Input.Answered(OutputPiece.refused(9, "no such file")))).isEmpty();
  }

  // The node's stop.

  @Test
  void aNodeThatStopsTakesNoMore() {
    connected();
    all(new Input.Reported(new Report.Stopping()));

    var actions = head(orders(start(1)));

    assertThat(actions).noneMatch(Action.Ask.class::isInstance);
    assertThat(sent(actions))
        .singleElement()
        .isInstanceOfSatisfying(
            Ended.class, end -> assertThat(end.reason()).isEqualTo(EndReason.NODE_STOPPED));
  }

  @Test
  void aNodeThatStopsTriesAtOnceToDeliverItsLastReports() {
    inventory(running(1));
    lost();

    assertThat(keeper(new Report.Stopping())).containsExactly(hello(running(1)));
  }

  // Attempts of several nodes.

  @Test
  void anAttemptWhoseCommandRunsOnAnotherNodeIsHeld() {
    connected();
    var placements =
        List.of(
            new Start.Placement("n2", CoreSet.first(2)),
            new Start.Placement("n1", CoreSet.first(1)));

    assertThat(head(orders(new Start(attempt(1), 1, List.of(), placements, 0, false))))
        .contains(
            new Action.Ask(
                new Request.Hold(
                    attempt(1),
                    Map.of("CCP_COREIDS", "0", "CCP_AFFINITY", "1"),
                    new Execution.Limits(0, 10_000),
                    List.of())));
  }

  @Test
  void whatKeepersSayToEachOtherIsPassedOnAndLostWhileThereIsNoConnection() {
    var branch = new BranchId(attempt(1), "a");
    var wanted = new BranchRequest(branch, "n2", false, Optional.empty());
    var taken = new BranchNews(branch, Optional.empty());
    connected();

    assertThat(keeper(new Report.Wanted(wanted))).contains(new Action.Pass(wanted));
    assertThat(keeper(new Report.Served(taken))).contains(new Action.PassNews(taken));
    assertThat(head(new Input.Passed(new Request.Serve(wanted))))
        .contains(new Action.Ask(new Request.Serve(wanted)));
    lost();
    assertThat(keeper(new Report.Wanted(wanted))).isEmpty();
  }
}
