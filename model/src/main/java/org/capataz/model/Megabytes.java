package org.capataz.model;

import java.util.Locale;
import java.util.regex.Pattern;

/// Sizes as people write them.
public final class Megabytes {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([MmGgTt]?)[Bb]?");

  private Megabytes() {}

  /// Reads megabytes, or a number with the suffix M, G or T.
  public static Result<Integer> parse(String text) {
    var match = SIZE.matcher(text);
    if (match.matches()) {
      var factor =
          switch (match.group(2).toLowerCase(Locale.ROOT)) {
            case "g" -> 1024L;
            case "t" -> 1024L * 1024;
            default -> 1L;
          };
      var megabytes = Long.parseLong(match.group(1)) * factor;
      if (megabytes <= Integer.MAX_VALUE) {
        return Result.ok((int) megabytes);
      }
    }
    return Result.invalid(
        "expected megabytes, or a size such as 512M or 4G, but got '" + Text.shown(text) + "'");
  }
}
