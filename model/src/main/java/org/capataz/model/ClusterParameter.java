package org.capataz.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The parameters of a cluster: what its administrator decides for all jobs and nodes. Names and
/// defaults are HPC Pack's, unless the description says otherwise.
public enum ClusterParameter {
  TASK_CANCEL_GRACE_PERIOD(
      "TaskCancelGracePeriod",
      0,
      86_400,
      "15",
      "2008",
      "Seconds from asking a task to end until it is killed."),
  TASK_RETRY_COUNT(
      "TaskRetryCount",
      0,
      1_000_000,
      "3",
      "2003",
      "How often in a row a rerunnable run that the cluster lost is started again."),
  NODE_RELEASE_TASK_TIMEOUT(
      "NodeReleaseTaskTimeout",
      1,
      86_400,
      "15",
      "2008 R2",
      "Seconds that a NodeRelease task may take on a node; jobs with a time limit leave it so"
          + " long."),
  EXCLUDED_NODES_LIMIT(
      "ExcludedNodesLimit", 0, 100_000, "10", "2008 R2", "Nodes that a job may exclude."),
  HEARTBEAT_INTERVAL(
      "HeartbeatInterval",
      1,
      3600,
      "30",
      "2003",
      "Seconds after which a node that has nothing to say says that it is there; heard by nodes"
          + " when they connect."),
  TTL_COMPLETED_JOBS(
      "TTLCompletedJobs",
      0,
      36_500,
      "5",
      "2008",
      "Days after which jobs that have ended are deleted, with all that is stored of them; 0 keeps"
          + " them."),
  JOB_CLEANUP_HOUR(
      "JobCleanupHour",
      0,
      23,
      "2",
      "2008",
      "Hour of the head node's day at which old jobs are deleted, or as soon after as it is up."),
  SUBMISSION_FILTER_PROGRAM(
      "SubmissionFilterProgram",
      Form.PATH,
      "",
      "2008",
      "Program that is asked about each job that is submitted or changed; none where empty."),
  SUBMISSION_FILTER_TIMEOUT(
      "SubmissionFilterTimeout",
      1,
      120,
      "15",
      "2008",
      "Seconds after which a submission filter that has not answered refuses the job."),
  ACTIVATION_FILTER_PROGRAM(
      "ActivationFilterProgram",
      Form.PATH,
      "",
      "2003",
      "Program that is asked about each job that could start now; none where empty."),
  ACTIVATION_FILTER_TIMEOUT(
      "ActivationFilterTimeout",
      1,
      120,
      "15",
      "2003",
      "Seconds after which a job starts that the activation filter has not answered about."),
  DEFAULT_HOLD_DURATION(
      "DefaultHoldDuration",
      1,
      31_536_000,
      "900",
      "2008 R2",
      "Seconds that a job is held for when the activation filter wants it held."),
  AFFINITY_TYPE(
      "AffinityType",
      List.of("AllJobs", "NonExclusiveJobs", "NoJobs"),
      "NonExclusiveJobs",
      "2008 R2",
      "Jobs whose runs are bound to their cores, on nodes that offer all cores of their machine:"
          + " AllJobs, NonExclusiveJobs or NoJobs."),
  MEMORY_ENFORCEMENT(
      "MemoryEnforcement",
      List.of("None", "Reserved"),
      "None",
      "Capataz",
      "Whether a run is ended that uses more memory on a node than is reserved for it there by"
          + " Memory or EstimatedProcessMemory: None or Reserved. CCP_MAXIMUMMEMORY is always"
          + " enforced. Ours."),
  FREE_SPACE_MARK(
      "FreeSpaceMark",
      0,
      1_000_000,
      "256",
      "Capataz",
      "Megabytes free where the head node's database is, below which new jobs and tasks are"
          + " refused, so that there is room for what the jobs come to that it has; 0 refuses none."
          + " Ours."),
  NODE_LOST_RERUN_AFTER(
      "NodeLostRerunAfter",
      Form.SECONDS_OR_INFINITE,
      20,
      31_536_000,
      List.of(),
      "Infinite",
      "Capataz",
      "Seconds after which a rerunnable run on a node that cannot be reached runs elsewhere; half"
          + " as long after the node last heard of the head node it ends there. From 20, or"
          + " Infinite: it stays until the node is back or given up. Holds for runs that start from"
          + " then on. Ours."),
  NODE_BACKLOG(
      "NodeBacklog",
      0,
      60_000,
      "100",
      "Capataz",
      "Milliseconds of short runs of a sweep that wait on a node for the cores that others of that"
          + " sweep still have, so that a node need not ask after each; 0 for none. Ours."),
  SCHEDULING_POLICY(
      "SchedulingPolicy",
      QueueRules.Policy.words(),
      "easy",
      "Capataz",
      "Which jobs may start before the first of the queue: none (fcfs), those that do not delay it"
          + " by the run-time limits of jobs (easy; easy-sjbf tries the shortest first), or those"
          + " that delay none before them (conservative). Ours."),
  QUEUE_ORDER(
      "QueueOrder",
      QueueRules.Order.words(),
      "fcfs",
      "Capataz",
      "Which job of a priority is first: fcfs, sjf, saf, wfp3, unicep, f1 or multifactor;"
          + " conservative keeps to fcfs. Ours."),
  BACKFILL_LOOKAHEAD(
      "BackfillLookahead",
      -1,
      1_000_000,
      "1000",
      "2003",
      "How many jobs behind the first of the queue are looked at for one that may start before it;"
          + " 0 for none, -1 for all."),
  STARVATION_GUARD(
      "StarvationGuard",
      Form.SECONDS_OR_INFINITE,
      1,
      315_360_000,
      List.of(),
      "Infinite",
      "Capataz",
      "Seconds of waiting after which a job comes before those of its priority that have not waited"
          + " so long, whatever QueueOrder says; or Infinite. Ours."),
  PRIORITY_WEIGHT_AGE(
      "PriorityWeightAge",
      -1_000_000,
      1_000_000,
      "1000",
      "Capataz",
      "How much the time counts that a job has waited, up to PriorityMaxAge, where QueueOrder is"
          + " multifactor; negative for the youngest first. Ours."),
  PRIORITY_WEIGHT_FAIR_SHARE(
      "PriorityWeightFairShare",
      -1_000_000,
      1_000_000,
      "10000",
      "Capataz",
      "How much the fair share of whoever submitted a job counts where QueueOrder is multifactor."
          + " Ours."),
  PRIORITY_WEIGHT_JOB_SIZE(
      "PriorityWeightJobSize",
      -1_000_000,
      1_000_000,
      "0",
      "Capataz",
      "How much the part of the cluster counts that a job asks for where QueueOrder is"
          + " multifactor; negative for the smallest first. Ours."),
  PRIORITY_WEIGHT_PROJECT(
      "PriorityWeightProject",
      -1_000_000,
      1_000_000,
      "1000",
      "Capataz",
      "How much the boost of a job's project counts where QueueOrder is multifactor. Ours."),
  PRIORITY_MAX_AGE(
      "PriorityMaxAge",
      1,
      315_360_000,
      "604800",
      "Capataz",
      "Seconds of waiting after which a job's age counts full where QueueOrder is multifactor."
          + " Ours."),
  FAIR_SHARE(
      "FairShare",
      FairShare.words(),
      "FairTree",
      "Capataz",
      "How fair shares are reckoned from shares and usage: FairTree, by which all of a project that"
          + " is ahead of another are ahead of all of that, or Classic, 2^(-usage/shares). Ours."),
  USAGE_HALF_LIFE(
      "UsageHalfLife",
      Form.SECONDS_OR_INFINITE,
      1,
      315_360_000,
      List.of(),
      "604800",
      "Capataz",
      "Seconds after which the core time that somebody has used counts half for their fair share;"
          + " or Infinite: it always counts full. Ours."),
  LICENSES(
      "Licenses",
      Form.AMOUNTS,
      "",
      "Capataz",
      "Licences that jobs may share, as feature:amount with commas between. Ours.");

