package org.capataz.scheduler.engine;

import org.capataz.model.AttemptId;
import org.capataz.scheduler.event.AttemptEnd;

/// What a node says of an attempt; complete in itself, so that repeats and lost reports are
/// harmless.
public sealed interface AttemptReport {

  AttemptId attempt();

  /// Taken on, not yet running.
  record Accepted(AttemptId attempt) implements AttemptReport {}

  record Running(AttemptId attempt, long startTime) implements AttemptReport {}

  record Ended(AttemptId attempt, AttemptEnd end) implements AttemptReport {}
}
