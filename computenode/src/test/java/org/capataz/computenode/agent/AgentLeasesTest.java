package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.Test;

/// Attempts that end if the head node is not heard for long enough, as the agent sees to it.
final class AgentLeasesTest extends AgentMachineScript {

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
        attempt(job),
        1,
        List.of(""),
        placements,
        0,
        true,
        OptionalInt.empty(),
        true,
        10_000_000,
        0,
        0);
  }
}
