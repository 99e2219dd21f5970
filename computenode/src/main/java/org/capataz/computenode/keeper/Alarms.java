package org.capataz.computenode.keeper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.capataz.model.AttemptId;

/// When something is next to be done about an attempt; one time each, in milliseconds of the
/// keeper's clock.
final class Alarms {

  static final long NEVER = Long.MAX_VALUE;

  private final Map<AttemptId, Long> times = new HashMap<>();
  private final TreeMap<Long, List<AttemptId>> queue = new TreeMap<>();

  void set(AttemptId attempt, long at) {
    clear(attempt);
    if (at != NEVER) {
      times.put(attempt, at);
      queue.computeIfAbsent(at, _ -> new ArrayList<>(1)).add(attempt);
    }
  }

  void clear(AttemptId attempt) {
    var at = times.remove(attempt);
    if (at != null) {
      queue.computeIfPresent(
          at,
          (_, attempts) -> {
            attempts.remove(attempt);
            return attempts.isEmpty() ? null : attempts;
          });
    }
  }

  /// Takes those whose time has come.
  List<AttemptId> due(long now) {
    var due = new ArrayList<AttemptId>();
    while (!queue.isEmpty() && queue.firstKey() <= now) {
      due.addAll(queue.pollFirstEntry().getValue());
    }
    due.forEach(times::remove);
    return due;
  }

  OptionalLong next() {
    return queue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(queue.firstKey());
  }
}
