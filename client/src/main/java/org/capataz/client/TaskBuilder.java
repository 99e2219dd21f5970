package org.capataz.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.CommandLine;
import org.capataz.model.SweepAxis;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.Unit;

/// Builds a task. What is not set is the head node's to default; what is set is checked there.
///
/// ```java
/// var task = TaskBuilder.create()
///     .command("./model", "--forcing", "*")
///     .sweepOver(List.of("0.1", "0.2", "0.4"))
///     .memoryMb(512)
///     .build();
/// ```
public final class TaskBuilder {

  private final Map<TaskProperty, String> properties = new EnumMap<>(TaskProperty.class);
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> customProperties = new LinkedHashMap<>();
  private final List<SweepAxis> axes = new ArrayList<>();

  private TaskBuilder() {}

  public static TaskBuilder create() {
    return new TaskBuilder();
  }

  /// The name that other tasks depend on; tasks that share one are waited for together.
  public TaskBuilder name(String name) {
    return set(TaskProperty.NAME, name);
  }

  /// The program and its arguments, which reach it as they are here; only `*` in a sweep is
  /// replaced.
  public TaskBuilder command(String... arguments) {
    return commandLine(CommandLine.quote(List.of(arguments)));
  }

  /// What to run, in the shell's quoting; a shell runs it where it takes one.
  public TaskBuilder commandLine(String line) {
    return set(TaskProperty.COMMAND_LINE, line);
  }

  /// Runs once for each number from first to last, which replaces `*` in command line, work
  /// directory and paths of the standard streams.
  public TaskBuilder sweep(long first, long last) {
    return sweep(first, last, 1);
  }

  /// Runs once for `first`, `first + step`, … as far as `last`.
  public TaskBuilder sweep(long first, long last, long step) {
    axes.clear();
    properties.remove(TaskProperty.SWEEP);
    return set(TaskProperty.TYPE, "ParametricSweep")
        .set(TaskProperty.START_VALUE, Long.toString(first))
        .set(TaskProperty.END_VALUE, Long.toString(last))
        .set(TaskProperty.INCREMENT_VALUE, Long.toString(step));
  }

  /// Runs once for each of these indexes, such as `1-10,15,20-40:5`, in this order.
  public TaskBuilder sweep(String indexes) {
    axes.clear();
    return set(TaskProperty.TYPE, "ParametricSweep").set(TaskProperty.SWEEP, indexes);
  }

  /// Runs once for each of these values, which replaces `*`.
  public TaskBuilder sweepOver(List<String> values) {
    axes.clear();
    return along(new SweepAxis.Lines(values));
  }

  /// Runs once for each of these values of a parameter, which replaces `{name}`; `*` is then the
  /// number of the run. With several parameters, it runs for each combination.
  ///
  /// ```java
  /// var task = TaskBuilder.create()
  ///     .command("./model", "--dt", "{dt}", "--member", "{member}")
  ///     .sweep("dt", "0.1,0.2")
  ///     .sweep("member", "1-50")
  ///     .build();
  /// ```
  ///
  /// @param list values with commas between; `A-B` and `A-B:S` of whole numbers are ranges
  public TaskBuilder sweep(String name, String list) {
    return along(new SweepAxis.Listed(name, list));
  }

  /// Runs once for each row of a table, whose cells replace the `{name}` of their columns; for each
  /// combination with what else is swept over.
  ///
  /// @throws IllegalArgumentException if a row has more or fewer cells than there are names
  public TaskBuilder sweepRows(List<String> names, List<List<String>> rows) {
    for (var row : rows) {
      if (row.size() != names.size()) {
        throw new IllegalArgumentException(
            "expected rows of " + names.size() + " values, but got one of " + row.size());
      }
    }
    return along(new SweepAxis.Rows(names, rows.stream().flatMap(List::stream).toList()));
  }

  private TaskBuilder along(SweepAxis axis) {
    axes.add(axis);
    properties.remove(TaskProperty.SWEEP);
    properties.remove(TaskProperty.START_VALUE);
    properties.remove(TaskProperty.END_VALUE);
    properties.remove(TaskProperty.INCREMENT_VALUE);
    return set(TaskProperty.TYPE, "ParametricSweep");
  }

  /// Names of the tasks that must have ended before this one starts.
  ///
  /// @throws IllegalArgumentException if a name contains a comma, which separates names
  public TaskBuilder dependsOn(String... names) {
    for (var name : names) {
      if (name.indexOf(',') >= 0) {
        throw new IllegalArgumentException(
            "expected the name of a task, but '" + name + "' contains a comma");
      }
    }
    return set(TaskProperty.DEPENDS_ON, String.join(",", names));
  }

