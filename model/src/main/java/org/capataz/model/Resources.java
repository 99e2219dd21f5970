package org.capataz.model;

import java.util.List;
import java.util.Map;

/// What a job is to hold, beside how much of it.
///
/// @param unit what its minimum and maximum, and those of its tasks, are counted in
/// @param nodes which nodes it may be given
/// @param order by what these are sorted; empty for those with most free first
/// @param singleNode whether all that it holds is on one node
/// @param exclusive whether no other job may be on its nodes
/// @param licences how many of each feature it holds while it runs
public record Resources(
    Unit unit,
    NodeFilter nodes,
    List<NodeOrder> order,
    boolean singleNode,
    boolean exclusive,
    Map<String, Integer> licences) {

  /// Cores on any node.
  public static final Resources ANY =
      new Resources(Unit.CORE, NodeFilter.ANY, List.of(), false, false, Map.of());

  public Resources {
    order = List.copyOf(order);
    licences = Map.copyOf(licences);
  }
}
