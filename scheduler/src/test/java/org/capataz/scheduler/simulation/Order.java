package org.capataz.scheduler.simulation;

import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.scheduler.event.Placement;

/// What the head node tells a node to do.
sealed interface Order {

  /// An attempt is to start.
  ///
  /// @param node whom it is told: the node of the first placement starts the command, the others
  ///   let it start more of itself there
  /// @param leaseMicros how long it may run after the head node last was known to have this node
  ///   for connected; 0 for no limit
  /// @param lane attempts of the same one begin one after the other; 0 for none
  record Start(
      AttemptId attempt,
      int node,
      List<Placement> placements,
      int memoryMb,
      long runtimeSeconds,
      long leaseMicros,
      long lane)
      implements Order {

    boolean isCommand() {
      return placements.getFirst().node() == node;
    }

    Placement own() {
      return placements.stream().filter(p -> p.node() == node).findFirst().orElseThrow();
    }
  }

  record Stop(AttemptId attempt, EndReason reason) implements Order {}

  /// An attempt is not to begin any more.
  record Recall(AttemptId attempt) implements Order {}

  /// The end of an attempt is recorded.
  record Forget(AttemptId attempt) implements Order {}
}
