package org.capataz.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A call of `capataz` as a process, the leader of its process group.
record CommandProcess(Process process, Path output, Path errors) {

  /// What a call that has ended left behind.
  record Outcome(int exitCode, String output, String errors) {}

  /// Waits for its end.
  Outcome end() throws IOException, InterruptedException {
    assertThat(process.waitFor(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS))
        .as("the call has ended")
        .isTrue();
    return new Outcome(
        process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
  }

  /// Sends it a signal, as `kill` does.
  void signal(String name) throws IOException, InterruptedException {
    kill(name, process.pid());
  }

  /// Sends a signal to its whole process group.
  void signalGroup(String name) throws IOException, InterruptedException {
    kill(name, -process.pid());
  }

  /// Sends a signal to a process, or to the process group of that number below 0.
  static void kill(String name, long process) throws IOException, InterruptedException {
    var kill = List.of("kill", "-s", name, "--", Long.toString(process));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
  }
}
