package org.capataz.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What task types demand of a task and of the job around it.
final class TaskKinds {

  private TaskKinds() {}

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
    var kind = TaskKind.of(task);
    if (!kind.isOpen()) {
      return Result.ok(kind);
    }
    if (!task.axes().isEmpty() || has(task, TaskProperty.SWEEP)) {
      return Result.invalid("expected no sweep for a " + kind + " task, which is none");
    }
    if (has(task, TaskProperty.DEPENDS_ON)) {
      return Result.invalid("expected no DependsOn for a " + kind + " task, which waits for none");
    }
    for (var unit : Unit.values()) {
      for (var property : List.of(unit.taskMin(), unit.taskMax())) {
        if (has(task, property)) {
          return unwanted(
              task,
              kind,
              property,
              kind == TaskKind.SERVICE
                  ? "each of its instances has " + unit.count(1)
                  : "it has all that the job holds on its node");
        }
      }
    }
    if (is(task, TaskProperty.FAIL_JOB_ON_FAILURE)) {
      return unwanted(
          task,
          kind,
          TaskProperty.FAIL_JOB_ON_FAILURE,
          switch (kind) {
            case NODE_PREP -> "the job fails when too few nodes are left that could be prepared";
            case NODE_RELEASE -> "that a release failed is recorded, and the job goes on";
            default -> "the job fails when its service fails again and again";
          });
    }
    return kind.isForNodes() ? checkForNodes(task, kind) : Result.ok(kind);
  }

  private static Result<TaskKind> checkForNodes(TaskDraft task, TaskKind kind) {
    for (var property :
        List.of(
            TaskProperty.MEMORY, TaskProperty.REQUIRED_NODES, TaskProperty.REQUESTED_NODE_GROUP)) {
      if (has(task, property)) {
        return unwanted(task, kind, property, "it has what the job holds, on each node of the job");
      }
    }
    return is(task, TaskProperty.IS_EXCLUSIVE)
        ? unwanted(
            task, kind, TaskProperty.IS_EXCLUSIVE, "nothing else of the job runs beside it anyway")
        : Result.ok(kind);
  }

  private static boolean has(TaskDraft task, TaskProperty property) {
    return !task.get(property).orElse("").isBlank();
  }

  private static boolean is(TaskDraft task, TaskProperty property) {
    return task.get(property).filter(JobResolver::isTrue).isPresent();
  }

  private static Result<TaskKind> unwanted(
      TaskDraft task, TaskKind kind, TaskProperty property, String why) {
    return Result.invalid(
        "expected no "
            + property.modelName()
            + " for a "
            + kind
            + " task, but got "
            + Text.shown(task.get(property).orElse(""))
            + "; "
            + why);
  }

  /// What to add where a task waits for a name that nobody can wait for; empty if nobody has it.
  static String noneToWaitFor(JobDraft draft, String name) {
    return draft.tasks().stream()
        .filter(task -> task.get(TaskProperty.NAME).orElse("").strip().equals(name))
        .map(task -> " to wait for: that is a " + TaskKind.of(task) + " task")
        .findFirst()
        .orElse("");
  }
}
