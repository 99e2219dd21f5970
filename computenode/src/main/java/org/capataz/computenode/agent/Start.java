package org.capataz.computenode.agent;

import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.model.CoreSet;
import org.capataz.model.Parts;

/// The head node's order to run an attempt.
///
/// @param launch which [TaskTemplate] of this connection
/// @param values what the placeholders of its launch stand for
/// @param placements where the attempt has cores; the command starts on the first, and the other
///   nodes hold it
/// @param runtimeMicros after which the node ends it, 0 for no limit
record Start(
    AttemptId attempt,
    long launch,
    List<String> values,
    List<Placement> placements,
    long runtimeMicros,
    boolean rerunnable,
    int memoryMb) {

  /// What it has of one node.
  ///
  /// @param address where its peers reach it
  record Placement(String node, String address, Parts parts) {

    /// Cores alone, of a node that is reached by its name.
    Placement(String node, CoreSet cores) {
      this(node, node, Parts.ofCores(cores));
    }

    CoreSet cores() {
      return parts.cores();
    }
  }

  /// How many cores it has, on all of its nodes.
  int cores() {
    return placements.stream().mapToInt(placement -> placement.cores().size()).sum();
  }

  Start {
    values = List.copyOf(values);
    placements = List.copyOf(placements);
  }
}
