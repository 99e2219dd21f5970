package org.capataz.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A task as somebody wrote it: only what they set, verbatim, so that what is set and what is
/// defaulted stay distinguishable.
///
/// @param properties what was set
/// @param environment variables of this task; an empty value unsets the variable
/// @param unknown attributes of its file that the catalogue does not know: kept, without effect
/// @param axes what a sweep over values varies; empty for any other task
/// @param customProperties names and values of whoever wrote it, kept for filters and people
public record TaskDraft(
    Map<TaskProperty, String> properties,
    Map<String, String> environment,
    Map<String, String> unknown,
    List<SweepAxis> axes,
    Map<String, String> customProperties) {

  public static final TaskDraft EMPTY = new TaskDraft(Map.of(), Map.of(), Map.of(), List.of());

  public TaskDraft {
    var copy = new EnumMap<TaskProperty, String>(TaskProperty.class);
    copy.putAll(properties);
    properties = Collections.unmodifiableMap(copy);
    environment = JobDraft.ordered(environment);
    unknown = JobDraft.ordered(unknown);
    axes = List.copyOf(axes);
    customProperties = JobDraft.ordered(customProperties);
  }

  /// A task without custom properties.
  public TaskDraft(
      Map<TaskProperty, String> properties,
      Map<String, String> environment,
      Map<String, String> unknown,
      List<SweepAxis> axes) {
    this(properties, environment, unknown, axes, Map.of());
  }

  public Optional<String> get(TaskProperty property) {
    return Optional.ofNullable(properties.get(property));
  }

  public TaskDraft with(TaskProperty property, String value) {
    var changed = new EnumMap<TaskProperty, String>(TaskProperty.class);
    changed.putAll(properties);
    changed.put(property, value);
    return new TaskDraft(changed, environment, unknown, axes, customProperties);
  }

  /// The draft with these properties alone.
  public TaskDraft withProperties(Map<TaskProperty, String> changed) {
    return new TaskDraft(changed, environment, unknown, axes, customProperties);
  }

  public TaskDraft withEnvironment(Map<String, String> variables) {
    return new TaskDraft(properties, variables, unknown, axes, customProperties);
  }

  public TaskDraft withAxes(List<SweepAxis> changed) {
    return new TaskDraft(properties, environment, unknown, changed, customProperties);
  }

  public TaskDraft withCustomProperties(Map<String, String> changed) {
    return new TaskDraft(properties, environment, unknown, axes, changed);
  }
}
