package org.capataz.model;

import java.util.List;
import java.util.Map;

/// A task ready to run: everything resolved and valid.
///
/// @param number from 1, in the order of the job
/// @param name empty if it has none
/// @param kind its type
/// @param sweep its instances
/// @param waitsFor the groups (by position in [JobSpec#groups]) that must have ended first
/// @param rerunnable whether it may run again after its node was lost
public record TaskSpec(
    int number,
    String name,
    TaskKind kind,
    Launch launch,
    Demand demand,
    Sweep sweep,
    List<Integer> waitsFor,
    boolean rerunnable,
    TaskRules rules) {

  /// How people read about it: its name, or its number.
  public String title() {
    return name.isEmpty() ? "task " + number : name;
  }

  public boolean isSweep() {
    return kind == TaskKind.PARAMETRIC_SWEEP;
  }

  /// What an instance runs with, where its index does not say it: the values of its parameters by
  /// name, or a value that has none as that of `*`.
  public Map<String, String> parameters(int ordinal) {
    return switch (sweep) {
      case SweepProduct product -> product.parameters(ordinal);
      case Sweep.Values lines -> Map.of("*", lines.values().get(ordinal));
      case Sweep.Once _, Sweep.Open _, Sweep.Range _, Sweep.Ranges _ -> Map.of();
    };
  }

  /// What stands in its texts for the values of an instance.
  public Placeholders placeholders() {
    return Placeholders.of(sweep);
  }
}
