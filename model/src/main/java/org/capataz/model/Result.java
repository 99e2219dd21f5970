package org.capataz.model;

import java.util.function.Function;

/// What checking somebody's input came to: a value, or the refusal to show them.
public sealed interface Result<T> {

  record Ok<T>(T value) implements Result<T> {}

  record Refused<T>(Refusal refusal) implements Result<T> {}

  static <T> Result<T> ok(T value) {
    return new Ok<>(value);
  }

  static <T> Result<T> refused(Refusal refusal) {
    return new Refused<>(refusal);
  }

  static <T> Result<T> invalid(String message) {
    return new Refused<>(Refusal.invalid(message));
  }

  default <U> Result<U> then(Function<? super T, Result<U>> next) {
    return switch (this) {
      case Ok<T>(var value) -> next.apply(value);
      case Refused<T>(var refusal) -> refused(refusal);
    };
  }

  /// The refusal, named after the place where it arose; an accepted value as it is.
  default Result<T> in(String place) {
    return switch (this) {
      case Ok<T> ok -> ok;
      case Refused<T>(var refusal) -> refused(refusal.in(place));
    };
  }

  /// The value of input that this program made itself.
  ///
  /// @throws IllegalStateException if it was refused, which is then our own mistake
  default T orElseThrow() {
    return switch (this) {
      case Ok<T>(var value) -> value;
      case Refused<T>(var refusal) -> throw new IllegalStateException(refusal.message());
    };
  }
}
