package org.capataz.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said of one of several tasks of a job, be it new or not.
final class FlowOptions {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the task, for --depend; tasks of one name are waited for together.")
  private @Nullable String name;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      completionCandidates = Types.class,
      description =
          "Basic; ParametricSweep, which --sweep says; NodePrep, run on each node before anything"
              + " else of the job; NodeRelease, run on each node that leaves the job; or Service,"
              + " run on all that the job holds, again and again. Default: Basic.")
  private @Nullable String type;

  @Option(
      names = "--depend",
      paramLabel = "NAME,...",
      description = "Tasks that must have ended before this one starts.")
  private @Nullable String depend;

  @Option(
      names = "--numcores",
      paramLabel = "MIN[-MAX]",
      description = "Cores that one run needs, and can use. Default: 1.")
  private @Nullable String numcores;

  @Mixin private UnitOptions units = new UnitOptions();

  @Option(
      names = "--requestednodegroup",
      paramLabel = "GROUP",
      description = "Node group that the task's nodes must be in.")
  private @Nullable String requestedNodeGroup;

  @Option(
      names = "--exclusive",
      paramLabel = "BOOL",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Whether nothing else of the job may run on a run's nodes; only in an exclusive job."
              + " Default: false.")
  private @Nullable Boolean exclusive;

  @Option(
      names = "--runtime",
      paramLabel = "TIME",
      description =
          "After which a run is ended and failed: minutes, or as 90s, 2h, 1d or D:H:M. Default:"
              + " Infinite.")
  private @Nullable String runtime;

  @Option(
      names = "--valid-exit-codes",
      paramLabel = "CODES",
      description = "Exit codes with which a run is Finished. Default: those of the job.")
  private @Nullable String validExitCodes;

  @Mixin private Environment environment = new Environment();
  @Mixin private CustomOption custom = new CustomOption();

  /// Completion of task types.
  static final class Types extends OutputOptions.Names {
    private static final long serialVersionUID = 1L;

    Types() {
      super(Arrays.stream(TaskKind.values()).map(TaskKind::toString).toArray(String[]::new));
    }
  }

  /// What was given, as a change of a task that says something else or nothing.
  TaskChange change(World world) {
    var properties = new EnumMap<TaskProperty, String>(TaskProperty.class);
    Catalogue.put(properties, TaskProperty.NAME, name);
    if (type != null) {
      properties.put(
          TaskProperty.TYPE, Accepted.value(TaskProperty.TYPE.type().check(type).in("--type")));
    }
    Catalogue.put(properties, TaskProperty.DEPENDS_ON, depend);
    Catalogue.put(properties, TaskProperty.REQUESTED_NODE_GROUP, requestedNodeGroup);
    Catalogue.put(properties, TaskProperty.TASK_VALID_EXIT_CODES, validExitCodes);
    if (exclusive != null) {
      properties.put(TaskProperty.IS_EXCLUSIVE, exclusive.toString());
    }
    var amount = units.amount(numcores);
    if (amount != null) {
      properties.putAll(amount.ofTask());
    }
    if (runtime != null) {
      var limit = Accepted.value(Inputs.runtime(runtime).in("--runtime"));
      properties.put(
          TaskProperty.RUNTIME_SECONDS,
          limit.map(Duration::toSeconds).map(String::valueOf).orElse(""));
    }
    return new TaskChange(properties, environment.variables(world), custom.properties());
  }
}
