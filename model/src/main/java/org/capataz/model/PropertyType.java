package org.capataz.model;

import java.util.Locale;
import java.util.regex.Pattern;

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
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");

    @Override
    public Result<String> check(String text) {
      return WHOLE.matcher(text.strip()).matches()
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
  /// As [ExitCodes#parse] reads it, or blank for none.
  EXIT_CODES {
    @Override
    public Result<String> check(String text) {
      return text.isBlank()
          ? Result.ok(text)
          : ExitCodes.parse(text).then(codes -> Result.ok(text));
    }
  },
  /// Ids of jobs with commas between; blank for none.
  JOB_IDS {
    @Override
    public Result<String> check(String text) {
      return RuleResolver.jobIds(text).then(ids -> Result.ok(text));
    }
  },
  /// `fail` or `hold`.
  PARENT_FAILURE {
    @Override
    public Result<String> check(String text) {
      return switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "fail", "hold" -> Result.ok(text);
        default -> Result.invalid("expected fail or hold, but got '" + Text.shown(text) + "'");
      };
    }
  },
  /// As [Moment#parse] reads it; blank for none.
  DATE_TIME {
    @Override
    public Result<String> check(String text) {
      return text.isBlank() ? Result.ok(text) : Moment.parse(text).then(time -> Result.ok(text));
    }
  },
  /// As [Sweep.Ranges#parse] reads it.
  SWEEP {
    @Override
    public Result<String> check(String text) {
      return Sweep.Ranges.parse(text).then(sweep -> Result.ok(text));
    }
  },
  /// As [Unit#parse] reads it.
  UNIT {
    @Override
    public Result<String> check(String text) {
      return Unit.parse(text).then(unit -> Result.ok(text));
    }
  },
  /// As [NodeFilter.GroupOp#parse] reads it.
  NODE_GROUP_OP {
    @Override
    public Result<String> check(String text) {
      return NodeFilter.GroupOp.parse(text).then(op -> Result.ok(text));
    }
  },
  /// As [NodeOrder#parse] reads it.
  NODE_ORDER {
    @Override
    public Result<String> check(String text) {
      return NodeOrder.parse(text).then(order -> Result.ok(text));
    }
  },
  /// As [Licences#parse] reads it.
  LICENSES {
    @Override
    public Result<String> check(String text) {
      return Licences.parse(text).then(licences -> Result.ok(text));
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
