package org.capataz.cli.terminal;

import java.util.function.IntConsumer;

/// What is known of the terminal, and what comes from it.
public interface Terminal {

  /// Whether a person sees standard output.
  boolean showsOutput();

  /// Whether a person sees standard error.
  boolean showsErrors();

  /// Columns of the terminal; asked for only where one of the above is true.
  int width();

  /// Calls the handler when somebody asks this process to end: hang-up, Ctrl-C, termination.
  ///
  /// @param handler gets the signal's number, each time on a thread of its own
  void onSignal(IntConsumer handler);
}