  private enum Form {
    WHOLE_NUMBER,
    /// A whole number, or [#INFINITE].
    SECONDS_OR_INFINITE,
    /// `feature:amount`, with commas between.
    AMOUNTS,
    /// An absolute path, or nothing.
    PATH,
    /// One of some words, in any case.
    WORD
  }

  /// No limit, where a parameter may have none.
  static final String INFINITE = "Infinite";

  private final String modelName;
  private final Form form;
  private final int least;
  private final int most;

  // All are of List.of, which are immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> words;

  private final String defaultText;
  private final String since;
  private final String description;

  ClusterParameter(
      String modelName, int least, int most, String defaultText, String since, String description) {
    this(modelName, Form.WHOLE_NUMBER, least, most, List.of(), defaultText, since, description);
  }

  ClusterParameter(
      String modelName, Form form, String defaultText, String since, String description) {
    this(modelName, form, 0, 0, List.of(), defaultText, since, description);
  }

  ClusterParameter(
      String modelName, List<String> words, String defaultText, String since, String description) {
    this(modelName, Form.WORD, 0, 0, words, defaultText, since, description);
  }

  ClusterParameter(
      String modelName,
      Form form,
      int least,
      int most,
      List<String> words,
      String defaultText,
      String since,
      String description) {
    this.modelName = modelName;
    this.form = form;
    this.least = least;
    this.most = most;
    this.words = words;
    this.defaultText = defaultText;
    this.since = since;
    this.description = description;
  }

