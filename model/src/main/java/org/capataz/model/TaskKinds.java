package org.capataz.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What task types demand of a task and of the job around it.
final class TaskKinds {

  /// The model's NodeReleaseTaskTimeout.
  private static final long RELEASE_SECONDS = 15;

  private TaskKinds() {}

  /// The type that a task was given, in words of today or older ones.
  static TaskKind of(TaskDraft task) {
    var type = task.get(TaskProperty.TYPE).flatMap(TaskKind::parse);
    if (!task.sweepValues().isEmpty()) {
      return type.filter(TaskKind::isOpen).orElse(TaskKind.PARAMETRIC_SWEEP);
    }
    return type.orElseGet(
        () ->
            task.get(TaskProperty.IS_PARAMETRIC).filter(TaskKinds::isTrue).isPresent()
                ? TaskKind.PARAMETRIC_SWEEP
                : TaskKind.BASIC);
  }

  private static boolean isTrue(String text) {
    return text.strip().equalsIgnoreCase("true") || text.strip().equals("1");
  }

  /// Checks how the types of a job's tasks go together.
  ///
  /// @param untilCanceled whether the job lasts without tasks that do its work
  static Result<Set<TaskKind>> check(List<TaskKind> kinds, boolean untilCanceled) {
    var found = EnumSet.noneOf(TaskKind.class);
    for (var number = 1; number <= kinds.size(); number++) {
      var kind = kinds.get(number - 1);
      if (!found.add(kind) && kind.isOpen()) {
        return Result.invalid(
            "task "
                + number
                + ": expected at most one "
                + kind
                + " task in a job, but got another");
      }
    }
    if (found.contains(TaskKind.SERVICE)
        && (found.contains(TaskKind.BASIC) || found.contains(TaskKind.PARAMETRIC_SWEEP))) {
      return Result.invalid(
          "expected beside a Service task only NodePrep and NodeRelease, but the job has other"
              + " tasks; put them into a job of their own");
    }
    if (!untilCanceled && !found.isEmpty() && found.stream().allMatch(TaskKind::isForNodes)) {
      return Result.invalid(
          "expected a task that does the job's work, but there are only NodePrep and NodeRelease;"
              + " add one of another type");
    }
    return Result.ok(found);
  }

  /// Checks what a task of some type may not have.
  static Result<TaskKind> check(TaskDraft task) {
    var kind = of(task);
    if (!kind.isOpen()) {
      return Result.ok(kind);
    }
    if (!task.sweepValues().isEmpty()) {
      return Result.invalid("expected no sweep values for a " + kind + " task, which is no sweep");
    }
    if (!task.get(TaskProperty.DEPENDS_ON).orElse("").isBlank()) {
      return Result.invalid("expected no DependsOn for a " + kind + " task, which waits for none");
    }
    for (var property : List.of(TaskProperty.MIN_CORES, TaskProperty.MAX_CORES)) {
      if (task.get(property).isPresent()) {
        return Result.invalid(
            "expected no "
                + property.modelName()
                + " for a "
                + kind
                + " task, but got "
                + Text.shown(task.get(property).orElse(""))
                + (kind == TaskKind.SERVICE
                    ? "; each of its instances has one core"
                    : "; it has all cores that the job holds on its node"));
      }
    }
    if (kind.isForNodes() && task.get(TaskProperty.MEMORY).isPresent()) {
      return Result.invalid(
          "expected no Memory for a " + kind + " task; it has what the job holds on its node");
    }
    return Result.ok(kind);
  }

  /// What to add where a task waits for a name that nobody can wait for; empty if nobody has it.
  static String noneToWaitFor(JobDraft draft, String name) {
    return draft.tasks().stream()
        .filter(task -> task.get(TaskProperty.NAME).orElse("").strip().equals(name))
        .map(task -> " to wait for: that is a " + of(task) + " task")
        .findFirst()
        .orElse("");
  }

  /// The limit of one run.
  ///
  /// @param seconds what the task asks for, 0 for none
  /// @param jobSeconds the job's limit, 0 for none: a release takes at most half of it
  static long runtime(TaskKind kind, long seconds, long jobSeconds) {
    if (kind != TaskKind.NODE_RELEASE) {
      return seconds;
    }
    var most = jobSeconds == 0 ? RELEASE_SECONDS : Math.min(RELEASE_SECONDS, jobSeconds / 2);
    return Math.max(1, seconds == 0 ? most : Math.min(most, seconds));
  }
}
