package org.capataz.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes the job that the engine runs out of what somebody wrote. One use each.
final class JobResolver {

  /// Carries a refusal out of the depth of a draft; it never leaves this class.
  private static final class Refusing extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Refusal refusal;

    Refusing(Refusal refusal) {
      super(refusal.message(), null, false, false);
      this.refusal = refusal;
    }
  }

  private final JobDraft draft;
  private final Map<String, List<Integer>> members = new LinkedHashMap<>();
  private final Map<String, Integer> groupOf = new LinkedHashMap<>();

  JobResolver(JobDraft draft) {
    this.draft = draft;
  }

  Result<JobSpec> resolve() {
    try {
      return Result.ok(job());
    } catch (Refusing refused) {
      return Result.refused(refused.refusal);
    }
  }

  private JobSpec job() {
    if (draft.tasks().size() > Limits.TASKS) {
      throw invalid(
          "expected at most "
              + Limits.TASKS
              + " tasks, but got "
              + draft.tasks().size()
              + "; a sweep is one task with many instances");
    }
    draft.properties().forEach((property, text) -> check(property, text, ""));
    var environment = environment(draft.environment(), "");
    accepted("", CustomProperties.check(draft.customProperties()));
    nameTasks();
    var tasks = new ArrayList<TaskSpec>(draft.tasks().size());
    for (var number = 1; number <= draft.tasks().size(); number++) {
      tasks.add(task(number, environment));
    }
    var groups =
        groupOf.keySet().stream()
            .map(name -> new JobSpec.Group(name, List.copyOf(members(name))))
            .toList();
    var cycle = new DependencyCycle(tasks, groups).find();
    if (cycle.isPresent()) {
      throw invalid(
          "expected dependencies without a cycle, but these wait for each other: "
              + Text.shown(String.join(" -> ", cycle.get())));
    }
    return new JobSpec(
        draft.get(JobProperty.NAME).orElse(""),
        priority(),
        cores(tasks),
        runtime(number(JobProperty.RUNTIME_SECONDS), ""),
        new JobSpec.FailureRule(
            flag(JobProperty.FAIL_ON_TASK_FAILURE).orElse(false),
            flag(JobProperty.FAIL_DEPENDENT_TASKS).orElse(draft.dialect().failsDependents())),
        accepted("", new RuleResolver(draft).rules(tasks)),
        List.copyOf(tasks),
        groups,
        new JobLabels(draft.get(JobProperty.PROJECT).orElse(""), "Default"));
  }

  private Priority priority() {
    var text =
        draft
            .get(JobProperty.EXPANDED_PRIORITY)
            .or(() -> draft.get(JobProperty.PRIORITY))
            .orElse("Normal");
    return accepted("", Priority.parse(text));
  }

  /// The job's cores: as given, or the largest task minimum and what all tasks could use at once.
  private Span cores(List<TaskSpec> tasks) {
    var neededMin = 1;
    var neededMax = 1;
    var couldUse = 0L;
    for (var task : tasks) {
      var span = task.demand().cores();
      neededMin = Math.max(neededMin, span.min());
      neededMax = Math.max(neededMax, span.max());
      couldUse = Math.min(Integer.MAX_VALUE, couldUse + (long) span.max() * task.sweep().count());
    }
    var min = given(JobProperty.MIN_CORES, JobProperty.AUTO_CALCULATE_MIN);
    var max = given(JobProperty.MAX_CORES, JobProperty.AUTO_CALCULATE_MAX);
    if (min != null && max != null && min > max) {
      throw invalid("expected MinCores of at most MaxCores, but got " + min + " and " + max);
    }
    if (min != null && min < neededMin) {
      throw invalid(
          "expected MinCores of at least what the largest task needs, "
              + neededMin
              + ", but got "
              + min);
    }
    if (max != null && max < neededMax) {
      throw invalid(
          "expected MaxCores of at least what the largest task can use, "
              + neededMax
              + ", but got "
              + max);
    }
    var resolvedMin = min != null ? min : neededMin;
    var resolvedMax = max != null ? max : (int) Math.max(resolvedMin, couldUse);
    return new Span(resolvedMin, resolvedMax);
  }

  /// The number of a minimum or maximum, or null where it is to be worked out: by default exactly
  /// where none is given.
  private @Nullable Integer given(JobProperty number, JobProperty automatic) {
    var text = draft.get(number);
    if (flag(automatic).orElse(text.isEmpty())) {
      return null;
    }
    return text.isEmpty() ? 1 : coreCount(number.modelName(), text.get(), "");
  }

  // Tasks.

  private void nameTasks() {
    for (var number = 1; number <= draft.tasks().size(); number++) {
      var name = name(draft.tasks().get(number - 1));
      if (name.contains(",")) {
        throw invalid(
            place(number, "")
                + ": expected a name without commas, but got '"
                + Text.shown(name)
                + "'");
      }
      if (!name.isEmpty()) {
        members(name).add(number);
      }
    }
  }

  /// A task's name as `DependsOn` can name it, without blanks around.
  private static String name(TaskDraft task) {
    return task.get(TaskProperty.NAME).orElse("").strip();
  }

  private List<Integer> members(String name) {
    return members.computeIfAbsent(name, ignored -> new ArrayList<>());
  }

  private TaskSpec task(int number, Map<String, String> jobEnvironment) {
    var task = draft.tasks().get(number - 1);
    var name = name(task);
    var place = place(number, name);
    task.properties().forEach((property, text) -> check(property, text, place));
    accepted(place, CustomProperties.check(task.customProperties()));
    var sweep = sweep(task, place);
    var command =
        accepted(
            place,
            CommandLine.parse(
                task.get(TaskProperty.COMMAND_LINE).orElse(""), !(sweep instanceof Sweep.Once)));
    var environment = jobEnvironment;
    if (!task.environment().isEmpty()) {
      environment = new LinkedHashMap<>(jobEnvironment);
      environment.putAll(environment(task.environment(), place));
    }
    return new TaskSpec(
        number,
        name,
        new Launch(
            command,
            task.get(TaskProperty.WORK_DIRECTORY).orElse(""),
            new Launch.Streams(
                task.get(TaskProperty.STD_IN_FILE_PATH).orElse(""),
                task.get(TaskProperty.STD_OUT_FILE_PATH).orElse(""),
                task.get(TaskProperty.STD_ERR_FILE_PATH).orElse("")),
            environment),
        demand(task, place),
        sweep,
        waitsFor(task, name, place),
        task.get(TaskProperty.IS_RERUNNABLE).map(JobResolver::isTrue).orElse(true),
        accepted(place, new RuleResolver(draft).rules(task, sweep)));
  }

  private Demand demand(TaskDraft task, String place) {
    var min = task.get(TaskProperty.MIN_CORES).map(t -> coreCount("MinCores", t, place));
    var max = task.get(TaskProperty.MAX_CORES).map(t -> coreCount("MaxCores", t, place));
    // One alone stands for both as far as it must: MaxCores="4" alone runs on 1 to 4 cores.
    int low = min.orElse(1);
    int high = max.orElse(low);
    if (low > high) {
      throw invalid(
          place + ": expected MinCores of at most MaxCores, but got " + low + " and " + high);
    }
    var memory = number(task, TaskProperty.MEMORY);
    if (memory < 0 || memory > Integer.MAX_VALUE) {
      throw invalid(place + ": expected Memory in megabytes, but got " + memory);
    }
    return new Demand(
        new Span(low, high),
        (int) memory,
        runtime(number(task, TaskProperty.RUNTIME_SECONDS), place));
  }

  private Sweep sweep(TaskDraft task, String place) {
    if (!task.sweepValues().isEmpty()) {
      return values(task.sweepValues(), place);
    }
    var type = task.get(TaskProperty.TYPE).map(String::strip);
    var parametric = task.get(TaskProperty.IS_PARAMETRIC).map(JobResolver::isTrue).orElse(false);
    if (!type.map("ParametricSweep"::equalsIgnoreCase)
        .orElse(parametric || task.get(TaskProperty.SWEEP).isPresent())) {
      return Sweep.ONCE;
    }
    if (task.get(TaskProperty.SWEEP).isPresent()) {
      return accepted(place, Sweep.Ranges.parse(task.get(TaskProperty.SWEEP).orElse("")));
    }
    if (task.get(TaskProperty.END_VALUE).isEmpty()) {
      throw invalid(place + ": expected EndValue for a parametric sweep, but it is missing");
    }
    return accepted(
        place,
        Sweep.Range.of(
            task.get(TaskProperty.START_VALUE).map(JobResolver::whole).orElse(1L),
            number(task, TaskProperty.END_VALUE),
            task.get(TaskProperty.INCREMENT_VALUE).map(JobResolver::whole).orElse(1L)));
  }

  private static Sweep values(List<String> values, String place) {
    if (values.size() > Limits.INSTANCES) {
      throw invalid(place + ": expected at most " + Limits.INSTANCES + " sweep values");
    }
    var characters = 0L;
    for (var value : values) {
      accepted(place, Text.bounded(value, Limits.VALUE));
      characters += value.length();
    }
    if (characters > Limits.SWEEP_VALUES) {
      throw invalid(
          place
              + ": expected sweep values of at most "
              + Limits.SWEEP_VALUES
              + " characters together, but got "
              + characters);
    }
    return new Sweep.Values(values);
  }

  private List<Integer> waitsFor(TaskDraft task, String name, String place) {
    var groups = new TreeSet<Integer>();
    for (var parent : task.get(TaskProperty.DEPENDS_ON).orElse("").split(",", -1)) {
      var wanted = parent.strip();
      if (wanted.isEmpty()) {
        continue;
      }
      if (!members.containsKey(wanted)) {
        throw invalid(
            place
                + ": expected DependsOn to name tasks of this job, but there is no task '"
                + Text.shown(wanted)
                + "'");
      }
      if (wanted.equals(name)) {
        throw invalid(place + ": expected another task in DependsOn, but it names itself");
      }
      groups.add(groupOf.computeIfAbsent(wanted, ignored -> groupOf.size()));
    }
    return List.copyOf(groups);
  }

  // Single values.

  private static Map<String, String> environment(Map<String, String> variables, String place) {
    return accepted(place, Variables.check(variables));
  }

  private static void check(Property property, String text, String place) {
    accepted(at(place) + property.modelName(), property.type().check(text));
  }

  private long number(JobProperty property) {
    return draft.get(property).map(JobResolver::whole).orElse(0L);
  }

  private static long number(TaskDraft task, TaskProperty property) {
    return task.get(property).map(JobResolver::whole).orElse(0L);
  }

  private static long runtime(long seconds, String place) {
    if (seconds < 0) {
      throw invalid(at(place) + "RuntimeSeconds: expected at least 0, but got " + seconds);
    }
    return seconds;
  }

  private static int coreCount(String property, String text, String place) {
    var count = whole(text);
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw invalid(at(place) + property + ": expected at least 1 core, but got " + count);
    }
    return (int) count;
  }

  private Optional<Boolean> flag(JobProperty property) {
    return draft.get(property).map(JobResolver::isTrue);
  }

  static boolean isTrue(String text) {
    return text.strip().equalsIgnoreCase("true") || text.strip().equals("1");
  }

  private static long whole(String text) {
    return Long.parseLong(text.strip());
  }

  private static <T> T accepted(String place, Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) ->
          throw new Refusing(place.isEmpty() ? refusal : refusal.in(place));
    };
  }

  private static Refusing invalid(String message) {
    return new Refusing(Refusal.invalid(message));
  }

  private static String place(int number, String name) {
    return "task " + number + (name.isEmpty() ? "" : " (" + Text.shown(name) + ")");
  }

  private static String at(String place) {
    return place.isEmpty() ? "" : place + ": ";
  }
}
