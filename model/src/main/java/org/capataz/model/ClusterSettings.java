package org.capataz.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What an administrator has decided for the whole cluster.
///
/// @param parameters those that were set, each in its form; the others have their defaults
/// @param environment variables of all tasks; those of a job and a task are stronger
public record ClusterSettings(
    Map<ClusterParameter, String> parameters, Map<String, String> environment) {

  public static final ClusterSettings DEFAULT = new ClusterSettings(Map.of(), Map.of());

  public ClusterSettings {
    var copy = new EnumMap<ClusterParameter, String>(ClusterParameter.class);
    copy.putAll(parameters);
    parameters = Collections.unmodifiableMap(copy);
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
  }

  public String get(ClusterParameter parameter) {
    return parameters.getOrDefault(parameter, parameter.defaultText());
  }

  /// The value of a parameter that is a whole number.
  public int number(ClusterParameter parameter) {
    return Integer.parseInt(get(parameter));
  }

  /// The settings with one parameter changed; an empty text brings its default back.
  public ClusterSettings with(ClusterParameter parameter, String text) {
    var changed = new EnumMap<ClusterParameter, String>(ClusterParameter.class);
    changed.putAll(parameters);
    put(changed, parameter, text);
    return new ClusterSettings(changed, environment);
  }

  /// The settings with one variable changed; an empty value takes it away.
  public ClusterSettings withVariable(String name, String value) {
    var changed = new TreeMap<>(environment);
    put(changed, name, value);
    return new ClusterSettings(parameters, changed);
  }

  private static <K> void put(Map<K, String> map, K key, String text) {
    if (text.isEmpty()) {
      map.remove(key);
    } else {
      map.put(key, text);
    }
  }
}
