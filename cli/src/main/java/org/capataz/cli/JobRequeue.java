package org.capataz.cli;

import org.capataz.client.Requeue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "requeue",
    description =
        "Queues ended jobs again. What finished keeps its result; the rest runs once more.",
    footer = {"", "Examples:", "  capataz job requeue 12", "  capataz job requeue 12 --failed"})
final class JobRequeue extends ClusterCommand {

  @Option(names = "--failed", description = "Only what failed, not what was canceled.")
  private boolean failed;

  @Mixin private JobIds ids = new JobIds();

  JobRequeue(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return ids.each(world, job -> job.requeue(failed ? Requeue.FAILED : Requeue.UNFINISHED));
  }
}
