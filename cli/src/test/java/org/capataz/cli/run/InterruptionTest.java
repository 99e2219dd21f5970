package org.capataz.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptionTest {

  private final List<String> done = new ArrayList<>();
  private final Interruption interruption = new Interruption(code -> done.add("killed " + code));

  @Test
  void theFirstSignalIsReactedToAndTheSecondKills() {
    interruption.reactWith(() -> done.add("stopped"));
    interruption.reactWith(() -> done.add("canceled"));

    interruption.received(2);
    assertThat(interruption.exitCode()).isEqualTo(130);
    interruption.received(15);

    assertThat(done).containsExactly("canceled", "killed 143");
  }

  @Test
  void whatIsPreparedTooLateIsDoneAtOnce() {
    interruption.received(15);
    interruption.reactWith(() -> done.add("stopped"));

    assertThat(done).containsExactly("stopped");
    assertThat(interruption.exitCode()).isEqualTo(143);
  }
}
