package org.capataz.computenode.process;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Asks a program of the machine, for an agent: a keeper, which collects its children, must not.
public final class Inquiry {

  private Inquiry() {}

  /// What the program prints, without blank lines; nothing if it is missing, fails, or takes too
  /// long.
  public static List<String> lines(List<String> command, Duration limit) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
      try (var out = process.inputReader()) {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
          process.destroyForcibly();
          return List.of();
        }
        return out.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      }
    } catch (IOException missing) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
