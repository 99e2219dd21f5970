package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BackoffTest {

  @Test
  void nodesThatLostTheSameHeadNodeDoNotComeBackTogether() {
    var waits = new HashSet<Long>();
    for (var node = 0; node < 100; node++) {
      waits.add(new Backoff(new SplittableRandom(node)).next());
    }

    assertThat(waits).hasSizeGreaterThan(90);
  }

  @Test
  void noWaitIsLongerThanTheLongest() {
    var backoff = new Backoff(new SplittableRandom(1));
    for (var failure = 0; failure < 100; failure++) {
      assertThat(backoff.next()).isBetween(1L, Backoff.LONGEST.toNanos());
    }
  }
}
