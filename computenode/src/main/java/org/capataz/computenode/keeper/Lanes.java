package org.capataz.computenode.keeper;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.capataz.model.AttemptId;
import org.jspecify.annotations.Nullable;

/// Which attempts run one after the other, for they have the same cores: each lane is a row of
/// those that are not over, in the order in which they came, of which the first may run.
final class Lanes {

  /// The lane of what waits for nobody.
  static final long NONE = 0;

  private final Map<AttemptId, Long> lanes = new HashMap<>();
  private final Map<Long, ArrayDeque<AttemptId>> rows = new HashMap<>();

  /// Puts an attempt at the end of a lane.
  ///
  /// @return whether it is the first of its lane, and may run
  boolean join(AttemptId attempt, long lane) {
    if (lane == NONE) {
      return true;
    }
    lanes.put(attempt, lane);
    var row = rows.computeIfAbsent(lane, _ -> new ArrayDeque<>(1));
    row.add(attempt);
    return row.size() == 1;
  }

  /// Takes an attempt that is over out of its lane, wherever it stands there.
  ///
  /// @return the one that may run now, as this was the first of its lane; null if none may
  @Nullable AttemptId leave(AttemptId attempt) {
    var lane = lanes.remove(attempt);
    var row = lane == null ? null : rows.get(lane);
    if (row == null) {
      return null;
    }
    var wasFirst = attempt.equals(row.peek());
    row.remove(attempt);
    if (row.isEmpty()) {
      rows.remove(lane);
    }
    return wasFirst ? row.peek() : null;
  }

  /// The lane that an attempt is in; [#NONE] if it is in none.
  long of(AttemptId attempt) {
    return lanes.getOrDefault(attempt, NONE);
  }
}
