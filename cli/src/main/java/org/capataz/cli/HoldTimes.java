package org.capataz.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import org.capataz.model.Result;
import org.capataz.model.Text;

/// Times until which a job is held: minutes from now, or a date, which is one of this machine's
/// time zone unless it has its own.
final class HoldTimes {

  private HoldTimes() {}

  static Result<Instant> parse(String text, World world) {
    if (text.matches("\\d{1,6}")) {
      return Result.ok(
          world
              .clock()
              .instant()
              .plus(Duration.ofMinutes(Integer.parseInt(text)))
              .truncatedTo(ChronoUnit.SECONDS));
    }
    var zone = ZoneId.systemDefault();
    var iso = text.strip().replace(' ', 'T');
    List<Function<String, Instant>> forms =
        List.of(
            t -> OffsetDateTime.parse(t).toInstant(),
            t -> LocalDateTime.parse(t).atZone(zone).toInstant(),
            t -> LocalDate.parse(t).atStartOfDay(zone).toInstant());
    for (var form : forms) {
      try {
        return Result.ok(form.apply(iso));
      } catch (DateTimeException other) {
        // Then in the next form.
      }
    }
    return Result.invalid(
        "expected minutes from now, or a time such as 2027-01-31T18:00, but got '"
            + Text.shown(text)
            + "'");
  }
}
