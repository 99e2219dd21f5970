package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.client.TaskBuilder;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.Placeholders;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// What may be said of one new task, apart from its cores and its place in a flow.
final class TaskOptions {

  /// What looks as if a value were to be put there: not the shell's `${name}`.
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?<![$\\\\])\\{[\\p{L}_][\\p{L}\\p{N}_.-]*}");

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
    if (isSweep()) {
      mistakes(built).forEach(world.streams()::say);
    }
    return built;
  }

  /// What of a sweep is most likely not meant.
  private static List<String> mistakes(TaskDraft task) {
    var job = JobSpec.resolve(JobDraft.EMPTY.plus(task));
    if (!(job instanceof Result.Ok<JobSpec>(var spec))) {
      return List.of();
    }
    var marks = spec.task(1).placeholders().marks();
    var text = text(task);
    if (marks.size() == 1) {
      return tellsRunsApart(text)
          ? List.of()
          : List.of(
              "the sweep has no '*', so all its runs are alike; quote it, '*', or the shell"
                  + " replaces it");
    }
    var mistakes = new ArrayList<String>();
    for (var axis : task.axes()) {
      var own = marks(axis);
      if (!tellsRunsApart(text) && !new Placeholders(own).isIn(text)) {
        mistakes.add(
            "nothing uses "
                + String.join(", ", own)
                + ", so runs that differ in nothing else are alike");
      }
    }
    PLACEHOLDER
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(mark -> !marks.contains(mark))
        .distinct()
        .map(mark -> mark + " stays as it is: the sweep has " + String.join(", ", marks))
        .forEach(mistakes::add);
    return mistakes;
  }

  private static boolean tellsRunsApart(String text) {
    return text.contains("*") || text.contains("CCP_TASKINSTANCEID");
  }

  private static List<String> marks(SweepAxis axis) {
    var names =
        switch (axis) {
          case SweepAxis.Lines _ -> List.<String>of();
          case SweepAxis.Listed(var name, _) -> List.of(name);
          case SweepAxis.Rows(var columns, _) -> columns;
        };
    return names.stream().map(name -> "{" + name + "}").toList();
  }

  /// What a run can be given of its values in, or ask for them.
  private static String text(TaskDraft task) {
    return Stream.of(
            TaskProperty.COMMAND_LINE,
            TaskProperty.WORK_DIRECTORY,
            TaskProperty.STD_IN_FILE_PATH,
            TaskProperty.STD_OUT_FILE_PATH,
            TaskProperty.STD_ERR_FILE_PATH)
        .map(property -> task.get(property).orElse(""))
        .collect(Collectors.joining("\n"));
  }
}
