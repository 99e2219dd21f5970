package org.capataz.model;

import java.util.Set;

/// The properties of a job.
public enum JobProperty implements Property {
  NAME("Name", "", PropertyType.NAME, "Name of the job; need not be unique."),
  PROJECT("Project", "", PropertyType.NAME, "Project that the job is counted to."),
  JOB_TEMPLATE(
      "JobTemplate",
      "",
      PropertyType.NAME,
      "Job template that gives defaults for what the job leaves open, and bounds; Default where"
          + " absent."),
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
  UNIT_TYPE(
      "UnitType",
      "",
      PropertyType.UNIT,
      "Unit that minimum and maximum, and those of the tasks, are counted in; that of the numbers"
          + " given, or Core."),
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
  MIN_SOCKETS(
      "MinSockets",
      "",
      PropertyType.INTEGER,
      "Whole sockets that must be free for the job to start, where the unit is Socket."),
  MAX_SOCKETS(
      "MaxSockets",
      "",
      PropertyType.INTEGER,
      "Whole sockets that the job may grow to, where the unit is Socket."),
  MIN_NODES(
      "MinNodes",
      "",
      PropertyType.INTEGER,
      "Whole nodes that must be free for the job to start, where the unit is Node."),
  MAX_NODES(
      "MaxNodes",
      "",
      PropertyType.INTEGER,
      "Whole nodes that the job may grow to, where the unit is Node."),
  MIN_GPUS(
      "MinGpus",
      "",
      PropertyType.INTEGER,
      "GPUs that must be free for the job to start, where the unit is Gpu; each comes with its"
          + " share of the node's cores."),
  MAX_GPUS(
      "MaxGpus", "", PropertyType.INTEGER, "GPUs that the job may grow to, where the unit is Gpu."),
  AUTO_CALCULATE_MIN(
      "AutoCalculateMin",
      "",
      PropertyType.BOOLEAN,
      "Whether the minimum is worked out from the tasks: the default unless a minimum is given."),
  AUTO_CALCULATE_MAX(
      "AutoCalculateMax",
      "",
      PropertyType.BOOLEAN,
      "Whether the maximum is worked out from the tasks: the default unless a maximum is given."),
  IS_EXCLUSIVE(
      "IsExclusive",
      "",
      PropertyType.BOOLEAN,
      "Whether no other job may be on the job's nodes; false by default, true in files of CCS"
          + " 2003."),
  SINGLE_NODE(
      "SingleNode",
      "",
      PropertyType.BOOLEAN,
      "Whether all that the job holds is on one node; false by default."),
  REQUESTED_NODES(
      "RequestedNodes",
      "AskedNodes",
      PropertyType.NAMES,
      "The only nodes that the job may be given; all where absent."),
  EXCLUDED_NODES(
      "ExcludedNodes", "", PropertyType.NAMES, "Nodes that the job may not be given, at most 10."),
  NODE_GROUPS(
      "NodeGroups",
      "",
      PropertyType.NAMES,
      "Node groups that the job's nodes are taken from; every node where absent."),
  NODE_GROUP_OP(
      "NodeGroupOp",
      "",
      PropertyType.NODE_GROUP_OP,
      "How several groups go together: Intersect (a node is in all of them, the default), Uniform"
          + " (all nodes from one group, tried in order) or Union."),
  ORDER_BY(
      "OrderBy",
      "",
      PropertyType.NODE_ORDER,
      "Which nodes come first: those with most Cores or Memory, or least (-Cores, -Memory); two"
          + " with a comma between. Those with most free cores where absent."),
  MIN_CORES_PER_NODE(
      "MinCoresPerNode",
      "",
      PropertyType.INTEGER,
      "Cores that each of the job's nodes has at least."),
  MAX_CORES_PER_NODE(
      "MaxCoresPerNode",
      "",
      PropertyType.INTEGER,
      "Cores that each of the job's nodes has at most."),
  MIN_MEMORY(
      "MinMemory",
      "",
      PropertyType.INTEGER,
      "Megabytes that each of the job's nodes has at least."),
  MAX_MEMORY(
      "MaxMemory", "", PropertyType.INTEGER, "Megabytes that each of the job's nodes has at most."),
  ESTIMATED_PROCESS_MEMORY(
      "EstimatedProcessMemory",
      "",
      PropertyType.INTEGER,
      "Megabytes that each process needs, of which a run has one for each of its units; not"
          + " reserved where absent. A task's Memory is stronger."),
  SOFTWARE_LICENSE(
      "SoftwareLicense",
      "",
      PropertyType.LICENSES,
      "Licences that the job holds while it runs, as feature:amount, several with commas between;"
          + " an amount of * is the job's minimum."),
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
