package org.capataz.computenode.agent;

import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.model.CoreSet;
import org.capataz.model.Parts;

/// The head node's order to run an attempt.
///
/// @param launch which [TaskTemplate] of this connection
/// @param value what `*` stands for
/// @param placements where the attempt has cores; the command starts on the first
/// @param runtimeMicros after which the node ends it, 0 for no limit
record Start(
    AttemptId attempt,
    long launch,
    String value,
    List<Placement> placements,
    long runtimeMicros,
    boolean rerunnable,
    int memoryMb) {

  /// What it has of one node.
  record Placement(String node, Parts parts) {

    /// Cores alone.
    Placement(String node, CoreSet cores) {
      this(node, Parts.ofCores(cores));
    }

    CoreSet cores() {
      return parts.cores();
    }
  }

  Start {
    placements = List.copyOf(placements);
  }
}
