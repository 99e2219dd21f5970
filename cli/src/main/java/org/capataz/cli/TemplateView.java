package org.capataz.cli;

import org.capataz.cli.output.Part;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "view",
    description = "Shows a job template: what it fills in, and what it allows.",
    footer = {
      "",
      "Examples:",
      "  capataz template view short",
      "  capataz template view short -o json"
    })
final class TemplateView extends ClusterCommand {

  @Parameters(paramLabel = "NAME", description = "The template.")
  private String name = "";

  TemplateView(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      var template = cluster.template(name);
      out.view(
          TemplateNoun.TEMPLATE,
          template,
          new Part<>(
              TemplateNoun.ITEM,
              template.items().stream(),
              "capataz template view " + template.name() + " -o json"));
      return ExitCode.DONE;
    };
  }
}
