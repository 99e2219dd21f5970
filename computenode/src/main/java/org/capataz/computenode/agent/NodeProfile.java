package org.capataz.computenode.agent;

import java.util.List;
import java.util.UUID;

/// How a node introduces itself.
///
/// @param node its own UUID: no other node may take its name
/// @param address where other nodes reach it
/// @param machine what it found on itself
/// @param cores that it offers; more than it found if its administrator says so
/// @param memoryMb MiB that it offers
public record NodeProfile(
    UUID node,
    String name,
    String address,
    Machine machine,
    int cores,
    int memoryMb,
    List<String> groups) {

  public NodeProfile {
    groups = List.copyOf(groups);
  }
}
