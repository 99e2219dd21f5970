package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.capataz.computenode.keeper.Report.Accepted;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.AttemptId;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

/// Attempts that wait for the cores of others, and what is told of them when.
final class AgentBacklogTest extends AgentMachineScript {

  private static Start inLane(int job, long lane, long leaseMicros) {
    return new Start(
        attempt(job),
        1,
        List.of(""),
        List.of(new Start.Placement("n1", CoreSet.first(1))),
        0,
        true,
        OptionalInt.empty(),
        true,
        leaseMicros,
        lane,
        0);
  }

  /// A lane with so many attempts, the first of which runs, as the head node knows.
  private void lane(int attempts) {
    connected();
    head(
        orders(
            IntStream.rangeClosed(1, attempts).mapToObj(job -> inLane(job, 7, 0)).toList(),
            List.of(),
            List.of()));
    keeper(running(1));
    assertThat(sent(wait(Stock.LONGEST))).containsExactly(running(1));
  }

  private static Input recall(int job) {
    return orders(List.of(), List.of(attempt(job)), List.of(), List.of());
  }

  private static Ended recalled(List<OfAttempt> said, int job) {
    assertThat(said).hasSize(1);
    assertThat(said.getFirst().attempt()).isEqualTo(attempt(job));
    return (Ended) said.getFirst();
  }

  @Test
  void theKeeperIsToldTheLane() {
    connected();

    assertThat(head(orders(inLane(1, 7, 0))))
        .anyMatch(
            action ->
                action instanceof Action.Ask(Request.Start(AttemptId id, var _, var lane))
                    && id.equals(attempt(1))
                    && lane == 7);
  }

  @Test
  void endsAreToldTogetherWhileEnoughWaitForTheirCores() {
    lane(6);

    assertThat(sent(keeper(ended(1)))).isEmpty();
    assertThat(sent(keeper(running(2)))).isEmpty();
    assertThat(sent(wait(LINGER.multipliedBy(2)))).isEmpty();
    assertThat(sent(keeper(ended(2)))).isEmpty();
    assertThat(sent(keeper(running(3)))).isEmpty();

    assertThat(sent(wait(Stock.LONGEST))).containsExactly(ended(1), ended(2), running(3));
  }

  @Test
  void anEndIsToldSoonWhenOneAloneWaitsAndAtOnceWhenNoneDoes() {
    lane(3);

    assertThat(sent(keeper(ended(1)))).isEmpty();
    assertThat(sent(keeper(running(2)))).isEmpty();
    assertThat(untilWakeup()).isEqualTo(Stock.LONGEST);
    assertThat(sent(keeper(ended(2)))).isEmpty();
    assertThat(sent(wait(LINGER))).containsExactly(ended(1), ended(2));
    keeper(running(3));

    assertThat(sent(keeper(ended(3)))).containsExactly(ended(3));
  }

  @Test
  void anotherLaneThatIsEmptyIsNotHeldUp() {
    lane(6);
    head(orders(inLane(10, 8, 0)));
    keeper(running(10));

    assertThat(sent(keeper(ended(10)))).contains(ended(10));
  }

  @Test
  void aRecallGoesToTheKeeper() {
    lane(2);

    assertThat(head(recall(2))).contains(new Action.Ask(new Request.Recall(attempt(2))));
  }

  @Test
  void whatIsUnknownWillNeverRun() {
    connected();
    wait(LINGER);

    var end = recalled(sent(head(recall(5))), 5);

    assertThat(end.reason()).isEqualTo(EndReason.RECALLED);
    assertThat(end.outcome().startMicros()).isZero();
  }

  @Test
  void whatHasEndedBeforeItsRecallIsSaidAgain() {
    connected(ended(1));
    head(recall(1));

    assertThat(sent(wait(LINGER))).containsExactly(ended(1));
  }

  @Test
  void oneBehindAnotherThatMayNotBeginYetComesAfterIt() {
    connected();
    head(new Input.Answering(nanos));
    nanos += 6_000_000_000L;

    // The first has too little left of its lease, the second would have enough.
    assertThat(started(orders(inLane(1, 7, 10_000_000), inLane(2, 7, 100_000_000)))).isEmpty();

    assertThat(started(new Input.Answering(nanos))).containsExactly(attempt(1), attempt(2));
  }

  @Test
  void recallsOfAnInstanceAreNoRetries() {
    var third = new AttemptId(CLUSTER, 1, attempt(1).instance(), 3);
    var start =
        new Start(third, 1, List.of(), List.of(), 0, true, OptionalInt.empty(), true, 0, 7, 2);

    assertThat(start.retries()).isZero();
    assertThat(new Accepted(third).attempt()).isEqualTo(start.attempt());
  }
}
