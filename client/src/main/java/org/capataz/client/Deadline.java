package org.capataz.client;

import java.time.Duration;

/// A moment on the clock of this process that nobody sets.
record Deadline(long nanos) {

  /// As far away as the clock can tell, for practical purposes never.
  private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE / 2);

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + (time.compareTo(NEVER) < 0 ? time : NEVER).toNanos());
  }

  static Deadline never() {
    return in(NEVER);
  }

  /// Nanoseconds until then; 0 or less if it has passed.
  long left() {
    return nanos - System.nanoTime();
  }

  /// Time until then, at least none.
  Duration time() {
    return Duration.ofNanos(Math.max(0, left()));
  }

  boolean hasPassed() {
    return left() <= 0;
  }
}
