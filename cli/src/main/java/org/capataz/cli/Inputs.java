package org.capataz.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.capataz.model.Reference;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// The forms in which options and arguments are given, each read in one place. All are refusals or
/// values.
final class Inputs {

  private static final Pattern CORES = Pattern.compile("(\\*|\\d{1,9})(?:-(\\*|\\d{1,9}))?");
  private static final Pattern RUNTIME =
      Pattern.compile("(?:(?:(\\d{1,6}):)?(\\d{1,8}):)?(\\d{1,9})");
  private static final Pattern TIMEOUT = Pattern.compile("(\\d{1,9})([smhd]?)");

  private Inputs() {}

  /// Cores as `MIN[-MAX]`; a half that is `*`, and so empty here, is worked out from the tasks.
  record CoreRange(OptionalInt min, OptionalInt max) {}

  static final CoreRange ANY_CORES = new CoreRange(OptionalInt.empty(), OptionalInt.empty());

  static Result<CoreRange> cores(String text) {
    var match = CORES.matcher(text);
    if (!match.matches()) {
      return invalid("cores such as 4, 2-8, 2-* or *", text);
    }
    var min = half(match.group(1));
    var max = match.group(2) == null ? min : half(match.group(2));
    if (min.isPresent() && max.isPresent() && min.getAsInt() > max.getAsInt()) {
      return invalid("a minimum of at most the maximum", text);
    }
    if (min.orElse(1) < 1 || max.orElse(1) < 1) {
      return invalid("at least 1 core", text);
    }
    return Result.ok(new CoreRange(min, max));
  }

  /// A number of things, such as instances.
  static Result<Integer> count(String text) {
    return text.matches("\\d{1,9}")
        ? Result.ok(Integer.parseInt(text))
        : invalid("a whole number", text);
  }

  private static OptionalInt half(String text) {
    return text.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
  }

  /// A run-time limit in HPC Pack's form, or with a unit; empty for none.
  static Result<Optional<Duration>> runtime(String text) {
    if (text.equalsIgnoreCase("Infinite")) {
      return Result.ok(Optional.empty());
    }
    if (text.matches(".*[smhd]")) {
      return timeout(text).then(limit -> Result.ok(Optional.of(limit)));
    }
    var match = RUNTIME.matcher(text);
    return match.matches()
        ? Result.ok(
            Optional.of(
                Duration.ofDays(number(match.group(1)))
                    .plusHours(number(match.group(2)))
                    .plusMinutes(number(match.group(3)))))
        : invalid("a run time as [[days:]hours:]minutes, 90s, 15m, 2h, 1d or Infinite", text);
  }

  /// How long to wait: seconds, or with a unit.
  static Result<Duration> timeout(String text) {
    var match = TIMEOUT.matcher(text);
    if (!match.matches()) {
      return invalid("a time such as 90, 90s, 15m, 2h or 1d", text);
    }
    var number = number(match.group(1));
    return Result.ok(
        switch (match.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        });
  }

  private static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  static Result<Boolean> flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Result.ok(true);
      case "false" -> Result.ok(false);
      default -> invalid("true or false", text);
    };
  }

  /// The id of a job.
  static Result<Integer> job(String text) {
    return Reference.parse(text)
        .then(
            reference ->
                reference.task().isEmpty()
                    ? Result.ok(reference.job())
                    : invalid("the id of a job, such as 12", text));
  }

  /// States, by their names with commas between.
  static <S> Result<Set<S>> states(String text, S[] all, Function<String, Optional<S>> parse) {
    var states = new LinkedHashSet<S>();
    for (var name : text.split(",", -1)) {
      var state = parse.apply(name.strip());
      if (state.isEmpty()) {
        var known = Arrays.stream(all).map(Object::toString).collect(Collectors.joining(", "));
        return invalid("states out of " + known, name);
      }
      states.add(state.get());
    }
    return Result.ok(states);
  }

  /// A path that means the same for a process elsewhere.
  static String absolute(String path, Path directory) {
    return directory.resolve(path).normalize().toString();
  }

  private static <T> Result<T> invalid(String expected, String text) {
    return Result.invalid("expected " + expected + ", but got '" + Text.shown(text) + "'");
  }
}
