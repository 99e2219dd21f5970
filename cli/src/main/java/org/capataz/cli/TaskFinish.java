package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "finish",
    description =
        "Ends running tasks, or instances of a sweep, as Finished. What waits of them is "
            + "canceled.",
    footer = {"", "Examples:", "  capataz task finish 12.1 --message converged"})
final class TaskFinish extends ClusterCommand {

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "Why, for those who look at the task later.")
  private String message = "";

  @Mixin private TaskIds ids = new TaskIds();

  TaskFinish(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return ids.each(world, task -> task.finish(message));
  }
}
