package org.capataz.cli;

import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What may be said of a job's rules.
final class JobRuleOptions {

  @Option(
      names = "--valid-exit-codes",
      paramLabel = "CODES",
      description =
          "Exit codes with which a run is Finished, such as 0,10..20,min..-1. Default: 0.")
  private @Nullable String validExitCodes;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "How often an instance runs again after another exit code. Default: 0.")
  private @Nullable String retries;

  @Option(
      names = "--parentjobids",
      paramLabel = "ID,...",
      description = "Jobs that must have Finished before this one starts.")
  private @Nullable String parents;

  @Option(
      names = "--on-parent-failure",
      paramLabel = "WHAT",
      description =
          "What becomes of the job when a parent fails or is canceled: fail, or hold, which leaves"
              + " it in the queue. Default: fail.")
  private @Nullable String onParentFailure;

  @Option(
      names = "--holduntil",
      paramLabel = "TIME",
      description =
          "Do not start before this date and time, such as 2027-01-31T18:00, or before so many"
              + " minutes are over; 'now' ends a hold.")
  private @Nullable String holdUntil;

  @Option(
      names = "--rununtilcanceled",
      description =
          "Keep the minimum of cores when the tasks are done, and take more with 'capataz job add';"
              + " needs --numcores MIN-MAX.")
  private boolean runUntilCanceled;

  /// The draft with what was said here.
  JobDraft on(JobDraft draft, World world) {
    var changed = set(draft, JobProperty.JOB_VALID_EXIT_CODES, validExitCodes);
    changed = set(changed, JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, retries);
    changed = set(changed, JobProperty.PARENT_JOB_IDS, parents);
    changed = set(changed, JobProperty.ON_PARENT_FAILURE, onParentFailure);
    if (holdUntil != null) {
      changed =
          changed.with(
              JobProperty.HOLD_UNTIL,
              holdUntil.equalsIgnoreCase("now")
                  ? ""
                  : Accepted.value(HoldTimes.parse(holdUntil, world).in("--holduntil")).toString());
    }
    return runUntilCanceled ? changed.with(JobProperty.RUN_UNTIL_CANCELED, "true") : changed;
  }

  private static JobDraft set(JobDraft draft, JobProperty property, @Nullable String text) {
    return text == null ? draft : draft.with(property, text);
  }
}
