package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The small values: how people write them, and what is refused.
class ValuesTest {

  // Priority.

  @Test
  void everyPriorityIsReadAsItIsWritten() {
    for (var value = 0; value <= 4000; value++) {
      var priority = new Priority(value);

      assertThat(Priority.parse(priority.toString()).orElseThrow()).isEqualTo(priority);
      assertThat(Priority.parse(priority.toString().toUpperCase(Locale.ROOT)).orElseThrow())
          .isEqualTo(priority);
      assertThat(Priority.parse(Integer.toString(value)).orElseThrow()).isEqualTo(priority);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,Lowest",
    "500,Lowest+500",
    "501,BelowNormal-499",
    "2000,Normal",
    "2005,Normal+5",
    "2980,AboveNormal-20",
    "4000,Highest",
    "3501,Highest-499"
  })
  void prioritiesAreWrittenByTheNearestName(int value, String text) {
    assertThat(new Priority(value)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "4001",
        "-1",
        "99999",
        "Lowest-1",
        "Highest+1",
        "Normal+",
        "Normal 5",
        "+5",
        "Urgent",
        "Normal+12345"
      })
  void whatIsNoPriorityIsRefused(String text) {
    assertThat(Priority.parse(text)).isInstanceOf(Result.Refused.class);
  }

