package org.capataz.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before the next of several attempts: twice as long each time, up to a limit,
/// and by chance shorter, so that clients that lost the same head node do not come back at once.
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private Duration next = FIRST;

  Duration next() {
    var full = next.toNanos();
    next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(full / 2, full + 1));
  }

  void reset() {
    next = FIRST;
  }
}
