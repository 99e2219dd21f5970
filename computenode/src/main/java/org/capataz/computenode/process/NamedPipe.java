package org.capataz.computenode.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.capataz.computenode.process.Linux.Call;

/// A pipe with a name, by which processes that are not related find this one.
public final class NamedPipe {

  private static final int FIFO = 0010000;
  private static final int OWNER_ONLY = 0600;

  private NamedPipe() {}

  /// Makes one for this user alone.
  ///
  /// @throws IOException if it cannot be made, or there is something of that name
  public static void make(Path path) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(path.toString());
      var result = Linux.call(Call.MKNODAT, Linux.AT_FDCWD, name.address(), FIFO | OWNER_ONLY, 0);
      if (result < 0) {
        throw new IOException("cannot make " + path + ": " + Linux.describe((int) -result));
      }
    }
  }
}
