package org.capataz.scheduler.scenario;

import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Moment;

/// A job draft in few words.
public record JobSketch(JobDraft draft) {

  /// A job without tasks.
  public static JobSketch job() {
    return new JobSketch(JobDraft.EMPTY);
  }

  /// A job of one task.
  public static JobSketch job(TaskSketch task) {
    return job().task(task);
  }

  public JobSketch named(String name) {
    return with(JobProperty.NAME, name);
  }

  public JobSketch task(TaskSketch task) {
    return new JobSketch(draft.plus(task.draft()));
  }

  public JobSketch cores(int min, int max) {
    return with(JobProperty.MIN_CORES, "" + min).with(JobProperty.MAX_CORES, "" + max);
  }

  public JobSketch priority(String priority) {
    return with(JobProperty.PRIORITY, priority);
  }

  public JobSketch limit(long seconds) {
    return with(JobProperty.RUNTIME_SECONDS, "" + seconds);
  }

  public JobSketch failingOnTaskFailure() {
    return with(JobProperty.FAIL_ON_TASK_FAILURE, "true");
  }

  public JobSketch retries(int limit) {
    return with(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, "" + limit);
  }

  public JobSketch validExitCodes(String codes) {
    return with(JobProperty.JOB_VALID_EXIT_CODES, codes);
  }

  public JobSketch parents(String ids) {
    return with(JobProperty.PARENT_JOB_IDS, ids);
  }

  public JobSketch holdingOnParentFailure() {
    return with(JobProperty.ON_PARENT_FAILURE, "hold");
  }

  public JobSketch heldUntil(long micros) {
    return with(JobProperty.HOLD_UNTIL, Moment.text(micros));
  }

  public JobSketch untilCanceled() {
    return with(JobProperty.RUN_UNTIL_CANCELED, "true");
  }

  public JobSketch in(Dialect dialect) {
    return new JobSketch(
        new JobDraft(
            dialect, draft.properties(), draft.environment(), draft.unknown(), draft.tasks()));
  }

  public JobSketch with(JobProperty property, String value) {
    return new JobSketch(draft.with(property, value));
  }
}
