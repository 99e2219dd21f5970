package org.capataz.cli;

import java.util.Map;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What may be said of the rules of one task.
final class TaskRuleOptions {

  @Option(
      names = "--max-running",
      paramLabel = "N",
      description =
          "Instances of the sweep that may run at once, 0 for as many as there are cores for, which"
              + " is the default.")
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

  @Option(
      names = "--rerunnable",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Whether a run that was lost, or failed, may run again; if not, the job cannot be"
              + " requeued once it ran. Default: true.")
  private @Nullable String rerunnable;

  /// The option that was given; null for none.
  @Nullable String firstGiven() {
    return maxRunning != null
        ? "--max-running"
        : maxFailures != null
            ? "--max-failures"
            : failJobAfter != null
                ? "--fail-job-after"
                : rerunnable != null ? "--rerunnable" : null;
  }

  void into(Map<TaskProperty, String> properties) {
    Catalogue.put(properties, TaskProperty.MAX_RUNNING, maxRunning);
    Catalogue.put(properties, TaskProperty.MAX_FAILURES, maxFailures);
    if (failJobAfter != null) {
      properties.put(TaskProperty.FAIL_JOB_ON_FAILURE, "true");
      properties.put(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, failJobAfter);
    }
    Catalogue.put(properties, TaskProperty.IS_RERUNNABLE, rerunnable);
  }
}
