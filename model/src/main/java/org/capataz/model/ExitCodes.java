package org.capataz.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The exit codes with which a run counts as Finished, in the original's form: numbers and ranges
/// `a..b`, where `min` and `max` stand for the ends of all numbers: `0,10..20,min..-1`.
///
/// @param ranges as they were given
public record ExitCodes(List<Range> ranges) {

  /// Zero alone.
  public static final ExitCodes DEFAULT = new ExitCodes(List.of(new Range(0, 0)));

  private static final Pattern RANGE =
      Pattern.compile("(min|max|[+-]?\\d{1,10})(?:\\.\\.(min|max|[+-]?\\d{1,10}))?");

  /// All codes from `first` to `last`.
  public record Range(int first, int last) {}

  public ExitCodes {
    ranges = List.copyOf(ranges);
  }

  /// Reads a list of codes and ranges.
  public static Result<ExitCodes> parse(String text) {
    var ranges = new ArrayList<Range>();
    for (var part : text.split(",", -1)) {
      var match = RANGE.matcher(part.strip().toLowerCase(java.util.Locale.ROOT));
      if (!match.matches()) {
        return Result.invalid(
            "expected exit codes such as 0,10..20,min..-1, but got '" + Text.shown(text) + "'");
      }
      var first = bound(match.group(1));
      var last = match.group(2) == null ? first : bound(match.group(2));
      if (first != (int) first || last != (int) last || first > last) {
        return Result.invalid(
            "expected ranges of exit codes that end at or after their start, within 32 bits, but"
                + " got '"
                + Text.shown(part)
                + "'");
      }
      ranges.add(new Range((int) first, (int) last));
    }
    return Result.ok(new ExitCodes(ranges));
  }

  private static long bound(String text) {
    return switch (text) {
      case "min" -> Integer.MIN_VALUE;
      case "max" -> Integer.MAX_VALUE;
      default -> Long.parseLong(text);
    };
  }

  public boolean contains(int code) {
    for (var range : ranges) {
      if (code >= range.first && code <= range.last) {
        return true;
      }
    }
    return false;
  }
}
