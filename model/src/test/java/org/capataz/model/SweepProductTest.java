package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sweeps over named parameters.
class SweepProductTest {

  @Test
  void eachCombinationIsThereOnceAndTheLastParameterChangesFastest() {
    var sweep =
        sweep(
            new SweepAxis.Rows(List.of("site", "lat"), List.of("Oslo", "59.9", "Bergen", "60.4")),
            new SweepAxis.Listed("seed", "7,10-14:2"));

    assertThat(sweep.count()).isEqualTo(8);
    assertThat(IntStream.range(0, 8).mapToObj(sweep::values))
        .containsExactly(
            List.of("1", "Oslo", "59.9", "7"),
            List.of("2", "Oslo", "59.9", "10"),
            List.of("3", "Oslo", "59.9", "12"),
            List.of("4", "Oslo", "59.9", "14"),
            List.of("5", "Bergen", "60.4", "7"),
            List.of("6", "Bergen", "60.4", "10"),
            List.of("7", "Bergen", "60.4", "12"),
            List.of("8", "Bergen", "60.4", "14"));
    assertThat(Placeholders.of(sweep).marks()).containsExactly("*", "{site}", "{lat}", "{seed}");
    assertThat(IntStream.range(0, 8).map(ordinal -> sweep.ordinal(sweep.index(ordinal))))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(sweep.ordinal(0)).isEqualTo(-1);
    assertThat(sweep.ordinal(9)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.1, 0.2   | 0.1;0.2
          5          | 5
          001,002    | 001;002
          3,-1,2     | 3;-1;2
          -2-1       | -2;-1;0;1
          1-3,9      | 1;2;3;9
          10:30,a-b  | 10:30;a-b
          """)
  void aListIsOfValuesOrOfNumbersAndRanges(String list, String values) {
    var sweep = sweep(new SweepAxis.Listed("x", list));

    assertThat(IntStream.range(0, sweep.count()).mapToObj(i -> sweep.values(i).get(1)))
        .containsExactly(values.split(";"));
  }

  @Test
  void aLargeProductIsNotWrittenOut() {
    var sweep = sweep(new SweepAxis.Listed("a", "1-1000"), new SweepAxis.Listed("b", "0-9999"));

    assertThat(sweep.count()).isEqualTo(Limits.INSTANCES);
    assertThat(sweep.values(Limits.INSTANCES - 1)).containsExactly("10000000", "1000", "9999");
  }

  @Test
  void rowsThatAreNotFullAreRefused() {
    var rows = new SweepAxis.Rows(List.of("a", "b"), List.of("1", "2", "3"));

    assertThat(SweepAxes.sweep(List.of(rows)))
        .isEqualTo(Result.invalid("expected rows of 2 sweep values, but got 3"));
  }

  @Test
  void valuesWithoutANameAreSweptOverAlone() {
    var lines = new SweepAxis.Lines(List.of("a"));

    assertThat(SweepAxes.sweep(List.of(lines, lines))).isInstanceOf(Result.Refused.class);
  }

  private static Sweep sweep(SweepAxis... axes) {
    return SweepAxes.sweep(List.of(axes)).orElseThrow();
  }
}
