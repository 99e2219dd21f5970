package org.capataz.cli;

import java.util.Objects;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.Refusal;
import org.capataz.model.Result;

/// What users gave, once it is checked.
final class Accepted {

  private Accepted() {}

  /// The value.
  ///
  /// @throws CapatazException with the refusal's message if there is none
  static <T> T value(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) -> throw failure(refusal);
    };
  }

  private static CapatazException failure(Refusal refusal) {
    return new CapatazException(
        switch (refusal.code()) {
          case INVALID, UNSATISFIABLE, WRONG_STATE -> Code.REFUSED;
          case NOT_FOUND -> Code.NOT_FOUND;
          case NOT_ALLOWED -> Code.NOT_ALLOWED;
        },
        refusal.message());
  }

  /// The one line that a failure comes with.
  static String message(CapatazException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.code().toString());
  }

  /// What to throw for input that is wrong.
  static CapatazException refused(String message) {
    return new CapatazException(Code.REFUSED, message);
  }
}
