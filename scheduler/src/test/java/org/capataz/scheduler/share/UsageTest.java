package org.capataz.scheduler.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;
  private static final long START = 1_700_000_000 * SECOND;

  @Test
  void whatWasUsedAtOneMomentCountsHalfAfterTheHalfLife() {
    var usage = new Usage(1000, START, 0);

    assertThat(usage.at(START + 7 * DAY, 7 * DAY)).isEqualTo(500, within(1e-9));
    assertThat(usage.at(START + 21 * DAY, 7 * DAY)).isEqualTo(125, within(1e-9));
    assertThat(usage.at(START + 21 * DAY, 0)).isEqualTo(1000);
  }

  @Test
  void whatIsHeldFadesWhileItIsHeld() {
    var held = Usage.NONE.holding(10, START, DAY);

    // The integral of 10 * 2^(-t/day) over a day, and over all time: 10 * 86400 / ln 2.
    assertThat(held.at(START + DAY, DAY)).isEqualTo(623_244.2576640, within(1e-6));
    assertThat(held.at(START + 100 * DAY, DAY)).isEqualTo(1_246_488.5153281, within(1e-6));
    assertThat(held.at(START + DAY, 0)).isEqualTo(864_000);
    // Of a microsecond, too, nothing is lost.
    assertThat(held.at(START + 1, 7 * DAY)).isEqualTo(1e-5, within(1e-17));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void itComesToTheSameInHoweverManySteps(long seed) {
    var random = new Random(seed);
    for (var round = 0; round < 200; round++) {
      var halfLife = round % 10 == 0 ? 0 : 1 + random.nextLong(30 * DAY);
      var usage = new Usage(random.nextDouble() * 1e9, START, random.nextInt(100_000));
      var end = START + 1 + random.nextLong(60 * DAY);
      var steps = usage;
      for (var left = random.nextInt(1000); left > 0; left--) {
        var time = steps.since() + random.nextLong(Math.max(1, (end - steps.since()) / left));
        steps = steps.holding(0, time, halfLife);
      }
      var whole = usage.at(end, halfLife);
      assertThat(steps.at(end, halfLife))
          .as("seed " + seed)
          .isEqualTo(whole, within(1e-12 * whole));
    }
  }

  @Test
  void aChangeOfTheHalfLifeHoldsFromThenOn() {
    var usage = new Usage(800, START, 0).fadingOtherwise(START + DAY, DAY);

    assertThat(usage.at(START + 3 * DAY, 2 * DAY)).isEqualTo(200, within(1e-9));
  }

  @Test
  void aClockThatWentBackCountsNothing() {
    var held = Usage.NONE.holding(4, START, DAY);

    assertThat(held.at(START - DAY, DAY)).isZero();
    assertThat(held.holding(-4, START - DAY, DAY)).isEqualTo(new Usage(0, START, 0));
  }

  @Test
  void whenTheClockIsSetWhatIsHeldGoesOnAsBefore() {
    var held = new Usage(100, START, 4).whenClockIsSet(DAY);

    assertThat(held.at(START + DAY + 10 * SECOND, 0)).isEqualTo(140);
  }
}
