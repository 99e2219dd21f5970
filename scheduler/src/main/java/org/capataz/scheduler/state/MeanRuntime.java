package org.capataz.scheduler.state;

import java.util.OptionalLong;
import org.capataz.scheduler.event.AttemptEnd;

/// How long the runs of a task take: a mean in which what was lately counts more, and long runs
/// more than short ones.
final class MeanRuntime {

  /// Runs that have to end before it is known.
  private static final int MEASURED = 4;

  /// How many runs of the past a short one is weighed against.
  private static final int SMOOTHING = 16;

  /// The same for a long one.
  private static final int CAUTION = 4;

  private int count;
  private long mean;

  /// In microseconds; empty until some have ended.
  OptionalLong micros() {
    return count < MEASURED ? OptionalLong.empty() : OptionalLong.of(mean);
  }

  /// Counts a run, if it had begun.
  void add(AttemptEnd end) {
    if (end.startTime() == 0) {
      return;
    }
    var took = Math.max(0, end.endTime() - end.startTime());
    count++;
    mean += (took - mean) / Math.min(count, took > mean ? CAUTION : SMOOTHING);
  }
}
