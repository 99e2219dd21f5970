package org.capataz.cli;

import java.util.List;
import org.capataz.client.TaskBuilder;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// What may be said of one new task, apart from its cores and its place in a flow.
final class TaskOptions {

  @Mixin private SweepOptions sweep = new SweepOptions();
  @Mixin private RunOptions run = new RunOptions();

  boolean isSweep() {
    return sweep.areGiven();
  }

  /// The option that was given, for commands in which none makes sense; null for none.
  @Nullable String firstGiven() {
    var given = sweep.firstGiven();
    return given != null ? given : run.firstGiven();
  }

  /// The task that runs this command.
  TaskDraft task(List<String> command, World world) {
    if (command.isEmpty()) {
      throw Accepted.refused(
          "expected a command, but there is none; give it after the options, such as 'sleep 60'");
    }
    var task =
        TaskBuilder.create()
            .set(TaskProperty.COMMAND_LINE, RunOptions.commandLine(command))
            .set(TaskProperty.WORK_DIRECTORY, Inputs.absolute("", world.directory()));
    run.properties(world).forEach(task::set);
    sweep.put(task, world);
    var built = task.build();
    SweepMistakes.of(built).forEach(world.streams()::say);
    return built;
  }
}
