package org.capataz.computenode.agent;

import java.util.Map;
import org.capataz.model.Launch;
import org.capataz.model.Limits;
import org.capataz.model.Result;
import org.capataz.model.Text;

/// What the runs of one task have in common.
///
/// @param facts variables that say something of the job, whatever users set
/// @param sweep whether `*` stands for the instance's value, in directory and paths too
record TaskTemplate(Launch launch, boolean sweep, Map<String, String> facts) {

  TaskTemplate {
    facts = Map.copyOf(facts);
  }

  /// Accepts what can be handed to a process: the head node has checked its jobs, but by the rules
  /// of its own version.
  static Result<TaskTemplate> of(Launch launch, boolean sweep, Map<String, String> facts) {
    return Text.bounded(launch.workDirectory(), Limits.PATH)
        .in("working directory")
        .then(_ -> Text.bounded(launch.streams().in(), Limits.PATH).in("standard input"))
        .then(_ -> Text.bounded(launch.streams().out(), Limits.PATH).in("standard output"))
        .then(_ -> Text.bounded(launch.streams().err(), Limits.PATH).in("standard error"))
        .then(_ -> environment(facts))
        .then(_ -> environment(launch.environment()))
        .then(_ -> Result.ok(new TaskTemplate(launch, sweep, facts)));
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

  /// A directory or path for one instance.
  String filled(String text, String value) {
    return sweep ? text.replace("*", value) : text;
  }
}
