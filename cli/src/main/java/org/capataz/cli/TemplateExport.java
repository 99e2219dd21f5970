package org.capataz.cli;

import org.capataz.jobsxml.JobTemplateFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Writes a job template as a file, which 'capataz template import' reads.",
    footer = {
      "",
      "Examples:",
      "  capataz template export Default > site.xml",
      "  capataz template export short --file short.xml"
    })
final class TemplateExport extends ClusterCommand {

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file to write; one that exists is replaced. Default: standard output.")
  private @Nullable String file;

  @Parameters(paramLabel = "NAME", description = "The template.")
  private String name = "";

  TemplateExport(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      world.write(file, Accepted.value(JobTemplateFile.write(cluster.template(name))));
      return ExitCode.DONE;
    };
  }
}
