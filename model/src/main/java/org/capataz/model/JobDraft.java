package org.capataz.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A job as somebody wrote it: only what they set, verbatim. It is what is sent, stored and shown
/// again; [JobSpec#resolve] makes the job that the engine runs.
///
/// @param dialect whose defaults hold
/// @param properties what was set
/// @param environment variables of all its tasks; a task's own are stronger
/// @param unknown attributes of its file that the catalogue does not know: kept, without effect
/// @param tasks in the order in which they may start
/// @param customProperties names and values of whoever wrote it, kept for filters and people
public record JobDraft(
    Dialect dialect,
    Map<JobProperty, String> properties,
    Map<String, String> environment,
    Map<String, String> unknown,
    List<TaskDraft> tasks,
    Map<String, String> customProperties) {

  public static final JobDraft EMPTY =
      new JobDraft(Dialect.CAPATAZ, Map.of(), Map.of(), Map.of(), List.of());

  public JobDraft {
    var copy = new EnumMap<JobProperty, String>(JobProperty.class);
    copy.putAll(properties);
    properties = Collections.unmodifiableMap(copy);
    environment = ordered(environment);
    unknown = ordered(unknown);
    tasks = List.copyOf(tasks);
    customProperties = ordered(customProperties);
  }

  /// A copy that keeps the order, and is nothing where there is nothing: long queues have many.
  static Map<String, String> ordered(Map<String, String> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /// A job without custom properties.
  public JobDraft(
      Dialect dialect,
      Map<JobProperty, String> properties,
      Map<String, String> environment,
      Map<String, String> unknown,
      List<TaskDraft> tasks) {
    this(dialect, properties, environment, unknown, tasks, Map.of());
  }

  public Optional<String> get(JobProperty property) {
    return Optional.ofNullable(properties.get(property));
  }

  public JobDraft with(JobProperty property, String value) {
    var changed = new EnumMap<JobProperty, String>(JobProperty.class);
    changed.putAll(properties);
    changed.put(property, value);
    return new JobDraft(dialect, changed, environment, unknown, tasks, customProperties);
  }

  /// The draft with these properties alone.
  public JobDraft withProperties(Map<JobProperty, String> changed) {
    return new JobDraft(dialect, changed, environment, unknown, tasks, customProperties);
  }

  public JobDraft without(JobProperty property) {
    var changed = new EnumMap<JobProperty, String>(JobProperty.class);
    changed.putAll(properties);
    changed.remove(property);
    return withProperties(changed);
  }

  public JobDraft withEnvironment(Map<String, String> variables) {
    return new JobDraft(dialect, properties, variables, unknown, tasks, customProperties);
  }

  public JobDraft withTasks(List<TaskDraft> changed) {
    return new JobDraft(dialect, properties, environment, unknown, changed, customProperties);
  }

  public JobDraft withCustomProperties(Map<String, String> changed) {
    return new JobDraft(dialect, properties, environment, unknown, tasks, changed);
  }

  /// The same job in the words of another dialect: it resolves to an equal one.
  public JobDraft in(Dialect other) {
    return other == dialect ? this : new Translation(this, other).translated();
  }

  public JobDraft plus(TaskDraft task) {
    var more = new ArrayList<>(tasks);
    more.add(task);
    return withTasks(more);
  }
}
