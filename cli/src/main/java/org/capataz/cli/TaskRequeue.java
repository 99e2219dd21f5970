package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "requeue",
    description =
        "Runs tasks of a running job again, or instances of a sweep, that failed, were "
            + "canceled or run. What finished keeps its result.",
    footer = {"", "Examples:", "  capataz task requeue 12.2", "  capataz task requeue 12.2.40"})
final class TaskRequeue extends ClusterCommand {

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "Why, for those who look at the task later.")
  private String message = "";

  @Mixin private TaskIds ids = new TaskIds();

  TaskRequeue(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return ids.each(world, task -> task.requeue(message));
  }
}
