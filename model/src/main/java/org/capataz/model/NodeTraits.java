package org.capataz.model;

import java.util.List;

/// What a node is chosen by: what it offers, be it busy or not.
public record NodeTraits(String name, List<String> groups, Topology topology, int memoryMb) {

  public NodeTraits {
    groups = List.copyOf(groups);
  }

  /// Whether it belongs to a node group, written in any case.
  public boolean isIn(String group) {
    return groups.stream().anyMatch(group::equalsIgnoreCase);
  }
}
