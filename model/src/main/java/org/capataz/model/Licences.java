package org.capataz.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Numbers of licences by feature, as the model writes them: `matlab:2,ansys:*`.
public final class Licences {

  private Licences() {}

  /// Reads a list. Blanks around names and numbers do not matter.
  ///
  /// @return the numbers by feature, in order; empty where it is `*`
  public static Result<Map<String, OptionalInt>> parse(String text) {
    var amounts = new LinkedHashMap<String, OptionalInt>();
    if (text.isBlank()) {
      return Result.ok(amounts);
    }
    for (var part : text.split(",", -1)) {
      var colon = part.lastIndexOf(':');
      var feature = colon < 0 ? "" : part.substring(0, colon).strip();
      var amount = part.substring(colon + 1).strip();
      if (feature.isEmpty()
          || !amount.matches("\\*|\\d{1,9}")
          || !(Text.name(feature, Limits.NAME) instanceof Result.Ok<String>)) {
        return Result.invalid(
            "expected licences as feature:amount with commas between, but got '"
                + Text.shown(text)
                + "'");
      }
      var number =
          amount.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(amount));
      if (amounts.put(feature, number) != null) {
        return Result.invalid(
            "expected each feature once, but " + Text.shown(feature) + " comes twice");
      }
    }
    return Result.ok(Collections.unmodifiableMap(amounts));
  }
}
