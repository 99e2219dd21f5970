package org.capataz.model;

import java.util.Set;

/// The properties of a task.
public enum TaskProperty implements Property {
  NAME(
      "Name",
      "",
      PropertyType.NAME,
      "Name that other tasks depend on; tasks that share a name are waited for together."),
  COMMAND_LINE(
      "CommandLine",
      "",
      PropertyType.COMMAND_LINE,
      "What to run, in the shell's quoting; the one property that a task must have."),
  TYPE(
      "Type",
      "",
      PropertyType.TASK_TYPE,
      "Basic, ParametricSweep, NodePrep, NodeRelease or Service."),
  IS_PARAMETRIC(
      "IsParametric",
      "",
      PropertyType.BOOLEAN,
      "Older way to say ParametricSweep; Type is stronger."),
  START_VALUE("StartValue", "", PropertyType.INTEGER, "First index of a sweep; 1 by default."),
  END_VALUE("EndValue", "", PropertyType.INTEGER, "Last index of a sweep."),
  INCREMENT_VALUE(
      "IncrementValue", "", PropertyType.INTEGER, "Step between indexes of a sweep; 1 by default."),
  SWEEP(
      "Sweep",
      "",
      PropertyType.SWEEP,
      "Indexes of a sweep such as 1-10,15,20-40:5; stronger than the three before. Ours."),
  DEPENDS_ON(
      "DependsOn",
      "Depend",
      PropertyType.NAMES,
      "Names of the tasks that must have ended before this one starts."),
  MIN_CORES(
      "MinCores",
      "MinimumNumberOfProcessors",
      PropertyType.INTEGER,
      "Cores that one run needs; 1 by default."),
  MAX_CORES(
      "MaxCores",
      "MaximumNumberOfProcessors",
      PropertyType.INTEGER,
      "Cores that one run can use; the minimum by default."),
  MIN_SOCKETS(
      "MinSockets",
      "",
      PropertyType.INTEGER,
      "Whole sockets that one run needs, where the job's unit is Socket."),
  MAX_SOCKETS(
      "MaxSockets",
      "",
      PropertyType.INTEGER,
      "Whole sockets that one run can use, where the job's unit is Socket."),
  MIN_NODES(
      "MinNodes",
      "",
      PropertyType.INTEGER,
      "Whole nodes that one run needs, where the job's unit is Node."),
  MAX_NODES(
      "MaxNodes",
      "",
      PropertyType.INTEGER,
      "Whole nodes that one run can use, where the job's unit is Node."),
  MIN_GPUS(
      "MinGpus", "", PropertyType.INTEGER, "GPUs that one run needs, where the job's unit is Gpu."),
  MAX_GPUS(
      "MaxGpus",
      "",
      PropertyType.INTEGER,
      "GPUs that one run can use, where the job's unit is Gpu."),
  MEMORY(
      "Memory",
      "",
      PropertyType.INTEGER,
      "Megabytes that one run needs on each of its nodes; not reserved where absent. Ours."),
  REQUIRED_NODES(
      "RequiredNodes", "", PropertyType.NAMES, "Nodes that each run must have, all of them."),
  REQUESTED_NODE_GROUP(
      "RequestedNodeGroup",
      "",
      PropertyType.NAME,
      "Node group that the task's nodes must be in; not beside the job's NodeGroups."),
  IS_EXCLUSIVE(
      "IsExclusive",
      "",
      PropertyType.BOOLEAN,
      "Whether nothing else of the job may run on a run's nodes; only in an exclusive job."),
  RUNTIME_SECONDS(
      "RuntimeSeconds",
      "Runtime",
      PropertyType.INTEGER,
      "Seconds after which a run is ended and failed; no limit where absent."),
  WORK_DIRECTORY(
      "WorkDirectory",
      "",
      PropertyType.PATH,
      "Directory to run in; the home directory where absent."),
  STD_IN_FILE_PATH(
      "StdInFilePath", "Stdin", PropertyType.PATH, "File to read standard input from."),
  STD_OUT_FILE_PATH(
      "StdOutFilePath",
      "Stdout",
      PropertyType.PATH,
      "File for standard output, overwritten; kept by Capataz where absent."),
  STD_ERR_FILE_PATH(
      "StdErrFilePath",
      "Stderr",
      PropertyType.PATH,
      "File for standard error, overwritten; kept by Capataz where absent."),
  IS_RERUNNABLE(
      "IsRerunnable",
      "",
      PropertyType.BOOLEAN,
      "Whether the task may run again after its node was lost; true by default."),
  FAIL_JOB_ON_FAILURE(
      "FailJobOnFailure",
      "",
      PropertyType.BOOLEAN,
      "Whether the task's failure stops and fails the job; false by default."),
  FAIL_JOB_ON_FAILURE_COUNT(
      "FailJobOnFailureCount",
      "",
      PropertyType.INTEGER,
      "How many instances have to fail for FailJobOnFailure; 1 by default."),
  TASK_VALID_EXIT_CODES(
      "TaskValidExitCodes",
      "",
      PropertyType.EXIT_CODES,
      "Exit codes with which a run is Finished; those of the job by default."),
  MAX_RUNNING(
      "MaxRunning",
      "",
      PropertyType.INTEGER,
      "Instances of a sweep that may run at once; no limit where absent. Ours."),
  MAX_FAILURES(
      "MaxFailures",
      "",
      PropertyType.INTEGER,
      "Failed instances of a sweep after which the rest is not run; no limit where absent. Ours.");

  /// What can be changed of the tasks of a running job too.
  private static final Set<TaskProperty> WHILE_RUNNING = Set.of();

  private final String modelName;
  private final String legacyName;
  private final PropertyType type;
  private final String description;

  TaskProperty(String modelName, String legacyName, PropertyType type, String description) {
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
