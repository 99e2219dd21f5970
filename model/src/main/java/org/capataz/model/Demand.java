package org.capataz.model;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What one run of a task needs.
///
/// @param units at least and at most, of its job's unit
/// @param memoryMb megabytes on each of its nodes, 0 for none reserved
/// @param memoryPerUnitMb megabytes with each unit, 0 for none reserved
/// @param runtimeSeconds limit of one run, 0 for none
public record Demand(
    Span units, int memoryMb, int memoryPerUnitMb, Nodes nodes, long runtimeSeconds) {

  /// A run anywhere.
  public Demand(Span units, int memoryMb, long runtimeSeconds) {
    this(units, memoryMb, 0, Nodes.ANY, runtimeSeconds);
  }

  /// Where a run may be, among the nodes of its job.
  ///
  /// @param required nodes that it must have all of
  /// @param group the group that its nodes must be in; empty for any
  /// @param exclusive whether nothing else of its job may run on its nodes
  public record Nodes(SortedSet<String> required, String group, boolean exclusive) {

    public static final Nodes ANY = new Nodes(Collections.emptySortedSet(), "", false);

    public Nodes {
      var copy = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      copy.addAll(required);
      required = Collections.unmodifiableSortedSet(copy);
    }

    /// Whether a node is in the group that is asked for.
    public boolean admits(NodeTraits node) {
      return group.isEmpty() || node.isIn(group);
    }
  }

  /// Megabytes that it needs on a node where it has so many units.
  public int memoryMb(int unitsThere) {
    return (int) Math.min(Integer.MAX_VALUE, memoryMb + (long) memoryPerUnitMb * unitsThere);
  }

  /// How many units a node's memory is enough for.
  public int unitsWithin(int freeMemoryMb) {
    var rest = freeMemoryMb - memoryMb;
    return rest < 0 ? 0 : memoryPerUnitMb == 0 ? Integer.MAX_VALUE : rest / memoryPerUnitMb;
  }
}
