package org.capataz.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A process that the measurements start, and end by its number.
///
/// @param log what it says
record Program(Process process, Path log) implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  /// Starts one.
  ///
  /// @param environment over this process's own
  static Program start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(environment);
    return new Program(builder.start(), log);
  }

  long pid() {
    return process.pid();
  }

  /// Waits until a line of its log begins so.
  ///
  /// @return the rest of the line
  String await(String beginning) throws IOException, InterruptedException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < until && process.isAlive()) {
      for (var line : Files.readAllLines(log)) {
        if (line.startsWith(beginning)) {
          return line.substring(beginning.length());
        }
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException(
        "expected '" + beginning + "' from " + command() + ", but got: " + Files.readString(log));
  }

  /// Asks it, as a Java program, to do something.
  ///
  /// @return what that came to
  String jcmd(String... words) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid()));
    command.addAll(List.of(words));
    try (var answer = new ProcessBuilder(command).start().inputReader()) {
      return answer.lines().collect(Collectors.joining("\n"));
    }
  }

  /// Bytes of the objects on its heap that are in use, counted after a full collection.
  long liveBytes() throws IOException {
    var histogram = jcmd("GC.class_histogram").lines();
    var total = histogram.filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return Long.parseLong(total.strip().split("\\s+", -1)[2]);
  }

  private String command() {
    return process.info().commandLine().orElse(process.toString());
  }

  /// Asks it to end, and waits for that.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
