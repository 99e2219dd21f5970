package org.capataz.model;

/// What the runs of a task come to, and how many of them there may be.
///
/// @param validExitCodes with which a run is Finished
/// @param retries how often an instance runs again after another exit code
/// @param failsJobAfter how many of its instances have to fail for the job to be stopped and
///   failed; 0 for never
/// @param maxRunning instances that may run at once; 0 for no limit
/// @param maxFailures failed instances after which the rest is not run; 0 for no limit
public record TaskRules(
    ExitCodes validExitCodes, int retries, int failsJobAfter, int maxRunning, int maxFailures) {

  /// The original's defaults.
  public static final TaskRules DEFAULT = new TaskRules(ExitCodes.DEFAULT, 0, 0, 0, 0);
}
