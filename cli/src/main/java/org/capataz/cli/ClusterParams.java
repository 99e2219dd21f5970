package org.capataz.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.ClusterParameter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "params",
    description =
        "Lists the cluster's parameters, or sets some of them; without a value one gets its default"
            + " back. Only administrators may set them.",
    footer = {
      "",
      "Examples:",
      "  capataz cluster params",
      "  capataz cluster params TaskCancelGracePeriod=30 TTLCompletedJobs=30",
      "  capataz cluster params TaskCancelGracePeriod="
    })
final class ClusterParams extends ClusterCommand {

  @Parameters(
      paramLabel = "NAME=VALUE",
      arity = "0..*",
      description = "What to set. Names are matched without regard to case.")
  private List<String> assignments = List.of();

  ClusterParams(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var changes = new LinkedHashMap<ClusterParameter, String>();
    Assignments.of(assignments)
        .forEach(
            (name, text) -> {
              var parameter = Accepted.value(ClusterParameter.parse(name));
              if (!text.isBlank()) {
                Accepted.value(parameter.check(text));
              }
              changes.put(parameter, text);
            });
    return (cluster, out) -> {
      if (changes.isEmpty()) {
        var settings = cluster.settings();
        out.list(
            SettingNoun.PARAMETER,
            Arrays.stream(ClusterParameter.values())
                .map(parameter -> new SettingNoun.Parameter(parameter, settings.get(parameter))));
        return ExitCode.DONE;
      }
      var settings = cluster.changeSettings(changes, Map.of());
      var changed = new ArrayList<SettingNoun.Parameter>();
      changes
          .keySet()
          .forEach(
              parameter ->
                  changed.add(new SettingNoun.Parameter(parameter, settings.get(parameter))));
      out.done(
          SettingNoun.PARAMETER,
          changed,
          parameter -> parameter.parameter().modelName() + " is now '" + parameter.text() + "'");
      return ExitCode.DONE;
    };
  }
}
