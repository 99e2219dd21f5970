package org.capataz.cli;

import org.capataz.client.Ending;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "finish",
    description =
        "Ends running jobs as Finished. What has not run is dropped; what runs is told to stop, and"
            + " counts as Finished.",
    footer = {
      "",
      "Examples:",
      "  capataz job finish 12",
      "  capataz job finish --graceful 12 --message 'enough samples'"
    })
final class JobFinish extends ClusterCommand {

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "Why, for those who look at the job later.")
  private String message = "";

  @Option(
      names = "--graceful",
      description = "Let what runs run to its end; drop only what has not started.")
  private boolean graceful;

  @Mixin private JobIds ids = new JobIds();

  JobFinish(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return ids.each(world, job -> job.finish(graceful ? Ending.GRACEFUL : Ending.USUAL, message));
  }
}
