package org.capataz.computenode.keeper;

import org.capataz.model.AttemptId;

/// The spool's note that a process is about to be started: from here on one may exist. Of the task
/// it holds what a later keeper needs, and none of its environment.
///
/// @param lane as in [Request.Start]
record Begun(AttemptId attempt, Execution.Limits limits, long lane) implements Message {

  /// In no lane.
  Begun(AttemptId attempt, Execution.Limits limits) {
    this(attempt, limits, Lanes.NONE);
  }
}
