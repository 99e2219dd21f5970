package org.capataz.scheduler.event;

import java.util.List;
import org.capataz.model.CoreSet;
import org.capataz.model.Parts;

/// What one attempt has of one grant. The command starts on the node of an attempt's first
/// placement; on the others it may start more of itself.
///
/// @param grant the grant's number
/// @param node the grant's node
/// @param memoryMb megabytes of the node's memory that are reserved for it
public record Placement(long grant, int node, Parts parts, int memoryMb) {

  /// Cores alone.
  public Placement(long grant, int node, CoreSet cores) {
    this(grant, node, Parts.ofCores(cores), 0);
  }

  /// How many cores an attempt has in all of these.
  public static int cores(List<Placement> placements) {
    var cores = 0;
    for (var placement : placements) {
      cores += placement.cores().size();
    }
    return cores;
  }

  public CoreSet cores() {
    return parts.cores();
  }
}
