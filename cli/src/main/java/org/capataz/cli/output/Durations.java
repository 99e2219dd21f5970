package org.capataz.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Times as people read them: two units at most.
public final class Durations {

  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Durations() {}

  /// `0.3s`, `42s`, `3m05s`, `2h07m` or `4d03h`; what is negative, by clocks that differ, is `0s`.
  public static String shown(Duration duration) {
    if (duration.isNegative()) {
      return "0s";
    }
    var seconds = duration.toSeconds();
    if (seconds < 10 && duration.toMillis() % 1000 >= 100) {
      return seconds + "." + duration.toMillisPart() / 100 + "s";
    }
    if (seconds < MINUTE) {
      return seconds + "s";
    }
    if (seconds < HOUR) {
      return two(seconds / MINUTE, 'm', seconds % MINUTE, 's');
    }
    if (seconds < DAY) {
      return two(seconds / HOUR, 'h', seconds % HOUR / MINUTE, 'm');
    }
    return two(seconds / DAY, 'd', seconds % DAY / HOUR, 'h');
  }

  private static String two(long large, char largeUnit, long small, char smallUnit) {
    return "" + large + largeUnit + (small < 10 ? "0" : "") + small + smallUnit;
  }

  static String between(Instant start, Instant end) {
    return shown(Duration.between(start, end));
  }

  static String ago(Instant then, Instant now) {
    return shown(Duration.between(then, now).truncatedTo(ChronoUnit.SECONDS)) + " ago";
  }

  static String time(Instant then, Instant now) {
    return then.truncatedTo(ChronoUnit.SECONDS) + " (" + ago(then, now) + ")";
  }
}
