package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Makes a job out of a job file without submitting it, so that tasks can be added.",
      "",
      "'capataz job submit --file FILE' makes and submits it in one go."
    },
    footer = {
      "",
      "Examples:",
      "  capataz job import study.xml",
      "  capataz job submit --id $(capataz job import study.xml --priority AboveNormal -o id)"
    })
final class JobImport extends ClusterCommand {

  @Parameters(paramLabel = "FILE", description = "A job file in XML.")
  private String file = "";

  @Mixin private JobOptions job = new JobOptions();

  JobImport(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return JobNew.making(JobFiles.read(file, world, read -> job.on(read, world)), world);
  }
}
