package org.capataz.systemtests;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waiting for what must come. The time given is only for a test that would never end.
final class Patience {

  static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private Patience() {}

  /// Waits until the condition holds.
  static void until(String what, BooleanSupplier condition) {
    var start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LONGEST.toNanos()) {
        throw new AssertionError("expected " + what + ", but it did not come");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
