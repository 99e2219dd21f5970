package org.capataz.scheduler.scenario;

import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;

/// A task draft in few words.
public record TaskSketch(TaskDraft draft) {

  /// A task of one run on one core.
  public static TaskSketch task() {
    return new TaskSketch(TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "model"));
  }

  public static TaskSketch task(String name) {
    return task().with(TaskProperty.NAME, name);
  }

  /// A task of many runs on one core each.
  public static TaskSketch sweep(int from, int to) {
    return task().over(from, to);
  }

  public TaskSketch named(String name) {
    return with(TaskProperty.NAME, name);
  }

  public TaskSketch limit(long seconds) {
    return with(TaskProperty.RUNTIME_SECONDS, "" + seconds);
  }

  public TaskSketch over(int from, int to) {
    return with(TaskProperty.TYPE, "ParametricSweep")
        .with(TaskProperty.START_VALUE, "" + from)
        .with(TaskProperty.END_VALUE, "" + to);
  }

  public TaskSketch ofType(String type) {
    return with(TaskProperty.TYPE, type);
  }

  public TaskSketch after(String parents) {
    return with(TaskProperty.DEPENDS_ON, parents);
  }

  public TaskSketch cores(int cores) {
    return cores(cores, cores);
  }

  public TaskSketch cores(int min, int max) {
    return with(TaskProperty.MIN_CORES, "" + min).with(TaskProperty.MAX_CORES, "" + max);
  }

  public TaskSketch memory(int megabytes) {
    return with(TaskProperty.MEMORY, "" + megabytes);
  }

  public TaskSketch notRerunnable() {
    return with(TaskProperty.IS_RERUNNABLE, "false");
  }

  public TaskSketch validExitCodes(String codes) {
    return with(TaskProperty.TASK_VALID_EXIT_CODES, codes);
  }

  public TaskSketch failingJobAfter(int count) {
    return with(TaskProperty.FAIL_JOB_ON_FAILURE, "true")
        .with(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, "" + count);
  }

  public TaskSketch maxRunning(int instances) {
    return with(TaskProperty.MAX_RUNNING, "" + instances);
  }

  public TaskSketch maxFailures(int instances) {
    return with(TaskProperty.MAX_FAILURES, "" + instances);
  }

  public TaskSketch with(TaskProperty property, String value) {
    return new TaskSketch(draft.with(property, value));
  }
}
