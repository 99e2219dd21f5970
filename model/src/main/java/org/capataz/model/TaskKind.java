package org.capataz.model;

import java.util.Arrays;
import java.util.Optional;

/// The model's task types.
public enum TaskKind {
  /// One run.
  BASIC("Basic"),
  /// One run for each index or value.
  PARAMETRIC_SWEEP("ParametricSweep"),
  /// One run on every node that the job is granted, before anything else of the job there.
  NODE_PREP("NodePrep"),
  /// One run on every node that leaves the job.
  NODE_RELEASE("NodeRelease"),
  /// As many runs at a time as the job has room for, started again as they end.
  SERVICE("Service");

  private final String text;

  TaskKind(String text) {
    this.text = text;
  }

  /// Whether its runs belong to the nodes, not to the work: they do not decide how the job ends.
  public boolean isForNodes() {
    return this == NODE_PREP || this == NODE_RELEASE;
  }

  /// Whether it has as many instances as it takes, and not a number that is known before.
  public boolean isOpen() {
    return isForNodes() || this == SERVICE;
  }

  /// Reads the model's name, in any case.
  public static Optional<TaskKind> parse(String name) {
    return Arrays.stream(values()).filter(k -> k.text.equalsIgnoreCase(name.strip())).findFirst();
  }

  /// The type that a task was given, in words of today or older ones.
  public static TaskKind of(TaskDraft task) {
    var type = task.get(TaskProperty.TYPE).flatMap(TaskKind::parse);
    if (!task.axes().isEmpty()) {
      return type.filter(TaskKind::isOpen).orElse(PARAMETRIC_SWEEP);
    }
    return type.orElseGet(
        () ->
            task.get(TaskProperty.SWEEP).isPresent()
                    || task.get(TaskProperty.IS_PARAMETRIC).filter(JobResolver::isTrue).isPresent()
                ? PARAMETRIC_SWEEP
                : BASIC);
  }

  @Override
  public String toString() {
    return text;
  }
}
