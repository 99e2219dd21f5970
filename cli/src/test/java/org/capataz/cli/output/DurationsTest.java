package org.capataz.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "PT-3S, 0s",
    "PT0S, 0s",
    "PT0.05S, 0s",
    "PT0.35S, 0.3s",
    "PT9.96S, 9.9s",
    "PT42.7S, 42s",
    "PT60S, 1m00s",
    "PT1H7M9S, 1h07m",
    "PT99H, 4d03h"
  })
  void aTimeIsShownInTwoUnitsAtMost(Duration duration, String shown) {
    assertThat(Durations.shown(duration)).isEqualTo(shown);
  }
}
