package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "cancel",
    description =
        "Cancels jobs. What runs is told to stop, and killed if it does not; 'capataz job wait'"
            + " waits for that.",
    footer = {
      "",
      "Examples:",
      "  capataz job cancel 12",
      "  capataz job cancel 12 13 --message 'wrong input'",
      "  capataz job cancel --force 12"
    })
final class JobCancel extends ClusterCommand {

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "Why, for those who look at the job later.")
  private String message = "";

  @Mixin private EndingOptions endings = new EndingOptions();
  @Mixin private JobIds ids = new JobIds();

  JobCancel(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var ending = endings.ending();
    return ids.each(world, job -> job.cancel(ending, message));
  }
}
