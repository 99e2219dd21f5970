package org.capataz.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The standard streams of this call: data goes to standard output, everything else to standard
/// error.
public record Streams(PrintStream out, PrintStream err, Terminal terminal) {

  private static final int BUFFER_BYTES = 1 << 16;

  /// The process's own streams, in UTF-8 whatever the locale, so that JSON is always JSON. Standard
  /// output is buffered: the caller flushes it.
  public static Streams ofProcess(Map<String, String> variables) {
    return new Streams(
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
            false,
            StandardCharsets.UTF_8),
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.err)),
            true,
            StandardCharsets.UTF_8),
        new ProcessTerminal(variables));
  }

  /// One line for the person who called.
  public void say(String message) {
    err.println("capataz: " + message);
  }
}
