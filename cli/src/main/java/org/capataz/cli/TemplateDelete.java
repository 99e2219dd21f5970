package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description =
        "Deletes a job template. Jobs that name it stay as they are, but cannot be submitted again."
            + " Only administrators may.",
    footer = {"", "Examples:", "  capataz template delete short"})
final class TemplateDelete extends ClusterCommand {

  @Parameters(paramLabel = "NAME", description = "The template; not Default, which always exists.")
  private String name = "";

  TemplateDelete(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      var template = cluster.template(name);
      cluster.deleteTemplate(template.name());
      out.made(
          TemplateNoun.TEMPLATE,
          template.name(),
          () -> template,
          "Job template " + template.name() + " is deleted");
      return ExitCode.DONE;
    };
  }
}
