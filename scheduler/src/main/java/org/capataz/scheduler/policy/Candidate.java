package org.capataz.scheduler.policy;

import org.capataz.model.Priority;

/// A job that waits for its turn, by what its turn is decided by under the order `multifactor`.
/// What it asks for is worked out only when its turn is near: most of a long queue is not looked
/// at.
public interface Candidate {

  Priority priority();

  /// When it came into the queue, in microseconds since 1970.
  long submitted();

  /// Whether it runs, and cannot go on.
  boolean hasStarted();

  /// The sum of its factors by their weights.
  double score();

  Snapshot.Claim claim();
}