  /// The model's name, matched without regard to case.
  public String modelName() {
    return modelName;
  }

  /// What holds where nobody has set it.
  public String defaultText() {
    return defaultText;
  }

  /// The first version of the family that has it.
  public String since() {
    return since;
  }

  /// One sentence for lists and documentation.
  public String description() {
    return description;
  }

  /// The parameter of that name, in any case.
  public static Result<ClusterParameter> parse(String name) {
    return find(name)
        .map(Result::ok)
        .orElseGet(
            () ->
                Result.invalid(
                    "expected a cluster parameter, but there is no '"
                        + Text.shown(name)
                        + "'; capataz cluster params lists them"));
  }

  private static Optional<ClusterParameter> find(String name) {
    return Arrays.stream(values())
        .filter(parameter -> parameter.modelName.equalsIgnoreCase(name.strip()))
        .findFirst();
  }

  /// The text in the form in which it is stored.
  public Result<String> check(String text) {
    var given = text.strip();
    var checked =
        switch (form) {
          case WHOLE_NUMBER -> whole(given, "");
          case SECONDS_OR_INFINITE ->
              given.equalsIgnoreCase(INFINITE)
                  ? Result.ok(INFINITE)
                  : whole(given, ", or " + INFINITE);
          case AMOUNTS -> amounts(given);
          case PATH -> path(given);
          case WORD -> word(given);
        };
    return checked.in(modelName);
  }

  private Result<String> whole(String text, String otherwise) {
    if (text.matches("-?\\d{1,9}")
        && Integer.parseInt(text) >= least
        && Integer.parseInt(text) <= most) {
      return Result.ok(Integer.toString(Integer.parseInt(text)));
    }
    return Result.invalid(
        "expected a whole number from "
            + least
            + " to "
            + most
            + otherwise
            + ", but got '"
            + Text.shown(text)
            + "'");
  }

  private Result<String> word(String text) {
    return words.stream()
        .filter(text::equalsIgnoreCase)
        .findFirst()
        .map(Result::ok)
        .orElseGet(
            () ->
                Result.invalid(
                    "expected one of "
                        + String.join(", ", words)
                        + ", but got '"
                        + Text.shown(text)
                        + "'"));
  }

  private static Result<String> path(String text) {
    return text.isEmpty() || text.startsWith("/")
        ? Text.name(text, Limits.PATH)
        : Result.invalid("expected an absolute path, but got '" + Text.shown(text) + "'");
  }

  private static Result<String> amounts(String text) {
    return text.length() > Limits.PATH
            || !text.matches("|[^,:\\s=]+:\\d{1,9}(\\s*,\\s*[^,:\\s=]+:\\d{1,9})*")
        ? Result.invalid(
            "expected feature:amount with commas between, but got '" + Text.shown(text) + "'")
        : Result.ok(text.replaceAll("\\s", ""));
  }
}
