package org.capataz.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Makes the sweep of the axes that somebody wrote.
final class SweepAxes {

  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.-]*");

  /// Numbers as they are written out: others, such as 007, are texts.
  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9]\\d{0,17}");

  private static final Pattern RANGE =
      Pattern.compile("(?:" + WHOLE + ")-(?:" + WHOLE + ")(?::\\d{1,18})?");

  private SweepAxes() {}

  /// @param axes at least one
  static Result<Sweep> sweep(List<SweepAxis> axes) {
    if (axes.getFirst() instanceof SweepAxis.Lines(var values) && axes.size() == 1) {
      return checked(values).then(lines -> Result.ok(new Sweep.Values(lines)));
    }
    var names = new HashSet<String>();
    var factors = new ArrayList<SweepProduct.Factor>();
    for (var axis : axes) {
      switch (factor(axis)) {
        case Result.Ok<SweepProduct.Factor>(var factor) -> {
          for (var name : factor.names()) {
            if (!names.add(name)) {
              return Result.invalid(
                  "expected each parameter of a sweep once, but '" + name + "' is there twice");
            }
          }
          factors.add(factor);
        }
        case Result.Refused<SweepProduct.Factor>(var refusal) -> {
          return Result.refused(refusal);
        }
      }
    }
    if (names.size() > Limits.SWEEP_NAMES) {
      return Result.invalid(
          "expected at most "
              + Limits.SWEEP_NAMES
              + " parameters of a sweep, but got "
              + names.size());
    }
    if (SweepProduct.count(factors) > Limits.INSTANCES) {
      return Result.invalid(
          "expected at most " + Limits.INSTANCES + " instances, but the sweep has more");
    }
    return Result.ok(new SweepProduct(factors));
  }

  private static Result<SweepProduct.Factor> factor(SweepAxis axis) {
    return switch (axis) {
      case SweepAxis.Lines lines ->
          Result.invalid(
              "expected a name for each of several sweeps, such as seed=1-10, but one has none");
      case SweepAxis.Listed(var name, var list) ->
          checkedName(name)
              .then(_ -> listed(list).in("sweep over " + Text.shown(name)))
              .then(column -> Result.ok(new SweepProduct.Factor(List.of(name), List.of(column))));
      case SweepAxis.Rows rows -> rows(rows);
    };
  }

  private static Result<SweepProduct.Factor> rows(SweepAxis.Rows rows) {
    var width = rows.names().size();
    for (var name : rows.names()) {
      if (checkedName(name) instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal);
      }
    }
    if (width == 0 || rows.cells().size() % width != 0) {
      return Result.invalid(
          "expected rows of " + width + " sweep values, but got " + rows.cells().size());
    }
    return checked(rows.cells())
        .then(
            cells ->
                Result.ok(
                    new SweepProduct.Factor(
                        rows.names(),
                        IntStream.range(0, width)
                            .<Sweep>mapToObj(column -> column(cells, column, width))
                            .toList())));
  }

  private static Sweep column(List<String> cells, int first, int width) {
    return new Sweep.Values(
        IntStream.iterate(first, at -> at < cells.size(), at -> at + width)
            .mapToObj(cells::get)
            .toList());
  }

  private static Result<Sweep> listed(String list) {
    var items = Stream.of(list.split(",", -1)).map(String::strip).toList();
    if (items.contains("")) {
      return Result.invalid(
          "expected values with commas between, but one is empty; a row of a table may have such");
    }
    if (items.stream().noneMatch(RANGE.asMatchPredicate())) {
      return checked(items).then(values -> Result.ok(new Sweep.Values(values)));
    }
    for (var item : items) {
      if (!RANGE.matcher(item).matches() && !WHOLE.matcher(item).matches()) {
        return Result.invalid(
            "expected whole numbers and ranges of them, or other values, but got both: '"
                + Text.shown(item)
                + "'");
      }
    }
    return Sweep.Ranges.parse(String.join(",", items));
  }

  private static Result<String> checkedName(String name) {
    return NAME.matcher(name).matches() && name.length() <= Limits.NAME
        ? Result.ok(name)
        : Result.invalid(
            "expected a parameter's name of letters, digits and _ . -, a letter first, but got '"
                + Text.shown(name)
                + "'");
  }

  private static Result<List<String>> checked(List<String> values) {
    if (values.isEmpty() || values.size() > Limits.INSTANCES) {
      return Result.invalid(
          "expected 1 to " + Limits.INSTANCES + " sweep values, but got " + values.size());
    }
    var characters = 0L;
    for (var value : values) {
      if (Text.bounded(value, Limits.VALUE) instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal);
      }
      characters += value.length();
    }
    return characters > Limits.SWEEP_VALUES
        ? Result.invalid(
            "expected sweep values of at most "
                + Limits.SWEEP_VALUES
                + " characters together, but got "
                + characters)
        : Result.ok(values);
  }
}
