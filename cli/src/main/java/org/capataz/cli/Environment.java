package org.capataz.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capataz.model.Text;
import picocli.CommandLine.Option;

/// The environment variables that tasks get.
final class Environment {

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable for the tasks; without a value it is unset there. May be repeated.")
  private List<String> assignments = List.of();

  @Option(
      names = "--env-keep",
      paramLabel = "NAME",
      split = ",",
      description =
          "A variable to take over from here, or 'all'. May be repeated. Default: none, tasks"
              + " start with a clean environment.")
  private List<String> kept = List.of();

  /// The variables: those taken over, and over them those that were given.
  Map<String, String> variables(World world) {
    var variables = new LinkedHashMap<String, String>();
    for (var name : kept) {
      if (name.equals("all")) {
        variables.putAll(inherited(world));
      } else {
        world.variable(name).ifPresent(value -> variables.put(name, value));
      }
    }
    for (var assignment : assignments) {
      var equals = assignment.indexOf('=');
      if (equals < 1) {
        throw Accepted.refused(
            "expected --env NAME=VALUE, but got '" + Text.shown(assignment) + "'");
      }
      variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return variables;
  }

  /// All that the caller has, but for what tells their shell where it is.
  static Map<String, String> inherited(World world) {
    var variables = new LinkedHashMap<>(new TreeMap<>(world.variables()));
    List.of("PWD", "OLDPWD", "_", "SHLVL", World.LAUNCHER).forEach(variables::remove);
    return variables;
  }
}
