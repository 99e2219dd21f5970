package org.capataz.bench;

import java.io.IOException;
import java.nio.file.Path;

/// The heap of another Java process.
final class Heap {

  private Heap() {}

  /// Bytes of the objects in use, counted after a full collection.
  static long liveBytes(Program java) throws IOException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try (var histogram =
        new ProcessBuilder(jcmd, Long.toString(java.pid()), "GC.class_histogram")
            .start()
            .inputReader()) {
      var total = histogram.lines().filter(line -> line.startsWith("Total")).findFirst();
      return Long.parseLong(total.orElseThrow().strip().split("\\s+", -1)[2]);
    }
  }
}
