package org.capataz.computenode.keeper;

import java.time.Instant;

/// A time, twice: on a steady clock, for what is to happen when, and on the wall's, for the record.
///
/// @param millis of a clock that is never set
/// @param micros since 1970
record Moment(long millis, long micros) {

  static final Moment EPOCH = new Moment(0, 0);

  static Moment now() {
    var instant = Instant.now();
    return new Moment(
        System.nanoTime() / 1_000_000,
        instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000);
  }
}
