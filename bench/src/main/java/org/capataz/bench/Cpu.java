package org.capataz.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// CPU time in seconds, as the kernel counts it.
final class Cpu {

  /// What `times` in `/proc` are counted in, on all Linux machines that Java runs on.
  private static final double TICKS_PER_SECOND = 100;

  /// Fields of `/proc/PID/stat` after the command's name: utime, stime, cutime, cstime.
  private static final int FIRST_TIME = 11;

  private Cpu() {}

  /// Of all processes of the machine since it started, interrupts included.
  static double machine() {
    var fields = read(Path.of("/proc/stat")).lines().findFirst().orElseThrow().split("\\s+", -1);
    // user nice system idle iowait irq softirq steal
    return Stream.of(fields[1], fields[2], fields[3], fields[6], fields[7])
            .mapToLong(Long::parseLong)
            .sum()
        / TICKS_PER_SECOND;
  }

  /// Of a process, without its children.
  static double of(long pid) {
    return times(pid, 2);
  }

  /// Of a process, and of all its descendants that live or were reaped by one that does.
  static double ofTree(ProcessHandle process) {
    return times(process.pid(), 4)
        + process.descendants().mapToDouble(child -> times(child.pid(), 4)).sum();
  }

  private static double times(long pid, int count) {
    var stat = read(Path.of("/proc", Long.toString(pid), "stat"));
    if (stat.isEmpty()) {
      return 0;
    }
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    var ticks = 0L;
    for (var i = 0; i < count; i++) {
      ticks += Long.parseLong(fields[FIRST_TIME + i]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /// Kibibytes of memory that a process has.
  static long residentKib(long pid) {
    return read(Path.of("/proc", Long.toString(pid), "status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException ended) {
      return "";
    } catch (IOException e) {
      if ("No such process".equals(e.getMessage())) {
        return "";
      }
      throw new UncheckedIOException(e);
    }
  }
}
