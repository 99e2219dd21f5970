package org.capataz.computenode.keeper;

import java.time.Instant;
import org.capataz.computenode.process.Processes;

/// A time, twice: on a steady clock, for what is to happen when, and on the wall's, for the record.
///
/// @param millis since the machine was booted, those counted in which it was suspended
/// @param micros since 1970
record Moment(long millis, long micros) {

  static final Moment EPOCH = new Moment(0, 0);

  static Moment now() {
    var instant = Instant.now();
    return new Moment(
        Processes.nanosSinceBoot() / 1_000_000,
        instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000);
  }
}
