package org.capataz.computenode.keeper;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// What is due next happens next, and nothing takes time by itself. All chance of a run comes from
/// here.
public final class VirtualTime {

  private record Due(long time, long sequence, Runnable action) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong(Due::time).thenComparingLong(Due::sequence));
  private final RandomGenerator random;
  private long now = 1_000_000_000_000L;
  private long sequence;

  public VirtualTime(RandomGenerator random) {
    this.random = random;
  }

  /// Microseconds, since 1970 and since the machine was booted.
  public long now() {
    return now;
  }

  Moment moment() {
    return new Moment(now / 1_000, now);
  }

  public void in(long micros, Runnable action) {
    due.add(new Due(now + Math.max(0, micros), sequence++, action));
  }

  /// Lets all happen that is due within so long.
  public void pass(long micros) {
    var end = now + micros;
    while (!due.isEmpty() && due.element().time <= end) {
      var next = due.remove();
      now = next.time;
      next.action.run();
    }
    now = end;
  }

  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /// From 0 to below the bound.
  public int pick(int bound) {
    return random.nextInt(bound);
  }

  /// Some time up to `most`, more often short than long.
  public long delay(long most) {
    var share = random.nextDouble();
    return (long) (most * share * share * share);
  }
}