  // Reference.

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "2147483647", "12.1", "12.1.0", "12.1.-40", "12.3.999999999999999999"})
  void referencesAreReadAsTheyAreWritten(String text) {
    assertThat(Reference.parse(text).orElseThrow()).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "1.",
        "1.0",
        "1.1.",
        "1.1.1.1",
        ".1",
        "a",
        "1 ",
        " 1",
        "2147483648",
        "99999999999999999999",
        "../1",
        "1/2",
        "1\n",
        "١",
        "1.1.1e3",
        "1\0"
      })
  void whatIsNoReferenceIsRefused(String text) {
    assertThat(Reference.parse(text)).isInstanceOf(Result.Refused.class);
  }

  // AttemptId.

  @Test
  void attemptsAreReadAsTheyAreWritten() {
    Seeds.forEach(
        1000,
        random -> {
          var attempt =
              new AttemptId(
                  new UUID(random.nextLong(), random.nextLong()),
                  number(random, 0, 999_999_999_999_999_999L),
                  new InstanceId(
                      number(random, 1, Integer.MAX_VALUE),
                      number(random, 1, Integer.MAX_VALUE),
                      number(random, -999_999_999_999_999_999L, 999_999_999_999_999_999L)),
                  number(random, 1, Integer.MAX_VALUE));

          assertThat(AttemptId.parse(attempt.toString()).orElseThrow()).isEqualTo(attempt);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "------------------------------------/1/1.1.0/1",
        "00000000-0000-0000-0000-00000000000g/1/1.1.0/1",
        "00000000-0000-0000-0000-000000000001/1/2147483648.1.0/1",
        "00000000-0000-0000-0000-000000000001/1/1.1.0/2147483648",
        "00000000-0000-0000-0000-000000000001/-1/1.1.0/1",
        "00000000-0000-0000-0000-000000000001/1/1.1/1",
        "00000000-0000-0000-0000-000000000001/1/1.1.0/1\n"
      })
  void whatIsNoAttemptIsRefused(String text) {
    assertThat(AttemptId.parse(text)).isInstanceOf(Result.Refused.class);
  }

  // Sweep.

  @Test
  void ordinalsAndIndexesOfARangeAreInverse() {
    Seeds.forEach(1000, ValuesTest::ordinalsAndIndexesAreInverse);
  }

  private static void ordinalsAndIndexesAreInverse(RandomGenerator random) {
    var start = number(random, -1_000_000_000_000L, 1_000_000_000_000L);
    var steps = number(random, 0, 1000);
    var increment = number(random, 1, 1_000_000_000_000L);
    var last = start + steps * increment;
    var sweep = Sweep.Range.of(start, last + random.nextLong(increment), increment).orElseThrow();

    assertThat(sweep.count()).isEqualTo(steps + 1);
    for (var ordinal : List.of(0, steps / 2, steps)) {
      assertThat(sweep.ordinal(sweep.index(ordinal))).isEqualTo(ordinal);
      assertThat(sweep.values(ordinal)).containsExactly(Long.toString(start + ordinal * increment));
    }
    assertThat(sweep.ordinal(start - increment)).isEqualTo(-1);
    assertThat(sweep.ordinal(last + increment)).isEqualTo(-1);
    assertThat(increment == 1 || sweep.ordinal(start + 1) == -1).isTrue();
  }

  @Test
  void theOrdinalsOfASmallRangeAreItsIndexesInOrder() {
    var sweep = new Sweep.Range(-3, 9, 4);
    var indexes = new HashSet<Long>();
    for (var index = -20L; index < 20; index++) {
      if (sweep.ordinal(index) >= 0) {
        indexes.add(index);
      }
    }

    assertThat(indexes).containsExactlyInAnyOrder(-3L, 1L, 5L, 9L);
    assertThat(sweep.count()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"100,1,100,1", "1-100,1,100,1", "0-100:5,0,100,5", "-5--1:2,-5,-1,2", "-5-5,-5,5,1"})
  void sweepsAreReadAsTheOriginalWritesThem(String text, long start, long end, long increment) {
    assertThat(Sweep.Range.parse(text).orElseThrow())
        .isEqualTo(new Sweep.Range(start, end, increment));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "1-",
        "-",
        "5-1",
        "1-5:0",
        "1-5:",
        "0",
        "1-10000001",
        "1-5 ",
        "1..5",
        "1-9999999999999999999",
        "-999999999999999999-999999999999999999"
      })
  void whatIsNoSweepIsRefused(String text) {
    assertThat(Sweep.Range.parse(text)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void theLargestSweepIsAccepted() {
    var sweep = Sweep.Range.parse("1-10000000").orElseThrow();

    assertThat(sweep.count()).isEqualTo(Limits.INSTANCES);
    assertThat(sweep.index(Limits.INSTANCES - 1)).isEqualTo(10_000_000);
  }

  @Test
  void valuesAreNumberedFromOne() {
    var sweep = new Sweep.Values(List.of("a", "b"));

    assertThat(sweep.count()).isEqualTo(2);
    assertThat(sweep.index(1)).isEqualTo(2);
    assertThat(sweep.values(1)).containsExactly("b");
    assertThat(sweep.ordinal(2)).isEqualTo(1);
    assertThat(sweep.ordinal(0)).isEqualTo(-1);
    assertThat(sweep.ordinal(3)).isEqualTo(-1);
    assertThat(sweep.ordinal(1L << 40)).isEqualTo(-1);
    assertThatIllegalArgumentException().isThrownBy(() -> new Sweep.Values(List.of()));
  }

  @Test
  void aBasicTaskIsOneInstanceOfIndexZero() {
    assertThat(Sweep.ONCE.count()).isEqualTo(1);
    assertThat(Sweep.ONCE.index(0)).isZero();
    assertThat(Sweep.ONCE.ordinal(0)).isZero();
    assertThat(Sweep.ONCE.ordinal(1)).isEqualTo(-1);
  }

  // Text, refusals and numbers that are stored.

  @Test
  void usersTextIsShownShortOnOneLineAndWhole() {
    assertThat(Text.shown("a\nb\u001b[0m\ud800")).isEqualTo("a?b?[0m?");
    assertThat(Text.shown("🌊".repeat(60))).isEqualTo("🌊".repeat(60));
    assertThat(Text.shown("🌊".repeat(61))).isEqualTo("🌊".repeat(60) + "…");
  }

  @Test
  void refusalsAreOneLineAndNameTheirPlace() {
    assertThat(Refusal.invalid("a\r\nb").in("c").message()).isEqualTo("c: a  b");
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void dialectsAreFoundByTheirNumber(Dialect dialect) {
    assertThat(Dialect.ofNumber(dialect.number())).isEqualTo(dialect);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "1,4,1-4", "2147483647,2147483647,2147483647"})
  void spansAreWrittenShort(int min, int max, String text) {
    assertThat(new Span(min, max)).hasToString(text);
  }

  @Test
  void spansOfNothingAreBugs() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Span(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Span(2, 1));
  }

  @Test
  void namesOfPropertiesAreUniqueWithoutRegardToCase() {
    for (var catalogue : List.of(JobProperty.values(), TaskProperty.values())) {
      var names = new HashSet<String>();
      for (Property property : catalogue) {
        assertThat(names.add(property.modelName().toLowerCase(Locale.ROOT))).isTrue();
        assertThat(
                property.legacyName().isEmpty()
                    || names.add(property.legacyName().toLowerCase(Locale.ROOT)))
            .isTrue();
        assertThat(property.description()).endsWith(".");
        assertThat(property.jsonName()).matches("[a-z][A-Za-z]*");
      }
    }
  }

  private static int number(RandomGenerator random, int min, int max) {
    return (int) number(random, (long) min, max);
  }

  /// A number of the range, often one of its bounds, and of few digits as often as of many.
  private static long number(RandomGenerator random, long min, long max) {
    return switch (random.nextInt(8)) {
      case 0 -> min;
      case 1 -> max;
      case 2, 3, 4 -> Math.clamp(random.nextLong() >> random.nextInt(64), min, max);
      default -> random.nextLong(min, max);
    };
  }
}
