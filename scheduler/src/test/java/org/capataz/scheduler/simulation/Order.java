package org.capataz.scheduler.simulation;

import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.scheduler.event.Placement;

/// What the head node tells a node to do.
sealed interface Order {

  record Start(AttemptId attempt, List<Placement> placements, int memoryMb, long runtimeSeconds)
      implements Order {}

  record Stop(AttemptId attempt, EndReason reason) implements Order {}

  /// The end of an attempt is recorded.
  record Forget(AttemptId attempt) implements Order {}
}
