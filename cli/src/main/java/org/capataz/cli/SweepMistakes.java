package org.capataz.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.Placeholders;
import org.capataz.model.Result;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;

/// What of a sweep is allowed, and most likely not meant: runs that are alike, or that write to one
/// file.
final class SweepMistakes {

  /// What looks as if a value were to be put there: not the shell's `${name}`.
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?<![$\\\\])\\{[\\p{L}_][\\p{L}\\p{N}_.-]*}");

  private final TaskDraft task;
  private final Placeholders placeholders;
  private final List<String> found = new ArrayList<>();

  private SweepMistakes(TaskDraft task, Placeholders placeholders) {
    this.task = task;
    this.placeholders = placeholders;
  }

  /// One line for each; none if the task is no sweep, or is wrong, which is said elsewhere.
  static List<String> of(TaskDraft task) {
    return JobSpec.resolve(JobDraft.EMPTY.plus(task)) instanceof Result.Ok<JobSpec>(var job)
            && job.task(1).isSweep()
        ? new SweepMistakes(task, job.task(1).placeholders()).find()
        : List.of();
  }

  private List<String> find() {
    var all =
        text(
            TaskProperty.COMMAND_LINE,
            TaskProperty.WORK_DIRECTORY,
            TaskProperty.STD_IN_FILE_PATH,
            TaskProperty.STD_OUT_FILE_PATH,
            TaskProperty.STD_ERR_FILE_PATH);
    alike(all);
    sameFile(TaskProperty.STD_OUT_FILE_PATH);
    sameFile(TaskProperty.STD_ERR_FILE_PATH);
    if (isNamed()) {
      PLACEHOLDER
          .matcher(all)
          .results()
          .map(MatchResult::group)
          .filter(mark -> !placeholders.marks().contains(mark))
          .distinct()
          .map(mark -> mark + " stays as it is: the sweep has " + shown(placeholders.marks()))
          .forEach(found::add);
    }
    return found;
  }

  private boolean isNamed() {
    return placeholders.marks().size() > 1;
  }

  private void alike(String all) {
    if (all.contains("*") || all.contains("CCP_TASKINSTANCEID")) {
      return;
    }
    if (!isNamed()) {
      found.add(
          "the sweep has no '*', so all its runs are alike; quote it, '*', or the shell replaces"
              + " it");
    }
    for (var axis : task.axes()) {
      if (isNamed() && !new Placeholders(marks(axis)).isIn(all)) {
        found.add(
            "nothing uses "
                + shown(marks(axis))
                + ", so runs that differ in nothing else are alike");
      }
    }
  }

  /// A path without a placeholder is one file for all runs.
  private void sameFile(TaskProperty property) {
    var path = task.get(property).orElse("");
    var place = text(property, TaskProperty.WORK_DIRECTORY);
    if (path.isEmpty() || path.startsWith("/dev/") || place.contains("*")) {
      return;
    }
    if (!isNamed()) {
      found.add("all runs write to one file, " + path + "; a '*' in its name keeps them apart");
    }
    for (var axis : task.axes()) {
      if (isNamed() && !new Placeholders(marks(axis)).isIn(place)) {
        found.add(
            "runs that differ in "
                + shown(marks(axis))
                + " alone write to one file, "
                + path
                + "; more in its name keeps them apart");
      }
    }
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

  private static String shown(List<String> marks) {
    return String.join(", ", marks);
  }

  private String text(TaskProperty... properties) {
    return Stream.of(properties)
        .map(property -> task.get(property).orElse(""))
        .collect(Collectors.joining("\n"));
  }
}
