package org.capataz.scheduler.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// Virtual time: what is due next happens next, and nothing takes time by itself. All chance of a
/// run comes from here.
final class Timeline {

  private record Due(long time, long sequence, Runnable action) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::time).thenComparingLong(Due::sequence));
  private final RandomGenerator random;
  private long now = 1_000_000_000_000_000L;
  private long sequence;

  Timeline(RandomGenerator random) {
    this.random = random;
  }

  /// Microseconds since 1970.
  long now() {
    return now;
  }

  void in(long micros, Runnable action) {
    due.add(new Due(now + Math.max(0, micros), sequence++, action));
  }

  /// Lets the next thing happen; false if there is none.
  boolean step() {
    var next = due.poll();
    if (next == null) {
      return false;
    }
    now = next.time;
    next.action.run();
    return true;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /// From `least` to `most`, both included.
  int pick(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /// Some time up to `most`, more often short than long.
  long delay(long most) {
    var share = random.nextDouble();
    return (long) (most * share * share * share);
  }
}
