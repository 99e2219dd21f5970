package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "cancel",
    description =
        "Cancels tasks, or instances of a sweep. What runs is told to stop, and killed if "
            + "it does not, and ends as Failed; what waits ends as Canceled.",
    footer = {
      "",
      "Examples:",
      "  capataz task cancel 12.1",
      "  capataz task cancel 12.2.40 12.2.41 --message 'wrong input'"
    })
final class TaskCancel extends ClusterCommand {

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "Why, for those who look at the task later.")
  private String message = "";

  @Mixin private EndingOptions endings = new EndingOptions();
  @Mixin private TaskIds ids = new TaskIds();

  TaskCancel(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var ending = endings.ending();
    return ids.each(world, task -> task.cancel(ending, message));
  }
}
