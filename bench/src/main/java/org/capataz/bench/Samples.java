package org.capataz.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/// The values of several runs.
final class Samples {

  private final double[] values;

  Samples(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("expected at least one run");
    }
    this.values = values.clone();
    Arrays.sort(this.values);
  }

  static Samples of(Collection<Double> values) {
    return new Samples(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  double median() {
    var middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  double least() {
    return values[0];
  }

  double most() {
    return values[values.length - 1];
  }

  /// The value below which a share of the others is.
  double quantile(double share) {
    return values[(int) Math.min(values.length - 1, Math.floor(share * values.length))];
  }

  /// `MEDIAN (LEAST-MOST)`, or the value alone if there is but one.
  @Override
  public String toString() {
    return values.length == 1
        ? format(median())
        : "%s (%s-%s)".formatted(format(median()), format(least()), format(most()));
  }

  /// A value with three digits that count, or all of its whole ones.
  static String format(double value) {
    var size = Math.abs(value);
    return String.format(
        Locale.ROOT,
        size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f",
        value);
  }
}
