package org.capataz.model;

import java.util.List;
import java.util.regex.Pattern;

/// The instances of a task, numbered twice: by *ordinal*, 0 to count - 1, inside the engine, and by
/// *index*, which people and tasks see. Nothing is kept per instance.
public sealed interface Sweep {

  /// A basic task: one run, index 0.
  Sweep ONCE = new Once();

  /// As many instances as it takes.
  Sweep OPEN = new Open();

  /// How many instances there are from the start, at most [Limits#INSTANCES].
  int count();

  long index(int ordinal);

  /// The ordinal of an index, or -1 if the sweep has no such index.
  int ordinal(long index);

  /// What `*` stands for in the command line and paths of an instance.
  String value(int ordinal);

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
    public String value(int ordinal) {
      return "*";
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
    public String value(int ordinal) {
      return Long.toString(index(ordinal));
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
    public String value(int ordinal) {
      return "*";
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
    public String value(int ordinal) {
      return values.get(ordinal);
    }
  }
}
