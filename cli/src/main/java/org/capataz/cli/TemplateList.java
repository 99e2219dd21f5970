package org.capataz.cli;

import java.util.ArrayList;
import org.capataz.model.JobTemplate;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    description = "Lists the job templates.",
    footer = {"", "Examples:", "  capataz template list", "  capataz template list -o json"})
final class TemplateList extends ClusterCommand {

  TemplateList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      var templates = new ArrayList<>(cluster.settings().templates().values());
      if (templates.stream().noneMatch(one -> one.hasName(JobTemplate.DEFAULT_NAME))) {
        templates.addFirst(JobTemplate.DEFAULT);
      }
      out.list(TemplateNoun.TEMPLATE, templates.stream());
      return ExitCode.DONE;
    };
  }
}
