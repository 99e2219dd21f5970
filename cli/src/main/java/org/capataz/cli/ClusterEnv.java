package org.capataz.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "env",
    description =
        "Lists the environment variables that the cluster gives to every task, or sets some of"
            + " them; without a value one is taken away. Those of a job or task are stronger. Only"
            + " administrators may set them.",
    footer = {
      "",
      "Examples:",
      "  capataz cluster env",
      "  capataz cluster env LICENSE_SERVER=27000@lic1 SITE=lab",
      "  capataz cluster env SITE="
    })
final class ClusterEnv extends ClusterCommand {

  @Parameters(paramLabel = "NAME=VALUE", arity = "0..*", description = "What to set.")
  private List<String> assignments = List.of();

  ClusterEnv(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var changes = Assignments.of(assignments);
    return (cluster, out) -> {
      if (changes.isEmpty()) {
        out.list(SettingNoun.VARIABLE, cluster.settings().environment().entrySet().stream());
        return ExitCode.DONE;
      }
      cluster.changeSettings(Map.of(), changes);
      out.done(
          SettingNoun.VARIABLE,
          List.copyOf(changes.entrySet()),
          variable ->
              variable.getValue().isEmpty()
                  ? variable.getKey() + " is set no longer"
                  : variable.getKey() + " is now '" + variable.getValue() + "'");
      return ExitCode.DONE;
    };
  }
}
