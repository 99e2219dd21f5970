package org.capataz.cli;

import org.capataz.jobsxml.JobTemplateFile;
import org.capataz.model.JobTemplate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Sets a job template out of a file: a new one, or another one in place of that of its name.",
      "",
      "Files are in HPC Pack's form. Jobs that are in the queue already stay as they are. Only"
          + " administrators may set templates."
    },
    footer = {
      "",
      "Examples:",
      "  capataz template import short.xml",
      "  capataz template import site.xml --name Default"
    })
final class TemplateImport extends ClusterCommand {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the template. Default: the one in the file.")
  private @Nullable String name;

  @Parameters(paramLabel = "FILE", description = "A job template file in XML.")
  private String file = "";

  TemplateImport(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var read = Accepted.value(JobTemplateFile.read(world.directory().resolve(file).normalize()));
    read.warnings().forEach(world.streams()::say);
    var template = name == null ? read.template() : named(read.template(), name);
    return (cluster, out) -> {
      var set = cluster.setTemplate(template);
      out.made(
          TemplateNoun.TEMPLATE, set.name(), () -> set, "Job template " + set.name() + " is set");
      return ExitCode.DONE;
    };
  }

  private static JobTemplate named(JobTemplate template, String name) {
    return new JobTemplate(name, template.description(), template.users(), template.items());
  }
}
