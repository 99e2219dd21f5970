package org.capataz.computenode.process;

import org.capataz.computenode.process.StartFailure.Cause;

/// The standard streams, in the order of their descriptors.
enum StandardStream {
  INPUT(0, "standard input", Cause.STANDARD_INPUT),
  OUTPUT(1, "standard output", Cause.STANDARD_OUTPUT),
  ERROR(2, "standard error", Cause.STANDARD_ERROR);

  private final int descriptor;
  private final String words;
  private final Cause cause;

  StandardStream(int descriptor, String words, Cause cause) {
    this.descriptor = descriptor;
    this.words = words;
    this.cause = cause;
  }

  int descriptor() {
    return descriptor;
  }

  String words() {
    return words;
  }

  Cause cause() {
    return cause;
  }

  ProcessSpec.Stream of(ProcessSpec spec) {
    return switch (this) {
      case INPUT -> spec.streams().in();
      case OUTPUT -> spec.streams().out();
      case ERROR -> spec.streams().error();
    };
  }

  /// How a file is opened for this stream.
  int openFlags() {
    return this == INPUT ? 0 : Linux.O_WRONLY | Linux.O_CREAT | Linux.O_APPEND;
  }
}
