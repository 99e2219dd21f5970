package org.capataz.cli.run;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What Ctrl-C and requests to end lead to: the first one to what the run has prepared for it, the
/// second one to the end of this process.
public final class Interruption {

  private final IntConsumer kill;
  private @Nullable Runnable reaction;
  private volatile int signal;

  /// @param kill ends the process at once, with this exit code
  public Interruption(IntConsumer kill) {
    this.kill = kill;
  }

  /// The number of the signal that came; 0 if none did.
  public int signal() {
    return signal;
  }

  /// The exit code that a process ended by this signal has.
  public int exitCode() {
    return 128 + signal;
  }

  /// Prepares for a signal, in place of what was prepared before. If one has come already, this is
  /// done at once.
  public void reactWith(Runnable prepared) {
    synchronized (this) {
      reaction = prepared;
      if (signal == 0) {
        return;
      }
    }
    prepared.run();
  }

  /// Takes a signal; called by any thread.
  public void received(int number) {
    Runnable prepared;
    synchronized (this) {
      if (signal != 0) {
        kill.accept(128 + number);
        return;
      }
      signal = number;
      prepared = reaction;
    }
    if (prepared != null) {
      prepared.run();
    }
  }
}
