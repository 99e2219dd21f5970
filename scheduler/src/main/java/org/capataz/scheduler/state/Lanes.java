package org.capataz.scheduler.state;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to follow the runs in a grant's cores: by lane, attempts in the order in which they
/// begin. They hold nothing before their turn.
final class Lanes {

  private final Map<Long, ArrayDeque<Attempt>> waiting = new HashMap<>(0);

  void add(Attempt attempt) {
    waiting.computeIfAbsent(attempt.lane(), lane -> new ArrayDeque<>()).add(attempt);
  }

  void remove(Attempt attempt) {
    var others = waiting.get(attempt.lane());
    if (others != null) {
      others.remove(attempt);
      if (others.isEmpty()) {
        waiting.remove(attempt.lane());
      }
    }
  }

  /// Who is next when an attempt ends; null if nobody waits behind it.
  @Nullable Attempt behind(Attempt attempt) {
    var others = waiting.get(attempt.lane());
    return others == null ? null : others.peek();
  }

  /// How many wait in the lane of an attempt.
  int length(Attempt attempt) {
    var others = waiting.get(attempt.lane());
    return others == null ? 0 : others.size();
  }
}
