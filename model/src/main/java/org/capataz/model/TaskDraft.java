package org.capataz.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A task as somebody wrote it: only what they set, verbatim, so that what is set and what is
/// defaulted stay distinguishable.
///
/// @param properties what was set
/// @param environment variables of this task; an empty value unsets the variable
/// @param unknown attributes of its file that the catalogue does not know: kept, without effect
/// @param sweepValues the values of a sweep over values; empty for any other task
public record TaskDraft(
    Map<TaskProperty, String> properties,
    Map<String, String> environment,
    Map<String, String> unknown,
    List<String> sweepValues) {

  public static final TaskDraft EMPTY = new TaskDraft(Map.of(), Map.of(), Map.of(), List.of());

  public TaskDraft {
    var copy = new EnumMap<TaskProperty, String>(TaskProperty.class);
    copy.putAll(properties);
    properties = Collections.unmodifiableMap(copy);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    unknown = Collections.unmodifiableMap(new LinkedHashMap<>(unknown));
    sweepValues = List.copyOf(sweepValues);
  }

  public Optional<String> get(TaskProperty property) {
    return Optional.ofNullable(properties.get(property));
  }

  public TaskDraft with(TaskProperty property, String value) {
    var changed = new EnumMap<TaskProperty, String>(TaskProperty.class);
    changed.putAll(properties);
    changed.put(property, value);
    return new TaskDraft(changed, environment, unknown, sweepValues);
  }

  public TaskDraft withEnvironment(Map<String, String> variables) {
    return new TaskDraft(properties, variables, unknown, sweepValues);
  }

  public TaskDraft withSweepValues(List<String> values) {
    return new TaskDraft(properties, environment, unknown, values);
  }
}
