package org.capataz.scheduler.event;

import java.util.List;

/// What a node says of itself when it connects.
///
/// @param cores cores that it offers, which may be fewer or more than it found
/// @param memoryMb megabytes that it offers
/// @param found what it found on the machine
/// @param groups the node groups that it belongs to
public record NodeOffer(int cores, int memoryMb, Found found, List<String> groups) {

  public NodeOffer {
    groups = List.copyOf(groups);
  }

  /// The machine itself.
  public record Found(
      int cores, int sockets, int memoryMb, String operatingSystem, String architecture) {}

  /// Whether it offers more cores than it has.
  public boolean oversubscribed() {
    return cores > found.cores();
  }
}
