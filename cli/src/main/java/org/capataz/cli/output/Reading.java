package org.capataz.cli.output;

import java.io.PrintStream;
import java.util.stream.Stream;

/// Ends long lists when nobody reads them any more, as `capataz … | head` does.
final class Reading {

  private static final int BETWEEN_CHECKS = 512;

  private final PrintStream out;
  private int items;

  private Reading(PrintStream out) {
    this.out = out;
  }

  /// The items as long as the stream takes them.
  static <T> Stream<T> whileRead(PrintStream out, Stream<T> items) {
    var reading = new Reading(out);
    return items.takeWhile(item -> reading.goesOn());
  }

  /// Asking flushes the stream, so it is not done for each.
  private boolean goesOn() {
    return ++items % BETWEEN_CHECKS != 0 || !out.checkError();
  }
}
