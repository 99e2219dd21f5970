package org.capataz.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Works out the rules of a job and of its tasks. All properties have been checked for their form.
final class RuleResolver {

  private final JobDraft draft;

  RuleResolver(JobDraft draft) {
    this.draft = draft;
  }

  /// The rules of the job.
  Result<JobRules> rules(List<TaskSpec> tasks) {
    var keeps = is(JobProperty.RUN_UNTIL_CANCELED);
    if (keeps
        && (isWorkedOut(JobProperty.MIN_CORES, JobProperty.AUTO_CALCULATE_MIN)
            || isWorkedOut(JobProperty.MAX_CORES, JobProperty.AUTO_CALCULATE_MAX))) {
      return Result.invalid(
          "expected MinCores and MaxCores with RunUntilCanceled, but one is to be worked out from"
              + " the tasks");
    }
    var retries = JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT;
    if (draft.get(retries).filter(text -> JobResolver.whole(text) > 0).isPresent()
        && !tasks.isEmpty()
        && tasks.stream().allMatch(task -> task.kind().isOpen())) {
      return Result.invalid(
          "expected no "
              + retries.modelName()
              + " where no task is Basic or ParametricSweep: the others are not tried again after"
              + " an exit code");
    }
    var limit =
        draft.get(JobProperty.RUNTIME_SECONDS).map(t -> Long.parseLong(t.strip())).orElse(0L);
    for (var task : tasks) {
      if (limit > 0 && task.demand().runtimeSeconds() > limit) {
        return Result.invalid(
            task.title()
                + ": expected RuntimeSeconds of at most the job's, "
                + limit
                + ", but got "
                + task.demand().runtimeSeconds());
      }
    }
    return jobIds(draft.get(JobProperty.PARENT_JOB_IDS).orElse(""))
        .then(
            parents ->
                holdUntil()
                    .then(
                        until ->
                            Result.ok(
                                new JobRules(parents, holdsOnParentFailure(), until, keeps))));
  }

  private boolean is(JobProperty property) {
    return draft.get(property).map(JobResolver::isTrue).orElse(false);
  }

  private boolean isWorkedOut(JobProperty number, JobProperty automatic) {
    return draft.get(number).isEmpty() || is(automatic);
  }

  private boolean holdsOnParentFailure() {
    return draft
        .get(JobProperty.ON_PARENT_FAILURE)
        .filter(text -> text.strip().equalsIgnoreCase("hold"))
        .isPresent();
  }

  private Result<Long> holdUntil() {
    return draft
        .get(JobProperty.HOLD_UNTIL)
        .filter(text -> !text.isBlank())
        .map(Moment::parse)
        .orElse(Result.ok(0L));
  }

  /// Reads ids with commas between, each once.
  static Result<List<Integer>> jobIds(String text) {
    var ids = new LinkedHashSet<Integer>();
    for (var part : text.split(",", -1)) {
      var id = part.strip();
      if (id.isEmpty()) {
        continue;
      }
      if (!id.matches("\\d{1,9}") || Integer.parseInt(id) < 1) {
        return Result.invalid(
            "expected ids of jobs such as 3,4, but got '" + Text.shown(text) + "'");
      }
      ids.add(Integer.parseInt(id));
    }
    return ids.size() <= Limits.PARENTS
        ? Result.ok(List.copyOf(ids))
        : Result.invalid(
            "expected at most " + Limits.PARENTS + " parent jobs, but got " + ids.size());
  }

  /// The rules of one task.
  Result<TaskRules> rules(TaskDraft task, TaskKind kind) {
    return codes(task)
        .then(
            codes ->
                count(
                        "TaskExecutionFailureRetryLimit",
                        draft.get(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT),
                        0)
                    .then(
                        retries ->
                            failsJobAfter(task)
                                .then(
                                    failsJobAfter ->
                                        limits(
                                            task,
                                            kind,
                                            codes,
                                            kind.isOpen() ? 0 : retries,
                                            failsJobAfter))));
  }

  private static Result<TaskRules> limits(
      TaskDraft task, TaskKind kind, ExitCodes codes, int retries, int failsJobAfter) {
    for (var property : new TaskProperty[] {TaskProperty.MAX_RUNNING, TaskProperty.MAX_FAILURES}) {
      if (task.get(property).isPresent() && kind != TaskKind.PARAMETRIC_SWEEP) {
        return Result.invalid(
            "expected " + property.modelName() + " for a sweep only, but the task is none");
      }
    }
    return count("MaxRunning", task.get(TaskProperty.MAX_RUNNING), 0)
        .then(
            running ->
                count("MaxFailures", task.get(TaskProperty.MAX_FAILURES), 0)
                    .then(
                        failures ->
                            Result.ok(
                                new TaskRules(codes, retries, failsJobAfter, running, failures))));
  }

  /// The task's own codes, else the job's, else 0. Files of the original say `""` for the job's.
  private Result<ExitCodes> codes(TaskDraft task) {
    return task.get(TaskProperty.TASK_VALID_EXIT_CODES)
        .filter(text -> !text.isBlank())
        .or(() -> draft.get(JobProperty.JOB_VALID_EXIT_CODES).filter(text -> !text.isBlank()))
        .map(ExitCodes::parse)
        .orElse(Result.ok(ExitCodes.DEFAULT));
  }

  /// Files of the original write the count on every task: without the flag it asks for nothing.
  private static Result<Integer> failsJobAfter(TaskDraft task) {
    return count("FailJobOnFailureCount", task.get(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT), 1)
        .then(
            count ->
                Result.ok(
                    task.get(TaskProperty.FAIL_JOB_ON_FAILURE)
                            .map(JobResolver::isTrue)
                            .orElse(false)
                        ? count
                        : 0));
  }

  private static Result<Integer> count(String property, Optional<String> text, int least) {
    var count = text.map(t -> Long.parseLong(t.strip())).orElse((long) least);
    return count >= least && count <= Limits.INSTANCES
        ? Result.ok(count.intValue())
        : Result.invalid(
            property + ": expected " + least + " to " + Limits.INSTANCES + ", but got " + count);
  }
}
