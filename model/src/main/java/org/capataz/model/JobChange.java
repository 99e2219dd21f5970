package org.capataz.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What somebody changes of a job, and of its tasks.
///
/// @param properties by property; an empty text is as if it had never been set
/// @param environment variables that are set, or unset where their value is empty
/// @param customProperties an empty value takes one away
/// @param tasks by task number
public record JobChange(
    Map<JobProperty, String> properties,
    Map<String, String> environment,
    Map<String, String> customProperties,
    Map<Integer, TaskChange> tasks) {

  public static final JobChange NONE = new JobChange(Map.of(), Map.of(), Map.of(), Map.of());

  public JobChange {
    properties = Map.copyOf(properties);
    environment = Map.copyOf(environment);
    customProperties = Map.copyOf(customProperties);
    tasks = Map.copyOf(tasks);
  }

  /// A change of one property.
  public static JobChange of(JobProperty property, String text) {
    return new JobChange(Map.of(property, text), Map.of(), Map.of(), Map.of());
  }

  /// The change of a job as a whole that leads from one draft to another; its tasks are left as
  /// they are.
  public static JobChange between(JobDraft before, JobDraft after) {
    return new JobChange(
        difference(before.properties(), after.properties()),
        difference(before.environment(), after.environment()),
        difference(before.customProperties(), after.customProperties()),
        Map.of());
  }

  private static <K> Map<K, String> difference(Map<K, String> before, Map<K, String> after) {
    var changed = new HashMap<K, String>();
    before.keySet().stream()
        .filter(key -> !after.containsKey(key))
        .forEach(key -> changed.put(key, ""));
    after.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            changed.put(key, value);
          }
        });
    return changed;
  }

  /// Both changes, of which the later one is stronger.
  public JobChange and(JobChange later) {
    return new JobChange(
        both(properties, later.properties),
        both(environment, later.environment),
        both(customProperties, later.customProperties),
        both(tasks, later.tasks));
  }

  private static <K, V> Map<K, V> both(Map<K, V> before, Map<K, V> later) {
    var both = new HashMap<>(before);
    both.putAll(later);
    return both;
  }

  /// A change of one task.
  public static JobChange ofTask(int number, TaskChange change) {
    return new JobChange(Map.of(), Map.of(), Map.of(), Map.of(number, change));
  }

  /// The draft after the change.
  public Result<JobDraft> on(JobDraft draft) {
    if (equals(NONE)) {
      return Result.ok(draft);
    }
    var changed = TaskChange.changed(draft.properties(), properties, String::isEmpty);
    if (properties.containsKey(JobProperty.PRIORITY)
        && !properties.containsKey(JobProperty.EXPANDED_PRIORITY)) {
      // It would be the stronger one, and this one is newer.
      changed.remove(JobProperty.EXPANDED_PRIORITY);
    }
    var tasksAfter = new ArrayList<>(draft.tasks());
    for (var entry : tasks.entrySet()) {
      int number = entry.getKey();
      if (number < 1 || number > tasksAfter.size()) {
        return Result.refused(
            Refusal.notFound("expected a task of the job, but it has no task " + number));
      }
      tasksAfter.set(number - 1, entry.getValue().on(tasksAfter.get(number - 1)));
    }
    return Result.ok(
        draft
            .withProperties(changed)
            .withEnvironment(TaskChange.changed(draft.environment(), environment, value -> false))
            .withCustomProperties(
                TaskChange.changed(draft.customProperties(), customProperties, String::isEmpty))
            .withTasks(tasksAfter));
  }

  /// The change that leads to a draft in which some properties were filled in as well.
  ///
  /// @param after the draft after this change
  public JobChange filled(JobDraft after, JobDraft full) {
    var changed = new HashMap<>(properties);
    full.properties()
        .forEach(
            (property, text) -> {
              if (!text.equals(after.properties().get(property))) {
                changed.put(property, text);
              }
            });
    return new JobChange(changed, environment, customProperties, tasks);
  }

  /// Why a job in that state cannot be changed like this; empty if it can.
  ///
  /// @param state Configuring, Queued or Running
  public Optional<Refusal> refusal(int job, JobState state) {
    var wanted = new HashMap<String, Set<JobState>>();
    properties.keySet().forEach(property -> wanted.put(property.modelName(), property.changes()));
    if (!environment.isEmpty()) {
      wanted.put("its environment", Property.BEFORE_IT_RUNS);
    }
    tasks.forEach(
        (number, change) -> {
          change
              .properties()
              .keySet()
              .forEach(
                  property ->
                      wanted.put(property.modelName() + " of task " + number, property.changes()));
          if (!change.environment().isEmpty()) {
            wanted.put("the environment of task " + number, Property.BEFORE_IT_RUNS);
          }
        });
    return wanted.keySet().stream()
        .sorted()
        .filter(what -> !wanted.getOrDefault(what, Set.of()).contains(state))
        .findFirst()
        .map(
            what ->
                Refusal.wrongState(
                    "expected a "
                        + wanted.getOrDefault(what, Set.of()).stream()
                            .sorted()
                            .map(JobState::toString)
                            .collect(Collectors.joining(" or "))
                        + " job to change "
                        + what
                        + ", but job "
                        + job
                        + " is "
                        + state));
  }
}
