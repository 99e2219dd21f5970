package org.capataz.scheduler.state;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The licences of the cluster, by feature: how many there are, and how many running jobs hold. A
/// feature that is not counted has no end.
public final class Licences {

  private Map<String, Integer> totals = Map.of();
  private final Map<String, Integer> held = new HashMap<>();

  /// How many there are of each counted feature.
  public Map<String, Integer> totals() {
    return totals;
  }

  /// How many of each counted feature no job holds; negative where jobs hold more than there still
  /// are.
  public Map<String, Integer> free() {
    var free = new HashMap<>(totals);
    free.replaceAll((feature, total) -> total - held(feature));
    return free;
  }

  /// How many jobs hold of a feature.
  public int held(String feature) {
    return held.getOrDefault(feature, 0);
  }

  /// Whether a job could get all of these.
  public boolean areFree(Map<String, Integer> wanted) {
    return wanted.entrySet().stream()
        .allMatch(
            entry ->
                !totals.containsKey(entry.getKey())
                    || totals.get(entry.getKey()) - held(entry.getKey()) >= entry.getValue());
  }

  /// Counts what the cluster's parameter names; `*` counts nothing.
  void count(String parameter) {
    var counted = new TreeMap<String, Integer>();
    org.capataz.model.Licences.parse(parameter)
        .orElseThrow()
        .forEach((feature, total) -> total.ifPresent(number -> counted.put(feature, number)));
    totals = Collections.unmodifiableMap(counted);
  }

  void hold(Map<String, Integer> taken) {
    taken.forEach((feature, amount) -> held.merge(feature, amount, Integer::sum));
  }

  void giveBack(Map<String, Integer> taken) {
    taken.forEach((feature, amount) -> held.merge(feature, -amount, Integer::sum));
  }
}
