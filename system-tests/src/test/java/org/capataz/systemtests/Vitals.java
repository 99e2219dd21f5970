package org.capataz.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a running Java program costs.
record Vitals(long pid) {

  /// Bytes of the objects on its heap that are in use, counted after a full collection.
  long liveBytes() {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try (var histogram =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram").start().inputReader()) {
      var total = histogram.lines().filter(line -> line.startsWith("Total")).findFirst();
      return Long.parseLong(total.orElseThrow().strip().split("\\s+", -1)[2]);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// How many file descriptors it has open.
  long openFiles() {
    try (var open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// Bytes of memory that it has.
  long residentBytes() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      var resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(resident.replaceAll("\\D", "")) * 1024;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
