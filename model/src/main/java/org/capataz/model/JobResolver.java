package org.capataz.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Makes the job that the engine runs out of what somebody wrote. One use each.
final class JobResolver {

  /// Carries a refusal out of the depth of a draft; it never leaves [#resolve].
  static final class Refusing extends RuntimeException {
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
    var resources = new ResourceResolver(draft);
    nameTasks();
    accepted(
        "",
        TaskKinds.check(
            draft.tasks().stream().map(TaskKind::of).toList(),
            flag(JobProperty.RUN_UNTIL_CANCELED).orElse(false)));
    var tasks = new ArrayList<TaskSpec>(draft.tasks().size());
    for (var number = 1; number <= draft.tasks().size(); number++) {
      tasks.add(task(number, environment, resources));
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
    var units = resources.units(tasks);
    return new JobSpec(
        draft.get(JobProperty.NAME).orElse(""),
        priority(),
        units,
        resources.resources(tasks, units),
        runtime(number(JobProperty.RUNTIME_SECONDS), ""),
        new JobSpec.FailureRule(
            flag(JobProperty.FAIL_ON_TASK_FAILURE).orElse(false),
            flag(JobProperty.FAIL_DEPENDENT_TASKS).orElse(draft.dialect().failsDependents())),
        accepted("", new RuleResolver(draft).rules(tasks)),
        List.copyOf(tasks),
        groups,
        JobLabels.of(draft));
  }

  private Priority priority() {
    var text =
        draft
            .get(JobProperty.EXPANDED_PRIORITY)
            .or(() -> draft.get(JobProperty.PRIORITY))
            .orElse("Normal");
    return accepted("", Priority.parse(text));
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
      if (!name.isEmpty() && !TaskKind.of(draft.tasks().get(number - 1)).isOpen()) {
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

  private TaskSpec task(
      int number, Map<String, String> jobEnvironment, ResourceResolver resources) {
    var task = draft.tasks().get(number - 1);
    var name = name(task);
    var place = place(number, name);
    task.properties().forEach((property, text) -> check(property, text, place));
    accepted(place, CustomProperties.check(task.customProperties()));
    var kind = accepted(place, TaskKinds.check(task));
    var sweep = sweep(task, kind, place);
    var command =
        accepted(
            place,
            CommandLine.parse(
                task.get(TaskProperty.COMMAND_LINE).orElse(""), Placeholders.of(sweep)));
    var environment = jobEnvironment;
    if (!task.environment().isEmpty()) {
      environment = new LinkedHashMap<>(jobEnvironment);
      environment.putAll(environment(task.environment(), place));
    }
    return new TaskSpec(
        number,
        name,
        kind,
        new Launch(
            command,
            task.get(TaskProperty.WORK_DIRECTORY).orElse(""),
            new Launch.Streams(
                task.get(TaskProperty.STD_IN_FILE_PATH).orElse(""),
                task.get(TaskProperty.STD_OUT_FILE_PATH).orElse(""),
                task.get(TaskProperty.STD_ERR_FILE_PATH).orElse("")),
            environment),
        demand(task, kind, resources, place),
        sweep,
        waitsFor(task, name, place),
        task.get(TaskProperty.IS_RERUNNABLE).map(JobResolver::isTrue).orElse(true),
        accepted(place, new RuleResolver(draft).rules(task, kind)));
  }

  private Demand demand(TaskDraft task, TaskKind kind, ResourceResolver resources, String place) {
    var runtime = runtime(number(task, TaskProperty.RUNTIME_SECONDS), place);
    return kind.isForNodes()
        ? new Demand(new Span(1, 1), 0, runtime)
        : resources.demand(task, runtime, place);
  }

  private Sweep sweep(TaskDraft task, TaskKind kind, String place) {
    if (!task.axes().isEmpty()) {
      return accepted(place, SweepAxes.sweep(task.axes()));
    }
    if (kind != TaskKind.PARAMETRIC_SWEEP) {
      return kind.isOpen() ? Sweep.OPEN : Sweep.ONCE;
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
                + "'"
                + TaskKinds.noneToWaitFor(draft, wanted));
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

  private Optional<Boolean> flag(JobProperty property) {
    return draft.get(property).map(JobResolver::isTrue);
  }

  static boolean isTrue(String text) {
    return text.strip().equalsIgnoreCase("true") || text.strip().equals("1");
  }

  static long whole(String text) {
    return Long.parseLong(text.strip());
  }

  static <T> T accepted(String place, Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) ->
          throw new Refusing(place.isEmpty() ? refusal : refusal.in(place));
    };
  }

  static Refusing invalid(String message) {
    return new Refusing(Refusal.invalid(message));
  }

  static String place(int number, String name) {
    return "task " + number + (name.isEmpty() ? "" : " (" + Text.shown(name) + ")");
  }

  static String at(String place) {
    return place.isEmpty() ? "" : place + ": ";
  }
}
