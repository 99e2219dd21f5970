package org.capataz.computenode.process;

/// How a process ended.
public sealed interface ExitStatus {

  /// It returned a code, 0 to 255.
  record Code(int code) implements ExitStatus {}

  /// A signal ended it.
  record Killed(int signal) implements ExitStatus {}

  /// Nobody saw how it ended, or it never ran.
  record Unknown() implements ExitStatus {}

  default boolean isSuccess() {
    return this instanceof Code(var code) && code == 0;
  }
}
