package org.capataz.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a node is at one moment.
///
/// @param unreachableSince when it was last connected; empty while it is
/// @param capacity what it offers, and what of it is taken
/// @param found what it found on itself
/// @param oversubscribed whether it offers more cores than it found
public record NodeStatus(
    int id,
    String name,
    NodeState state,
    Optional<Instant> unreachableSince,
    Capacity capacity,
    Inventory found,
    List<String> groups,
    boolean oversubscribed) {

  public NodeStatus {
    groups = List.copyOf(groups);
  }

  public boolean reachable() {
    return unreachableSince.isEmpty();
  }

  public record Capacity(int cores, int busyCores, int memoryMb, int reservedMemoryMb) {}

  public record Inventory(
      int cores, int sockets, int memoryMb, String operatingSystem, String architecture) {}
}
