package org.capataz.cli;

import org.capataz.client.TaskBuilder;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What may be said of the rules of one task.
final class TaskRuleOptions {

  @Option(
      names = "--max-running",
      paramLabel = "N",
      description =
          "Instances of the sweep that may run at once. Default: as many as there are cores for.")
  private @Nullable String maxRunning;

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      description =
          "After N failed instances the rest of the sweep is not run. Default: all are run.")
  private @Nullable String maxFailures;

  @Option(
      names = "--fail-job-after",
      paramLabel = "N",
      description = "Stop and fail the job after N failed instances. Default: never.")
  private @Nullable String failJobAfter;

  /// The option that was given; null for none.
  @Nullable String firstGiven() {
    return maxRunning != null
        ? "--max-running"
        : maxFailures != null ? "--max-failures" : failJobAfter != null ? "--fail-job-after" : null;
  }

  void on(TaskBuilder task) {
    if (maxRunning != null) {
      task.set(TaskProperty.MAX_RUNNING, maxRunning);
    }
    if (maxFailures != null) {
      task.set(TaskProperty.MAX_FAILURES, maxFailures);
    }
    if (failJobAfter != null) {
      task.set(TaskProperty.FAIL_JOB_ON_FAILURE, "true")
          .set(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, failJobAfter);
    }
  }
}
