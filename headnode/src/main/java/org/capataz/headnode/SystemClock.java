package org.capataz.headnode;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.capataz.headnode.loop.EngineLoop;

/// The clocks of this machine.
final class SystemClock implements EngineLoop.Clock {

  /// Is kept open: there may be no file descriptor left when it is wanted.
  private final RandomAccessFile uptime;

  SystemClock() {
    try {
      uptime = new RandomAccessFile("/proc/uptime", "r");
    } catch (IOException notLinux) {
      throw new UncheckedIOException(notLinux);
    }
  }

  @Override
  public long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public long steadyMicros() {
    return System.nanoTime() / 1000;
  }

  /// To the hundredth of a second.
  @Override
  public long uptimeMicros() {
    try {
      uptime.seek(0);
      var seconds = uptime.readLine().split(" ", 2)[0];
      return (long) (Double.parseDouble(seconds) * 1_000_000);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
