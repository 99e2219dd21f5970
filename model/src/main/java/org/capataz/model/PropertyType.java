package org.capataz.model;

import java.util.Locale;

/// The form that a property's text must have.
public enum PropertyType {
  /// One line of at most [Limits#NAME] characters.
  NAME {
    @Override
    public Result<String> check(String text) {
      return Text.name(text, Limits.NAME);
    }
  },
  /// Names with commas between.
  NAMES {
    @Override
    public Result<String> check(String text) {
      return Text.name(text, Limits.ENVIRONMENT);
    }
  },
  PATH {
    @Override
    public Result<String> check(String text) {
      return Text.bounded(text, Limits.PATH);
    }
  },
  COMMAND_LINE {
    @Override
    public Result<String> check(String text) {
      return Text.bounded(text, Limits.COMMAND_LINE);
    }
  },
  /// A whole number that fits 64 bits.
  INTEGER {
    @Override
    public Result<String> check(String text) {
      return text.strip().matches("[+-]?\\d{1,18}")
          ? Result.ok(text)
          : Result.invalid("expected a whole number, but got '" + Text.shown(text) + "'");
    }
  },
  /// `true`, `false`, `1` or `0`, in any case.
  BOOLEAN {
    @Override
    public Result<String> check(String text) {
      return switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true", "false", "1", "0" -> Result.ok(text);
        default -> Result.invalid("expected true or false, but got '" + Text.shown(text) + "'");
      };
    }
  },
  /// As [Priority#parse] reads it.
  PRIORITY {
    @Override
    public Result<String> check(String text) {
      return Priority.parse(text).then(priority -> Result.ok(text));
    }
  },
  /// `Core`; the model's other units are not known yet.
  UNIT {
    @Override
    public Result<String> check(String text) {
      return text.strip().equalsIgnoreCase("Core")
          ? Result.ok(text)
          : Result.invalid("expected the unit Core, but got '" + Text.shown(text) + "'");
    }
  },
  /// The name of a [TaskKind], in any case.
  TASK_TYPE {
    @Override
    public Result<String> check(String text) {
      return TaskKind.parse(text).isPresent()
          ? Result.ok(text)
          : Result.invalid(
              "expected the task type Basic, ParametricSweep, NodePrep, NodeRelease or Service, but"
                  + " got '"
                  + Text.shown(text)
                  + "'");
    }
  };

  /// The text itself if it has this form; kept verbatim, for this is provenance too.
  public abstract Result<String> check(String text);
}
