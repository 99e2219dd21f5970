package org.capataz.cli.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Writes whole lines, each behind a prefix, to a stream that others write to as well. A line that
/// is not ended is written when this is closed.
public final class PrefixedLines extends OutputStream {

  /// Longer lines are broken, so that one line cannot take all memory.
  private static final int LONGEST = 1 << 16;

  private final byte[] prefix;
  private final PrintStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  public PrefixedLines(String prefix, PrintStream out) {
    this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    this.out = out;
  }

  @Override
  public void write(int b) {
    if (b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() == LONGEST) {
      endLine();
    }
  }

  private void endLine() {
    synchronized (out) {
      out.write(prefix, 0, prefix.length);
      out.writeBytes(line.toByteArray());
      out.write('\n');
      out.flush();
    }
    line.reset();
  }

  @Override
  public void close() throws IOException {
    if (line.size() > 0) {
      endLine();
    }
  }
}
