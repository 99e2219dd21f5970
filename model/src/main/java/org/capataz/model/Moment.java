package org.capataz.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// A point in time as text: ISO 8601, such as `2027-01-31T18:00:00Z`. Without an offset it is in
/// UTC, as the original's exports are.
public final class Moment {

  /// What exports of the original say, in the locale of whoever wrote them. Those that could mean
  /// two days are not understood.
  private static final List<DateTimeFormatter> FOREIGN =
      List.of(
          DateTimeFormatter.ofPattern("yyyy-M-d'T'H:mm[:ss]", Locale.ROOT),
          DateTimeFormatter.ofPattern("yyyy-M-d H:mm[:ss]", Locale.ROOT),
          DateTimeFormatter.ofPattern("yyyy/M/d H:mm[:ss]", Locale.ROOT),
          DateTimeFormatter.ofPattern("M/d/yyyy h:mm[:ss] a", Locale.US));

  private Moment() {}

  /// Microseconds since 1970.
  public static Result<Long> parse(String text) {
    var stripped = text.strip();
    try {
      return micros(OffsetDateTime.parse(stripped).toInstant(), text);
    } catch (DateTimeException other) {
      for (var form : FOREIGN) {
        try {
          return micros(LocalDateTime.parse(stripped, form).toInstant(ZoneOffset.UTC), text);
        } catch (DateTimeException another) {
          // Then in the next form.
        }
      }
    }
    return refused(text);
  }

  private static Result<Long> micros(Instant time, String text) {
    var micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
    return micros > 0 ? Result.ok(micros) : refused(text);
  }

  private static Result<Long> refused(String text) {
    return Result.invalid(
        "expected a time such as 2027-01-31T18:00:00Z, but got '" + Text.shown(text) + "'");
  }

  /// The text of a time in microseconds since 1970, to the second.
  public static String text(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
