package org.capataz.model;

import java.util.Set;

/// The properties of a job.
public enum JobProperty implements Property {
  NAME("Name", "", PropertyType.NAME, "Name of the job; need not be unique."),
  PROJECT("Project", "", PropertyType.NAME, "Project that the job is counted to."),
  PRIORITY(
      "Priority",
      "",
      PropertyType.PRIORITY,
      "Rank in the queue: a name, a name with an offset such as Normal+5, or 0 to 4000."),
  EXPANDED_PRIORITY(
      "ExpandedPriority",
      "",
      PropertyType.PRIORITY,
      "Rank in the queue, 0 to 4000; stronger than Priority."),
  UNIT_TYPE("UnitType", "", PropertyType.UNIT, "Unit that minimum and maximum are counted in."),
  MIN_CORES(
      "MinCores",
      "MinimumNumberOfProcessors",
      PropertyType.INTEGER,
      "Cores that must be free for the job to start."),
  MAX_CORES(
      "MaxCores",
      "MaximumNumberOfProcessors",
      PropertyType.INTEGER,
      "Cores that the job may grow to."),
  AUTO_CALCULATE_MIN(
      "AutoCalculateMin",
      "",
      PropertyType.BOOLEAN,
      "Whether the minimum is worked out from the tasks: the default unless MinCores is given."),
  AUTO_CALCULATE_MAX(
      "AutoCalculateMax",
      "",
      PropertyType.BOOLEAN,
      "Whether the maximum is worked out from the tasks: the default unless MaxCores is given."),
  RUNTIME_SECONDS(
      "RuntimeSeconds",
      "Runtime",
      PropertyType.INTEGER,
      "Seconds after which the running job is canceled; no limit where absent."),
  FAIL_ON_TASK_FAILURE(
      "FailOnTaskFailure",
      "",
      PropertyType.BOOLEAN,
      "Whether the first failed task stops and fails the job; false by default."),
  FAIL_DEPENDENT_TASKS(
      "FailDependentTasks",
      "",
      PropertyType.BOOLEAN,
      "Whether tasks that depend on a failed one fail at once; true by default, false in files of"
          + " Microsoft's namespaces."),
  JOB_VALID_EXIT_CODES(
      "JobValidExitCodes",
      "",
      PropertyType.EXIT_CODES,
      "Exit codes with which a run is Finished, such as 0,10..20,min..-1; 0 by default."),
  TASK_EXECUTION_FAILURE_RETRY_LIMIT(
      "TaskExecutionFailureRetryLimit",
      "",
      PropertyType.INTEGER,
      "How often an instance runs again after an exit code that is not valid; 0 by default."),
  PARENT_JOB_IDS(
      "ParentJobIds",
      "",
      PropertyType.JOB_IDS,
      "Ids of the jobs that must have Finished before this one starts."),
  ON_PARENT_FAILURE(
      "OnParentFailure",
      "",
      PropertyType.PARENT_FAILURE,
      "What becomes of the job when a parent fails or is canceled: fail at once, which is the"
          + " default, or hold, which leaves it in the queue. Ours."),
  HOLD_UNTIL(
      "HoldUntil",
      "",
      PropertyType.DATE_TIME,
      "Time before which the job does not start, at most a year ahead."),
  RUN_UNTIL_CANCELED(
      "RunUntilCanceled",
      "",
      PropertyType.BOOLEAN,
      "Whether the job keeps its minimum of cores when its tasks are done, and takes more tasks;"
          + " needs MinCores and MaxCores; false by default.");

  /// What can be changed of a running job too.
  private static final Set<JobProperty> WHILE_RUNNING =
      Set.of(PROJECT, PRIORITY, EXPANDED_PRIORITY, RUNTIME_SECONDS);

  private final String modelName;
  private final String legacyName;
  private final PropertyType type;
  private final String description;

  JobProperty(String modelName, String legacyName, PropertyType type, String description) {
    this.modelName = modelName;
    this.legacyName = legacyName;
    this.type = type;
    this.description = description;
  }

  @Override
  public String modelName() {
    return modelName;
  }

  @Override
  public String legacyName() {
    return legacyName;
  }

  @Override
  public PropertyType type() {
    return type;
  }

  @Override
  public Set<JobState> changes() {
    return WHILE_RUNNING.contains(this) ? UNTIL_IT_ENDS : BEFORE_IT_RUNS;
  }

  @Override
  public String description() {
    return description;
  }
}
