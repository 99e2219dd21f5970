package org.capataz.model;

import java.util.Map;

/// Environment variables as people give them.
public final class Variables {

  private Variables() {}

  /// Accepts variables that can be handed to a process: names without '=' and NUL, and not too much
  /// of them; [MemoryLimit#VARIABLE] in its form.
  public static Result<Map<String, String>> check(Map<String, String> variables) {
    var size = 0L;
    for (var variable : variables.entrySet()) {
      var name = variable.getKey();
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        return Result.invalid(
            "expected a variable's name without '=' and NUL, but got '" + Text.shown(name) + "'");
      }
      if (Text.bounded(variable.getValue(), Limits.VALUE)
          instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal.in("variable " + Text.shown(name)));
      }
      size += name.length() + variable.getValue().length();
    }
    return size > Limits.ENVIRONMENT
        ? Result.invalid(
            "expected environment variables of at most "
                + Limits.ENVIRONMENT
                + " characters together, but got "
                + size)
        : MemoryLimit.of(variables).then(_ -> Result.ok(variables));
  }
}