  /// Cores that one run needs: one by default.
  public TaskBuilder cores(int cores) {
    return cores(cores, cores);
  }

  /// Cores that one run needs, and that it can use.
  public TaskBuilder cores(int min, int max) {
    return set(TaskProperty.MIN_CORES, Integer.toString(min))
        .set(TaskProperty.MAX_CORES, Integer.toString(max));
  }

  /// Sockets, nodes or GPUs that one run needs, and that it can use, in a job that counts in these.
  public TaskBuilder units(Unit unit, int min, int max) {
    return set(unit.taskMin(), Integer.toString(min)).set(unit.taskMax(), Integer.toString(max));
  }

  /// Its type; Basic by default, and ParametricSweep once it is swept over something.
  public TaskBuilder kind(TaskKind kind) {
    return set(TaskProperty.TYPE, kind.toString());
  }

  /// Has its nodes for itself: nothing else of the job, which is to be exclusive, runs there.
  public TaskBuilder exclusive() {
    return set(TaskProperty.IS_EXCLUSIVE, "true");
  }

  /// Nodes that one run needs, all of them.
  public TaskBuilder requiredNodes(String... names) {
    return set(TaskProperty.REQUIRED_NODES, String.join(",", names));
  }

  /// The group that its nodes must be in.
  public TaskBuilder nodeGroup(String name) {
    return set(TaskProperty.REQUESTED_NODE_GROUP, name);
  }

  /// Megabytes that one run needs; none are reserved by default.
  public TaskBuilder memoryMb(int megabytes) {
    return set(TaskProperty.MEMORY, Integer.toString(megabytes));
  }

  /// How long one run may take before it is ended, in whole seconds; no limit by default.
  public TaskBuilder runtime(Duration limit) {
    return set(TaskProperty.RUNTIME_SECONDS, seconds(limit));
  }

  /// Directory to run in; the home directory by default.
  public TaskBuilder workDirectory(String path) {
    return set(TaskProperty.WORK_DIRECTORY, path);
  }

  /// File to read standard input from; empty input by default.
  public TaskBuilder standardInput(String path) {
    return set(TaskProperty.STD_IN_FILE_PATH, path);
  }

  /// File for standard output; kept by Capataz by default, see [Job#output].
  public TaskBuilder standardOutput(String path) {
    return set(TaskProperty.STD_OUT_FILE_PATH, path);
  }

  /// File for standard error; kept by Capataz by default, see [Job#output].
  public TaskBuilder standardError(String path) {
    return set(TaskProperty.STD_ERR_FILE_PATH, path);
  }

  /// Whether the task may run again after its node was lost; true by default.
  public TaskBuilder rerunnable(boolean rerunnable) {
    return set(TaskProperty.IS_RERUNNABLE, Boolean.toString(rerunnable));
  }

  /// Exit codes with which a run is Finished, such as `0,10..20`; those of the job by default.
  public TaskBuilder validExitCodes(String codes) {
    return set(TaskProperty.TASK_VALID_EXIT_CODES, codes);
  }

  /// How many instances have to fail for the job to be stopped and failed; none do by default.
  public TaskBuilder failJobAfter(int failures) {
    return set(TaskProperty.FAIL_JOB_ON_FAILURE, "true")
        .set(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, Integer.toString(failures));
  }

  /// How many instances of the sweep may run at once; no limit by default.
  public TaskBuilder maxRunning(int instances) {
    return set(TaskProperty.MAX_RUNNING, Integer.toString(instances));
  }

  /// After how many failed instances the rest of the sweep is not run; no limit by default.
  public TaskBuilder maxFailures(int instances) {
    return set(TaskProperty.MAX_FAILURES, Integer.toString(instances));
  }

  /// Any property of the catalogue, as text.
  public TaskBuilder set(TaskProperty property, String value) {
    properties.put(property, value);
    return this;
  }

  /// A variable of this task, stronger than the job's; an empty value unsets it.
  public TaskBuilder environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// Variables of this task, added to those before.
  public TaskBuilder environment(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /// A name and a value of your own, kept for filters and people.
  public TaskBuilder customProperty(String name, String value) {
    customProperties.put(name, value);
    return this;
  }

  public TaskDraft build() {
    return new TaskDraft(properties, environment, Map.of(), axes, customProperties);
  }

  /// A time limit as the catalogue wants it. A part of a second counts as a whole one, so that no
  /// limit ever becomes 0, which is none.
  static String seconds(Duration limit) {
    return Long.toString(limit.plusNanos(999_999_999).toSeconds());
  }
}
