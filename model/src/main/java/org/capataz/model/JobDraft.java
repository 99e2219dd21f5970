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
public record JobDraft(
    Dialect dialect,
    Map<JobProperty, String> properties,
    Map<String, String> environment,
    Map<String, String> unknown,
    List<TaskDraft> tasks) {

  public static final JobDraft EMPTY =
      new JobDraft(Dialect.CAPATAZ, Map.of(), Map.of(), Map.of(), List.of());

  public JobDraft {
    var copy = new EnumMap<JobProperty, String>(JobProperty.class);
    copy.putAll(properties);
    properties = Collections.unmodifiableMap(copy);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    tasks = List.copyOf(tasks);
  }

  public Optional<String> get(JobProperty property) {
    return Optional.ofNullable(properties.get(property));
  }

  public JobDraft with(JobProperty property, String value) {
    var changed = new EnumMap<JobProperty, String>(JobProperty.class);
    changed.putAll(properties);
    changed.put(property, value);
    return new JobDraft(dialect, changed, environment, unknown, tasks);
  }

  public JobDraft withEnvironment(Map<String, String> variables) {
    return new JobDraft(dialect, properties, variables, unknown, tasks);
  }

  public JobDraft withTasks(List<TaskDraft> changed) {
    return new JobDraft(dialect, properties, environment, unknown, changed);
  }

  public JobDraft plus(TaskDraft task) {
    var more = new ArrayList<>(tasks);
    more.add(task);
    return withTasks(more);
  }
}
