package org.capataz.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// What somebody changes of a task.
///
/// @param properties by property; an empty text is as if it had never been set
/// @param environment variables that are set, or unset where their value is empty
/// @param customProperties an empty value takes one away
public record TaskChange(
    Map<TaskProperty, String> properties,
    Map<String, String> environment,
    Map<String, String> customProperties) {

  public TaskChange {
    properties = Map.copyOf(properties);
    environment = Map.copyOf(environment);
    customProperties = Map.copyOf(customProperties);
  }

  /// The task with what this changes of it.
  public TaskDraft on(TaskDraft draft) {
    return draft
        .withProperties(changed(draft.properties(), properties, String::isEmpty))
        .withEnvironment(changed(draft.environment(), environment, value -> false))
        .withCustomProperties(changed(draft.customProperties(), customProperties, String::isEmpty));
  }

  /// A map with some values changed, and those taken away whose new value says so.
  static <K> LinkedHashMap<K, String> changed(
      Map<K, String> before, Map<K, String> change, Predicate<String> takesAway) {
    var after = new LinkedHashMap<>(before);
    change.forEach(
        (key, value) -> {
          if (takesAway.test(value)) {
            after.remove(key);
          } else {
            after.put(key, value);
          }
        });
    return after;
  }
}
