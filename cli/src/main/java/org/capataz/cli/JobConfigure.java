package org.capataz.cli;

import org.capataz.client.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "configure",
    description =
        "Takes queued, failed or canceled jobs back to Configuring, to add tasks to them. All of a"
            + " job runs when it is submitted again, whatever came of it before; 'capataz job"
            + " requeue' runs only what did not finish.",
    footer = {
      "",
      "Examples:",
      "  capataz job configure 12",
      "  capataz job add 12 --name check ./check",
      "  capataz job submit --id 12"
    })
final class JobConfigure extends ClusterCommand {

  @Mixin private JobIds ids = new JobIds();

  JobConfigure(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return ids.each(world, Job::configure);
  }
}
