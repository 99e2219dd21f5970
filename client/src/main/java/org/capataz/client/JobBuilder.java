package org.capataz.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.capataz.model.Dialect;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Priority;
import org.capataz.model.TaskDraft;
import org.capataz.model.Unit;

/// Builds a job. What is not set is the head node's to default; what is set is checked there, when
/// the job is created or submitted.
///
/// ```java
/// var study = JobBuilder.named("study")
///     .cores(1, 16)
///     .task(t -> t.name("prepare").command("./prepare"))
///     .task(t -> t.name("run").command("./model", "*").sweep(1, 400).dependsOn("prepare"))
///     .task(t -> t.name("plot").commandLine("./plot < runs.csv > plot.svg").dependsOn("run"))
///     .build();
/// ```
public final class JobBuilder {

  private final Map<JobProperty, String> properties = new EnumMap<>(JobProperty.class);
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> customProperties = new LinkedHashMap<>();
  private final List<TaskDraft> tasks = new ArrayList<>();

  private JobBuilder() {}

  public static JobBuilder unnamed() {
    return new JobBuilder();
  }

  public static JobBuilder named(String name) {
    return unnamed().name(name);
  }

  /// The name, which need not be unique.
  public JobBuilder name(String name) {
    return set(JobProperty.NAME, name);
  }

  /// The project that the job is counted to.
  public JobBuilder project(String project) {
    return set(JobProperty.PROJECT, project);
  }

  /// The job template, whose rules the job is held to; that of the name Default by default.
  public JobBuilder template(String name) {
    return set(JobProperty.JOB_TEMPLATE, name);
  }

  /// Rank in the queue; Normal by default.
  public JobBuilder priority(Priority priority) {
    return set(JobProperty.EXPANDED_PRIORITY, Integer.toString(priority.value()));
  }

  /// Cores that must be free for the job to start, and that it may grow to. What is not said is
  /// worked out from the tasks.
  public JobBuilder cores(int min, int max) {
    return minCores(min).maxCores(max);
  }

  public JobBuilder minCores(int min) {
    return set(JobProperty.MIN_CORES, Integer.toString(min));
  }

  public JobBuilder maxCores(int max) {
    return set(JobProperty.MAX_CORES, Integer.toString(max));
  }

  /// Counts the job and its tasks in sockets, nodes or GPUs in place of cores: how many must be
  /// free for it to start, and how many it may grow to.
  public JobBuilder units(Unit unit, int min, int max) {
    return set(JobProperty.UNIT_TYPE, unit.modelName())
        .set(unit.jobMin(), Integer.toString(min))
        .set(unit.jobMax(), Integer.toString(max));
  }

  /// Takes its nodes for itself alone.
  public JobBuilder exclusive() {
    return set(JobProperty.IS_EXCLUSIVE, "true");
  }

  /// Has all that it gets on one node.
  public JobBuilder singleNode() {
    return set(JobProperty.SINGLE_NODE, "true");
  }

  /// Runs on these nodes alone.
  public JobBuilder requestedNodes(String... names) {
    return set(JobProperty.REQUESTED_NODES, String.join(",", names));
  }

  /// Does not run on these nodes.
  public JobBuilder excludedNodes(String... names) {
    return set(JobProperty.EXCLUDED_NODES, String.join(",", names));
  }

  /// Runs on nodes of all of these groups; see [JobProperty#NODE_GROUP_OP] for other ways to
  /// combine several.
  public JobBuilder nodeGroups(String... names) {
    return set(JobProperty.NODE_GROUPS, String.join(",", names));
  }

  /// Licences that it holds while it runs, such as `solver:2,mesher:1`.
  public JobBuilder licenses(String licenses) {
    return set(JobProperty.SOFTWARE_LICENSE, licenses);
  }

  /// How long the job may run before it is canceled, in whole seconds; no limit by default.
  public JobBuilder runtime(Duration limit) {
    return set(JobProperty.RUNTIME_SECONDS, TaskBuilder.seconds(limit));
  }

  /// Whether the first failed task stops and fails the job; false by default.
  public JobBuilder failOnTaskFailure(boolean fail) {
    return set(JobProperty.FAIL_ON_TASK_FAILURE, Boolean.toString(fail));
  }

  /// Whether tasks that depend on a failed one fail at once; true by default.
  public JobBuilder failDependentTasks(boolean fail) {
    return set(JobProperty.FAIL_DEPENDENT_TASKS, Boolean.toString(fail));
  }

  /// Exit codes with which a run is Finished, such as `0,10..20`; 0 by default.
  public JobBuilder validExitCodes(String codes) {
    return set(JobProperty.JOB_VALID_EXIT_CODES, codes);
  }

  /// How often an instance runs again after an exit code that is not valid; 0 by default.
  public JobBuilder retries(int limit) {
    return set(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, Integer.toString(limit));
  }

  /// Jobs that must have Finished before this one starts; where one fails or is canceled, this one
  /// fails, unless [#holdOnParentFailure()].
  public JobBuilder parents(int... ids) {
    return set(
        JobProperty.PARENT_JOB_IDS,
        Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(",")));
  }

  /// Stays in the queue when a parent fails or is canceled, until that has been requeued and has
  /// Finished.
  public JobBuilder holdOnParentFailure() {
    return set(JobProperty.ON_PARENT_FAILURE, "hold");
  }

  /// Does not start before this time, which is at most a year ahead.
  public JobBuilder holdUntil(Instant time) {
    return set(JobProperty.HOLD_UNTIL, time.toString());
  }

  /// Keeps its minimum of cores when its tasks are done, and takes more tasks, until it is canceled
  /// or finished, or its run time is over. Needs [#cores(int, int)].
  public JobBuilder runUntilCanceled() {
    return set(JobProperty.RUN_UNTIL_CANCELED, "true");
  }

  /// Any property of the catalogue, as text.
  public JobBuilder set(JobProperty property, String value) {
    properties.put(property, value);
    return this;
  }

  /// A variable of all tasks; an empty value unsets it.
  public JobBuilder environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// Variables of all tasks, added to those before.
  public JobBuilder environment(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /// Adds a task: `task(t -> t.name("prepare").command("./prepare"))`.
  public JobBuilder task(Consumer<TaskBuilder> description) {
    var task = TaskBuilder.create();
    description.accept(task);
    return task(task.build());
  }

  public JobBuilder task(TaskDraft task) {
    tasks.add(task);
    return this;
  }

  public JobBuilder tasks(Collection<TaskDraft> more) {
    tasks.addAll(more);
    return this;
  }

  /// A name and a value of your own, kept for filters and people.
  public JobBuilder customProperty(String name, String value) {
    customProperties.put(name, value);
    return this;
  }

  public JobDraft build() {
    return new JobDraft(
        Dialect.CAPATAZ, properties, environment, Map.of(), tasks, customProperties);
  }
}
