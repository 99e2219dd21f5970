package org.capataz.cli.output;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A column of a table, or a line of a view, as people see it.
///
/// @param text of one thing at this moment; empty where there is nothing to show
public record Column<T>(
    String heading, Kind kind, BiFunction<? super T, ? super Instant, String> text) {

  /// How a column behaves.
  public enum Kind {
    /// Shown in full: an id, a name to be typed again.
    KEY,
    /// Shown in full, coloured by what it says.
    STATE,
    /// Shown in full, to the right.
    NUMBER,
    /// Cut where the line would be longer than the terminal is wide.
    TEXT
  }

  public static <T> Column<T> key(String heading, Function<? super T, String> text) {
    return new Column<>(heading, Kind.KEY, (item, now) -> text.apply(item));
  }

  public static <T> Column<T> state(String heading, Function<? super T, ?> state) {
    return new Column<>(heading, Kind.STATE, (item, now) -> state.apply(item).toString());
  }

  public static <T> Column<T> number(String heading, Function<? super T, ?> number) {
    return new Column<>(heading, Kind.NUMBER, (item, now) -> number.apply(item).toString());
  }

  public static <T> Column<T> text(String heading, Function<? super T, String> text) {
    return new Column<>(heading, Kind.TEXT, (item, now) -> text.apply(item));
  }

  /// How long ago something happened.
  public static <T> Column<T> ago(String heading, Function<? super T, Optional<Instant>> time) {
    return new Column<>(
        heading,
        Kind.KEY,
        (item, now) -> time.apply(item).map(then -> Durations.ago(then, now)).orElse(""));
  }

  /// When something happened, to the second, and how long ago.
  public static <T> Column<T> time(String heading, Function<? super T, Optional<Instant>> time) {
    return new Column<>(
        heading,
        Kind.KEY,
        (item, now) -> time.apply(item).map(then -> Durations.time(then, now)).orElse(""));
  }

  /// How long something took, or has been taking.
  public static <T> Column<T> elapsed(
      String heading,
      Function<? super T, Optional<Instant>> start,
      Function<? super T, Optional<Instant>> end) {
    return new Column<>(
        heading,
        Kind.NUMBER,
        (item, now) ->
            start
                .apply(item)
                .map(from -> Durations.between(from, end.apply(item).orElse(now)))
                .orElse(""));
  }
}
