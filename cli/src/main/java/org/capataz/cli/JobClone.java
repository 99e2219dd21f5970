package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "clone",
    description = {
      "Makes a new job like an old one, with its tasks, without submitting it.",
      "",
      "The options change what they name; all else is as it was written for the old job."
    },
    footer = {
      "",
      "Examples:",
      "  capataz job clone 12",
      "  capataz job clone 12 --name again --numcores 8",
      "  capataz job submit --id $(capataz job clone 12 -o id)"
    })
final class JobClone extends ClusterCommand {

  @Parameters(paramLabel = "ID", description = "The job to copy.")
  private String id = "";

  @Mixin private JobOptions job = new JobOptions();

  JobClone(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var original = Accepted.value(Inputs.job(id));
    return (cluster, out) ->
        JobNew.made(cluster.create(job.on(cluster.job(original).draft(), world)), out, world);
  }
}
