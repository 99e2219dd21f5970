package org.capataz.model;

import java.util.Locale;
import java.util.regex.Pattern;

/// The rank of a job in the queue, 0 to 4000, higher first: HPC Pack's ExpandedPriority. Its five
/// names stand 1000 apart.
public record Priority(int value) implements Comparable<Priority> {

  public static final Priority NORMAL = new Priority(2000);

  private static final String[] NAMES = {
    "Lowest", "BelowNormal", "Normal", "AboveNormal", "Highest"
  };
  private static final int STEP = 1000;
  private static final int HIGHEST = 4000;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
  private static final Pattern FORM = Pattern.compile("([a-z]+)(?:([+-])(\\d{1,4}))?");

  public Priority {
    if (value < 0 || value > HIGHEST) {
      throw new IllegalArgumentException("priority " + value);
    }
  }

  /// Reads `Normal`, `Normal+5`, `AboveNormal-20` or `2150`; case does not matter.
  public static Result<Priority> parse(String text) {
    var lower = text.strip().toLowerCase(Locale.ROOT);
    if (NUMBER.matcher(lower).matches()) {
      return of(Integer.parseInt(lower), text);
    }
    var match = FORM.matcher(lower);
    if (match.matches()) {
      for (var i = 0; i < NAMES.length; i++) {
        if (NAMES[i].toLowerCase(Locale.ROOT).equals(match.group(1))) {
          var offset = match.group(3) == null ? 0 : Integer.parseInt(match.group(3));
          return of(i * STEP + ("-".equals(match.group(2)) ? -offset : offset), text);
        }
      }
    }
    return refused(text);
  }

  private static Result<Priority> of(int value, String text) {
    return value < 0 || value > HIGHEST ? refused(text) : Result.ok(new Priority(value));
  }

  private static Result<Priority> refused(String text) {
    return Result.invalid(
        "expected a priority from 0 to 4000, or Lowest, BelowNormal, Normal, AboveNormal or Highest"
            + " with an offset such as Normal+5, but got '"
            + Text.shown(text)
            + "'");
  }

  @Override
  public int compareTo(Priority other) {
    return Integer.compare(value, other.value);
  }

  /// The name nearest by, as the original prints it: up to 500 above a name as `Name+n`, more as
  /// the next `Name-n`.
  @Override
  public String toString() {
    var below = value / STEP;
    var offset = value % STEP;
    if (offset == 0) {
      return NAMES[below];
    }
    return offset <= STEP / 2
        ? NAMES[below] + "+" + offset
        : NAMES[below + 1] + "-" + (STEP - offset);
  }
}
