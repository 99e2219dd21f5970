package org.capataz.scheduler.event;

import java.util.List;
import org.capataz.model.Topology;

/// What a node says of itself when it connects.
///
/// @param topology cores that it offers, which may be fewer or more than it found, and GPUs
/// @param memoryMb megabytes that it offers
/// @param found what it found on the machine
/// @param groups the node groups that it belongs to
public record NodeOffer(Topology topology, int memoryMb, Found found, List<String> groups) {

  public NodeOffer {
    groups = List.copyOf(groups);
  }

  /// The machine itself.
  ///
  /// @param gpus the name of each
  public record Found(
      int cores,
      int sockets,
      int memoryMb,
      List<String> gpus,
      String operatingSystem,
      String architecture) {

    public Found {
      gpus = List.copyOf(gpus);
    }
  }

  public int cores() {
    return topology.cores();
  }

  /// Whether it offers more cores than it has.
  public boolean oversubscribed() {
    return cores() > found.cores();
  }
}
