package org.capataz.computenode.agent;

import java.util.List;
import java.util.Map;
import org.capataz.model.Launch;
import org.capataz.model.Limits;
import org.capataz.model.Placeholders;
import org.capataz.model.Result;
import org.capataz.model.Text;

/// What the runs of one task have in common.
///
/// @param facts variables that say something of the job, whatever users set
/// @param placeholders what stands for the values of an instance, in directory and paths too
record TaskTemplate(Launch launch, Placeholders placeholders, Map<String, String> facts) {

  TaskTemplate {
    facts = Map.copyOf(facts);
  }

  /// Accepts what can be handed to a process: the head node has checked its jobs, but by the rules
  /// of its own version.
  static Result<TaskTemplate> of(
      Launch launch, Placeholders placeholders, Map<String, String> facts) {
    return Text.bounded(launch.workDirectory(), Limits.PATH)
        .in("working directory")
        .then(_ -> Text.bounded(launch.streams().in(), Limits.PATH).in("standard input"))
        .then(_ -> Text.bounded(launch.streams().out(), Limits.PATH).in("standard output"))
        .then(_ -> Text.bounded(launch.streams().err(), Limits.PATH).in("standard error"))
        .then(_ -> environment(facts))
        .then(_ -> environment(launch.environment()))
        .then(_ -> Result.ok(new TaskTemplate(launch, placeholders, facts)));
  }

  private static Result<Map<String, String>> environment(Map<String, String> variables) {
    for (var variable : variables.entrySet()) {
      var name = variable.getKey();
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        return Result.invalid(
            "expected a variable's name without '=' or NUL, but got '" + Text.shown(name) + "'");
      }
      if (Text.bounded(variable.getValue(), Limits.VALUE)
          instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal.in("variable " + name));
      }
    }
    return Result.ok(variables);
  }

  /// Accepts an instance's values.
  Result<List<String>> values(List<String> values) {
    if (values.size() != placeholders.marks().size()) {
      return Result.invalid(
          "expected " + placeholders.marks().size() + ", but got " + values.size());
    }
    for (var value : values) {
      if (Text.bounded(value, Limits.VALUE) instanceof Result.Refused<String>(var refusal)) {
        return Result.refused(refusal);
      }
    }
    return Result.ok(values);
  }
}
