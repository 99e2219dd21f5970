package org.capataz.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The instances of a task, numbered twice: by *ordinal*, 0 to count - 1, inside the engine, and by
/// *index*, which people and tasks see. Nothing is kept per instance.
public sealed interface Sweep
    permits Sweep.Once, Sweep.Open, Sweep.Range, Sweep.Ranges, Sweep.Values, SweepProduct {

  /// A basic task: one run, index 0.
  Sweep ONCE = new Once();

  /// As many instances as it takes.
  Sweep OPEN = new Open();

  /// How many instances there are from the start, at most [Limits#INSTANCES].
  int count();

  long index(int ordinal);

  /// The ordinal of an index, or -1 if the sweep has no such index.
  int ordinal(long index);

  /// What stands in the command line and paths of an instance in place of each of the sweep's
  /// [Placeholders]: that of `*` first.
  List<String> values(int ordinal);

  record Once() implements Sweep {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public long index(int ordinal) {
      return 0;
    }

    @Override
    public int ordinal(long index) {
      return index == 0 ? 0 : -1;
    }

    @Override
    public List<String> values(int ordinal) {
      return List.of();
    }
  }

  /// Instances that are made as they are needed, numbered from 1.
  record Open() implements Sweep {
    @Override
    public int count() {
      return 0;
    }

    @Override
    public long index(int ordinal) {
      return ordinal + 1L;
    }

    @Override
    public int ordinal(long index) {
      return index < 1 || index > Integer.MAX_VALUE ? -1 : (int) (index - 1);
    }

    @Override
    public List<String> values(int ordinal) {
      return List.of();
    }
  }

  /// StartValue, EndValue and IncrementValue of the original: `start`, `start + increment`, … as
  /// far as `end`.
  record Range(long start, long end, long increment) implements Sweep {

    private static final Pattern FORM =
        Pattern.compile("(?:(-?\\d{1,18})-)?(-?\\d{1,18})(?::(\\d{1,18}))?");

    public Range {
      if (increment < 1 || end < start || (end - start) / increment >= Limits.INSTANCES) {
        throw new IllegalArgumentException("sweep " + start + "-" + end + ":" + increment);
      }
    }

    /// Checks what would make an unusable range.
    public static Result<Sweep> of(long start, long end, long increment) {
      if (increment < 1) {
        return Result.invalid("expected a sweep increment of at least 1, but got " + increment);
      }
      if (end < start) {
        return Result.invalid(
            "expected a sweep that ends at or after its start, but got " + start + "-" + end);
      }
      if (end - start < 0 || (end - start) / increment >= Limits.INSTANCES) {
        return Result.invalid(
            "expected at most "
                + Limits.INSTANCES
                + " instances, but the sweep "
                + start
                + "-"
                + end
                + ":"
                + increment
                + " has more");
      }
      return Result.ok(new Range(start, end, increment));
    }

    /// Reads the original's index specification: `end`, `start-end` or `start-end:increment`.
    public static Result<Sweep> parse(String text) {
      var match = FORM.matcher(text);
      if (!match.matches()) {
        return Result.invalid(
            "expected a sweep such as 100, 1-100 or 0-100:5, but got '" + Text.shown(text) + "'");
      }
      return of(
          match.group(1) == null ? 1 : Long.parseLong(match.group(1)),
          Long.parseLong(match.group(2)),
          match.group(3) == null ? 1 : Long.parseLong(match.group(3)));
    }

    /// The lowest index that another range has as well.
    OptionalLong firstInCommonWith(Range other) {
      // Where two ranges meet once, they meet again after so many steps of this one, if they go on.
      var period = other.increment / gcd(increment, other.increment);
      for (var ordinal = 0; ordinal < Math.min(count(), period); ordinal++) {
        var steps = Math.max(0, (other.start - start + increment - 1) / increment);
        if (steps + ordinal >= count()) {
          break;
        }
        var index = start + (steps + ordinal) * increment;
        if (other.ordinal(index) >= 0) {
          return OptionalLong.of(index);
        }
      }
      return OptionalLong.empty();
    }

    private static long gcd(long a, long b) {
      return b == 0 ? a : gcd(b, a % b);
    }

    @Override
    public int count() {
      return (int) ((end - start) / increment) + 1;
    }

    @Override
    public long index(int ordinal) {
      return start + ordinal * increment;
    }

    @Override
    public int ordinal(long index) {
      return index < start || index > end || (index - start) % increment != 0
          ? -1
          : (int) ((index - start) / increment);
    }

    @Override
    public List<String> values(int ordinal) {
      return List.of(Long.toString(index(ordinal)));
    }
  }

  /// Several ranges, one after the other, that share no index: `1-10,15,20-40:5`.
  record Ranges(List<Range> ranges) implements Sweep {

    public Ranges {
      ranges = List.copyOf(ranges);
      if (ranges.isEmpty() || total(ranges) > Limits.INSTANCES) {
        throw new IllegalArgumentException("sweep " + ranges);
      }
    }

    private static long total(List<Range> ranges) {
      return ranges.stream().mapToLong(Range::count).sum();
    }

    /// Reads ranges with commas between: each an index, `start-end` or `start-end:increment`. A
    /// single one is read as [Range#parse] does.
    public static Result<Sweep> parse(String text) {
      if (text.indexOf(',') < 0) {
        return Range.parse(text.strip());
      }
      var ranges = new ArrayList<Range>();
      for (var part : text.split(",", -1)) {
        var index = part.strip();
        var parsed = Range.parse(index.matches("-?\\d{1,18}") ? index + "-" + index : index);
        switch (parsed) {
          case Result.Ok<Sweep>(Range range) -> ranges.add(range);
          case Result.Ok<Sweep> other -> throw new AssertionError(other);
          case Result.Refused<Sweep> refused -> {
            return refused;
          }
        }
      }
      return of(ranges);
    }

    private static Result<Sweep> of(List<Range> ranges) {
      if (ranges.size() > Limits.SWEEP_RANGES) {
        return Result.invalid(
            "expected at most "
                + Limits.SWEEP_RANGES
                + " ranges of a sweep, but got "
                + ranges.size());
      }
      if (total(ranges) > Limits.INSTANCES) {
        return Result.invalid(
            "expected at most " + Limits.INSTANCES + " instances, but the sweep has more");
      }
      for (var later = 1; later < ranges.size(); later++) {
        for (var earlier = 0; earlier < later; earlier++) {
          var common = ranges.get(earlier).firstInCommonWith(ranges.get(later));
          if (common.isPresent()) {
            return Result.invalid(
                "expected every index once in a sweep, but "
                    + common.getAsLong()
                    + " is there twice");
          }
        }
      }
      return Result.ok(new Ranges(ranges));
    }

    @Override
    public int count() {
      return (int) total(ranges);
    }

    @Override
    public long index(int ordinal) {
      var left = ordinal;
      for (var range : ranges) {
        if (left < range.count()) {
          return range.index(left);
        }
        left -= range.count();
      }
      throw new IndexOutOfBoundsException(ordinal);
    }

    @Override
    public int ordinal(long index) {
      var before = 0;
      for (var range : ranges) {
        var ordinal = range.ordinal(index);
        if (ordinal >= 0) {
          return before + ordinal;
        }
        before += range.count();
      }
      return -1;
    }

    @Override
    public List<String> values(int ordinal) {
      return List.of(Long.toString(index(ordinal)));
    }
  }

  /// A sweep over given values, one instance each; the index is the value's position, from 1.
  record Values(List<String> values) implements Sweep {

    public Values {
      values = List.copyOf(values);
      if (values.isEmpty() || values.size() > Limits.INSTANCES) {
        throw new IllegalArgumentException(values.size() + " sweep values");
      }
    }

    @Override
    public int count() {
      return values.size();
    }

    @Override
    public long index(int ordinal) {
      return ordinal + 1L;
    }

    @Override
    public int ordinal(long index) {
      return index < 1 || index > values.size() ? -1 : (int) index - 1;
    }

    @Override
    public List<String> values(int ordinal) {
      return List.of(values.get(ordinal));
    }
  }
}
