package org.capataz.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.OptionalInt;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.Unit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What may be said of a job as a whole.
final class JobOptions {

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the job.")
  private @Nullable String name;

  @Option(names = "--project", paramLabel = "NAME", description = "Project it is counted to.")
  private @Nullable String project;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Job template, whose defaults and bounds hold. Default: Default.")
  private @Nullable String template;

  @Option(
      names = "--numcores",
      paramLabel = "MIN[-MAX]",
      description =
          "Cores that must be free for the job to start, and that it may grow to; '*' for either"
              + " has it worked out from the tasks, which is the default.")
  private @Nullable String numcores;

  @Mixin private UnitOptions units = new UnitOptions();

  @Option(
      names = "--priority",
      paramLabel = "PRIORITY",
      description =
          "Lowest, BelowNormal, Normal, AboveNormal or Highest, with an offset such as Normal+5, or"
              + " 0 to 4000. Default: Normal.")
  private @Nullable String priority;

  @Option(
      names = "--runtime",
      paramLabel = "TIME",
      description =
          "After which the running job is canceled: minutes, or as 90s, 2h, 1d or D:H:M. Default:"
              + " Infinite.")
  private @Nullable String runtime;

  @Option(
      names = "--fail-on-task-failure",
      paramLabel = "BOOL",
      description = "Whether the first failed task ends the job. Default: false.")
  private @Nullable String failOnTaskFailure;

  @Option(
      names = "--fail-dependent-tasks",
      paramLabel = "BOOL",
      description = "Whether tasks that depend on a failed one fail at once. Default: true.")
  private @Nullable String failDependentTasks;

  @Mixin private PlaceOptions place = new PlaceOptions();
  @Mixin private JobRuleOptions rules = new JobRuleOptions();
  @Mixin private Environment environment = new Environment();
  @Mixin private CustomOption custom = new CustomOption();

  /// How much was asked for; both halves empty where nothing was said.
  UnitOptions.Amount amount() {
    var amount = units.amount(numcores);
    return amount == null ? UnitOptions.Amount.ANY : amount;
  }

  /// The draft with everything that was said here, which is stronger than what it says itself.
  JobDraft on(JobDraft draft, World world) {
    var variables = new LinkedHashMap<>(draft.environment());
    variables.putAll(environment.variables(world));
    var changed =
        rules.on(
            draft
                .withEnvironment(variables)
                .withCustomProperties(custom.over(draft.customProperties())),
            world);
    if (name != null) {
      changed = changed.with(JobProperty.NAME, name);
    }
    if (project != null) {
      changed = changed.with(JobProperty.PROJECT, project);
    }
    if (template != null) {
      changed = changed.with(JobProperty.JOB_TEMPLATE, template);
    }
    if (priority != null) {
      // A file's expanded priority is stronger than its other one.
      var expanded = draft.get(JobProperty.EXPANDED_PRIORITY).isPresent();
      changed =
          changed.with(expanded ? JobProperty.EXPANDED_PRIORITY : JobProperty.PRIORITY, priority);
    }
    var amount = units.amount(numcores);
    if (amount != null) {
      changed = counted(changed, amount);
    }
    changed = place.on(changed);
    if (runtime != null) {
      var limit = Accepted.value(Inputs.runtime(runtime).in("--runtime"));
      changed =
          changed.with(
              JobProperty.RUNTIME_SECONDS,
              Long.toString(limit.map(Duration::toSeconds).orElse(0L)));
    }
    changed = flag(changed, JobProperty.FAIL_ON_TASK_FAILURE, failOnTaskFailure);
    return flag(changed, JobProperty.FAIL_DEPENDENT_TASKS, failDependentTasks);
  }

  private static JobDraft counted(JobDraft draft, UnitOptions.Amount amount) {
    var changed = draft;
    for (var other : Unit.values()) {
      changed = changed.without(other.jobMin()).without(other.jobMax());
    }
    var unit = amount.unit();
    if (unit != Unit.CORE || draft.get(JobProperty.UNIT_TYPE).isPresent()) {
      changed = changed.with(JobProperty.UNIT_TYPE, unit.modelName());
    }
    changed = bound(changed, amount.range().min(), unit.jobMin(), JobProperty.AUTO_CALCULATE_MIN);
    return bound(changed, amount.range().max(), unit.jobMax(), JobProperty.AUTO_CALCULATE_MAX);
  }

  private static JobDraft bound(
      JobDraft draft, OptionalInt bound, JobProperty number, JobProperty automatic) {
    return bound.isPresent()
        ? draft.with(number, Integer.toString(bound.getAsInt())).with(automatic, "false")
        : draft.with(automatic, "true");
  }

  private static JobDraft flag(JobDraft draft, JobProperty property, @Nullable String text) {
    if (text == null) {
      return draft;
    }
    var option = "--" + property.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return draft.with(property, Boolean.toString(Accepted.value(Inputs.flag(text).in(option))));
  }
}
