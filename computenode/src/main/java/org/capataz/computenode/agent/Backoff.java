package org.capataz.computenode.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt to connect: twice as long after each failure, and never
/// the same for two nodes, so that a head node that is back is not met by all of them at once.
final class Backoff {

  static final Duration SHORTEST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofSeconds(10);

  private final RandomGenerator random;
  private long ceiling = SHORTEST.toNanos();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// Nanoseconds until the next attempt: between half the present ceiling and all of it.
  long next() {
    var wait = ceiling / 2 + random.nextLong(ceiling / 2 + 1);
    ceiling = Math.min(2 * ceiling, LONGEST.toNanos());
    return wait;
  }

  /// The longest wait, after a refusal that only a person can mend.
  long slow() {
    ceiling = LONGEST.toNanos();
    return next();
  }

  void reset() {
    ceiling = SHORTEST.toNanos();
  }
}
