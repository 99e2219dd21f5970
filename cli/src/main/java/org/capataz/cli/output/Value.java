package org.capataz.cli.output;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// The value of a field.
public sealed interface Value {

  /// What there is not, or not yet.
  Value NONE = new None();

  record None() implements Value {}

  record Text(String text) implements Value {}

  record Whole(long number) implements Value {}

  /// Finite.
  record Real(double number) implements Value {}

  record Flag(boolean flag) implements Value {}

  record Texts(List<String> texts) implements Value {}

  /// Names, each with its value.
  record Pairs(Map<String, String> pairs) implements Value {

    /// `name=value name=value`.
    public String text() {
      return pairs.entrySet().stream()
          .map(pair -> pair.getKey() + "=" + pair.getValue())
          .collect(Collectors.joining(" "));
    }
  }

  static Value of(String text) {
    return new Text(text);
  }

  static Value of(long number) {
    return new Whole(number);
  }

  /// A number; absent where it has no end.
  static Value of(double number) {
    return Double.isFinite(number) ? new Real(number) : NONE;
  }

  static Value of(OptionalDouble number) {
    return number.isPresent() ? of(number.getAsDouble()) : NONE;
  }

  static Value of(boolean flag) {
    return new Flag(flag);
  }

  static Value of(List<String> texts) {
    return new Texts(List.copyOf(texts));
  }

  /// A time, as ISO 8601 in UTC.
  static Value of(Instant time) {
    return new Text(time.toString());
  }

  static Value of(OptionalInt number) {
    return number.isPresent() ? of(number.getAsInt()) : NONE;
  }

  static Value ofTime(Optional<Instant> time) {
    return time.map(Value::of).orElse(NONE);
  }

  /// Text that is absent where it is empty.
  static Value ofText(String text) {
    return text.isEmpty() ? NONE : of(text);
  }
}
