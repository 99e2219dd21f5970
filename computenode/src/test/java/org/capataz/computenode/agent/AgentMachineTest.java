package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.UUID;
import org.capataz.computenode.agent.AgentMachine.Now;
import org.capataz.computenode.keeper.BranchId;
import org.capataz.computenode.keeper.BranchNews;
import org.capataz.computenode.keeper.BranchRequest;
import org.capataz.computenode.keeper.Execution;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Accepted;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.keeper.TaskOutput;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.CommandLine;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.Launch;
import org.capataz.model.Placeholders;
import org.capataz.model.Topology;
import org.junit.jupiter.api.Test;

/// What passes between keeper, agent and head node, in the orders in which it may come.
final class AgentMachineTest {

  private static final UUID CLUSTER = new UUID(1, 1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration LINGER = AgentMachine.LINGER;

  private Optional<ClusterEpoch> seen = Optional.empty();
  private AgentMachine machine = machine();
  private long nanos;

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
                new Orders(Map.of(), List.of(start(1)), List.of(), List.of(), List.of())));

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
                new Orders(Map.of(), List.of(start(1)), List.of(), List.of(), List.of())));

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

  // Leases.

  @Test
  void theHeadNodeIsHeardManyTimesInTheShortestLease() {
    connected();
    keeper(new Report.Leased(8_000));
    assertThat(wait(Duration.ZERO)).isEmpty();
    keeper(running(1));

    for (var times = 0; times < 3; times++) {
      assertThat(wait(Duration.ofSeconds(1))).contains(new Action.Beat(nanos));
    }
    keeper(new Report.Leased(0));
    assertThat(untilWakeup()).isEqualTo(HEARTBEAT);
  }

  @Test
  void anAnswerRenewsLeasesAsOfWhenItWasAskedFor() {
    connected();
    var asked = nanos;
    wait(Duration.ofSeconds(4));

    assertThat(head(new Input.Answering(asked)))
        .containsExactly(new Action.Ask(new Request.Renew(asked / 1_000_000)));
  }

  @Test
  void whatHasALeaseIsNotBegunBeforeTheHeadNodeHasAnswered() {
    connected();

    assertThat(head(orders(leased(1)))).containsExactly(new Action.Beat(nanos));
    assertThat(head(orders(leased(2)))).isEmpty();
    assertThat(started(new Input.Answering(nanos))).containsExactly(attempt(1), attempt(2));
    assertThat(started(orders(leased(3)))).containsExactly(attempt(3));
    wait(Duration.ofSeconds(5));
    assertThat(started(orders(leased(4)))).isEmpty();
  }

  @Test
  void whatWaitedForAnAnswerWhenTheConnectionWentIsForgotten() {
    connected();
    head(orders(leased(1)));
    lost();

    assertThat(reconnecting()).containsExactly(hello());
    assertThat(head(welcome(1))).noneMatch(Action.Ask.class::isInstance);
    assertThat(started(new Input.Answering(nanos))).isEmpty();
  }

  @Test
  void whatIsStoppedWhileItWaitsForAnAnswerNeverRuns() {
    connected();
    head(orders(leased(1)));

    assertThat(sent(head(orders(new Request.Stop(attempt(1), EndReason.CANCELED, "", 0)))))
        .singleElement()
        .isInstanceOf(Report.Ended.class);
    assertThat(started(new Input.Answering(nanos))).isEmpty();
  }

  @Test
  void anAnswerOfAConnectionThatIsGoneRenewsNothing() {
    connected();
    lost();

    assertThat(head(new Input.Answering(nanos))).isEmpty();
  }

  private static Start leased(int job) {
    var placements = List.of(new Start.Placement("n1", CoreSet.first(1)));
    return new Start(
        attempt(job), 1, List.of(""), placements, 0, true, OptionalInt.empty(), true, 10_000_000);
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

  // What is said.

  private AgentMachine machine() {
    var login = new Login("user", "/home/user", "/bin/sh", "C.UTF-8", "/tmp");
    var executions =
        new Executions("n1", login, List.of(), new ParallelFiles(Path.of("/data")), List.of());
    return new AgentMachine(profile(), executions, seen, new SplittableRandom(1));
  }

  private static NodeProfile profile() {
    var found = new Machine(4, 1, 8000, List.of(), List.of(), "Linux", "amd64");
    return new NodeProfile(
        new UUID(3, 3), "n1", "n1.lab", found, Topology.flat(4), 8000, List.of(), List.of());
  }

  private static AttemptId attempt(int job) {
    return new AttemptId(CLUSTER, 1, new InstanceId(job, 1, 0), 1);
  }

  private static Running running(int job) {
    return new Running(attempt(job), new ProcessId(100 + job, 5), 1_000, false);
  }

  private static Ended ended(int job) {
    var outcome = new Outcome(new ExitStatus.Code(0), 1_000, 2_000, ResourceUsage.NONE, "");
    return new Ended(attempt(job), EndReason.EXITED, "", outcome);
  }

  private static Start start(int job) {
    return start(job, "");
  }

  private static Start start(int job, String value) {
    var placement = new Start.Placement("n1", CoreSet.first(1));
    return new Start(attempt(job), 1, List.of(value), List.of(placement), 0, false);
  }

  private static Request.Stop stop(int job) {
    return new Request.Stop(attempt(job), EndReason.CANCELED, "canceled by user", 1_000);
  }

  private static Input orders(Start... starts) {
    return orders(List.of(starts), List.of(), List.of());
  }

  private static Input orders(Request.Stop stop) {
    return orders(List.of(), List.of(stop), List.of());
  }

  private static Input acknowledgement(int job) {
    return orders(List.of(), List.of(), List.of(attempt(job)));
  }

  static Input orders(List<Start> starts, List<Request.Stop> stops, List<AttemptId> acknowledged) {
    var launch =
        new Launch(
            CommandLine.parse("true", Placeholders.STAR).orElseThrow(),
            "",
            new Launch.Streams("", "", ""),
            Map.of());
    var template = TaskTemplate.of(launch, Placeholders.STAR, Map.of());
    return new Input.Ordered(
        new Orders(Map.of(1L, template), starts, stops, acknowledged, List.of()));
  }

  private static OutputQuery query(long id, UUID cluster) {
    var attempt = new AttemptId(cluster, 1, new InstanceId(1, 1, 0), 1);
    return new OutputQuery(id, attempt, TaskOutput.Stream.OUT, 0, 100, "", "");
  }

  private static Input welcome(long epoch) {
    return welcome(CLUSTER, epoch);
  }

  private static Input welcome(UUID cluster, long epoch) {
    return new Input.Welcomed("head:5800", new ClusterEpoch(cluster, epoch), "lab", HEARTBEAT);
  }

  private Action hello(OfAttempt... attempts) {
    return new Action.Connect(profile(), "boot", List.of(attempts), seen);
  }

  // How it is said.

  private List<Action> all(Input... inputs) {
    var actions = machine.on(List.of(inputs), new Now(nanos, 0));
    for (var action : actions) {
      if (action instanceof Action.Keep(var epoch)) {
        seen = Optional.of(epoch);
      }
    }
    return actions;
  }

  private List<Action> head(Input input) {
    return all(input);
  }

  private List<Action> keeper(Report report) {
    return all(new Input.Reported(report));
  }

  private List<Action> wait(Duration duration) {
    nanos += duration.toNanos();
    return all();
  }

  private Duration untilWakeup() {
    return Duration.ofNanos(machine.nextWakeup() - nanos);
  }

  private void inventory(OfAttempt... attempts) {
    keeper(new Report.Inventory("boot", List.of(attempts)));
  }

  private void connected(OfAttempt... attempts) {
    inventory(attempts);
    head(welcome(1));
  }

  private void lost() {
    head(new Input.Disconnected("lost the connection", false));
  }

  private List<Action> reconnecting() {
    return wait(untilWakeup());
  }

  private List<Action> says(Report report, Class<? extends Action> kind) {
    return keeper(report).stream().filter(kind::isInstance).toList();
  }

  private static List<OfAttempt> sent(List<Action> actions) {
    return actions.stream()
        .filter(Action.Send.class::isInstance)
        .flatMap(action -> ((Action.Send) action).attempts().stream())
        .toList();
  }

  private List<AttemptId> started(Input input) {
    return head(input).stream()
        .filter(action -> action instanceof Action.Ask(Request.Start _))
        .map(action -> ((Request.Start) ((Action.Ask) action).request()).attempt())
        .toList();
  }
}
