package org.capataz.cli.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.jspecify.annotations.Nullable;

/// A head node and a compute node of our own, as child processes. They live as long as a pipe that
/// this process holds open, so that nothing is left of them however this process ends.
public final class PrivateCluster implements AutoCloseable {

  private static final String SERVING = "listening on ";
  private static final Duration LONGEST_START = Duration.ofMinutes(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  /// The two processes, by the noun of the command that starts each.
  private enum Role {
    HEAD("head", "head node"),
    NODE("node", "compute node");

    private final String noun;
    private final String title;

    Role(String noun, String title) {
      this.noun = noun;
      this.title = title;
    }
  }

  private final String launcher;
  private final Path data;
  private final CompletableFuture<String> loss = new CompletableFuture<>();
  private volatile boolean closing;
  private @Nullable Process head;
  private @Nullable Process node;

  /// A cluster that is not started yet.
  ///
  /// @param launcher the script `bin/capataz`
  /// @param data where both keep their data and logs
  public PrivateCluster(String launcher, Path data) {
    this.launcher = launcher;
    this.data = data;
  }

  /// Starts the head node, waits until it serves, and then starts the node without waiting.
  ///
  /// @return where the head node listens
  /// @throws CapatazException if it does not start
  public String start() throws IOException, InterruptedException {
    var started = launch(headCommand(), Map.of(), Redirect.PIPE, Redirect.to(log(Role.HEAD)));
    synchronized (this) {
      head = started;
      if (closing) {
        stop(started);
      }
    }
    var address = address(started);
    synchronized (this) {
      if (closing) {
        throw endedEarly(Role.HEAD);
      }
      Files.deleteIfExists(log(Role.NODE).toPath());
      var log = Redirect.appendTo(log(Role.NODE));
      node =
          launch(
              nodeCommand(address),
              Map.of("CAPATAZ_TOKEN_FILE", token("node").toString()),
              log,
              log);
      watch(Role.HEAD, started);
      watch(Role.NODE, node);
    }
    return address;
  }

  /// The file with the token for clients.
  public Path clientToken() {
    return token("client");
  }

  /// Completed with the reason if one of the two processes ends while it is needed.
  public CompletableFuture<String> loss() {
    return loss;
  }

  private List<String> headCommand() {
    return List.of(
        "setsid",
        launcher,
        "head",
        "start",
        "--data",
        data.resolve("head").toString(),
        "--listen",
        "127.0.0.1:0",
        "--private",
        "--lifeline");
  }

  private List<String> nodeCommand(String address) {
    return List.of(
        "setsid",
        launcher,
        "node",
        "start",
        "--head",
        address,
        "--data",
        data.resolve("node").toString(),
        "--lifeline");
  }

  /// Starts a process in a session of its own: a Ctrl-C at the terminal is for us alone.
  private static Process launch(
      List<String> command, Map<String, String> variables, Redirect output, Redirect errors)
      throws IOException {
    var builder = new ProcessBuilder(command).redirectOutput(output).redirectError(errors);
    builder.environment().putAll(variables);
    return builder.start();
  }

  private String address(Process process) throws InterruptedException {
    var address = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> readAddress(process.inputReader(), address));
    try {
      return address.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException ended) {
      throw endedEarly(Role.HEAD);
    } catch (TimeoutException late) {
      throw new CapatazException(
          Code.FAILED,
          "expected the head node to serve within "
              + LONGEST_START.toSeconds()
              + " s, but it does not; its log is "
              + log(Role.HEAD));
    }
  }

  private static void readAddress(BufferedReader reader, CompletableFuture<String> address) {
    try (reader) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(SERVING)) {
          address.complete(line.substring(SERVING.length()).strip());
        }
      }
    } catch (IOException gone) {
      // The process has ended, as below.
    }
    address.completeExceptionally(new IllegalStateException("ended"));
  }

  private void watch(Role who, Process process) {
    var _ =
        process
            .onExit()
            .thenAccept(
                ended -> {
                  if (!closing) {
                    loss.complete(endedEarly(who).getMessage());
                  }
                });
  }

  private CapatazException endedEarly(Role who) {
    return new CapatazException(
        Code.FAILED,
        "expected the "
            + who.title
            + " to run, but it ended"
            + lastWords(who)
            + "; its log is "
            + log(who));
  }

  /// The last line of a log, which usually says why.
  private String lastWords(Role who) {
    try {
      var lines =
          Files.readString(log(who).toPath(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      return lines.isEmpty() ? "" : ": " + lines.getLast().strip();
    } catch (IOException unreadable) {
      return "";
    }
  }

  private File log(Role who) {
    return data.resolve(who.noun + ".log").toFile();
  }

  private Path token(String who) {
    return data.resolve("head").resolve("tokens").resolve(who + ".token");
  }

  /// Stops both, the node first so that the head node still hears how its tasks ended. Safe to call
  /// from any thread, also while they start.
  @Override
  public synchronized void close() {
    closing = true;
    if (node != null) {
      stop(node);
    }
    if (head != null) {
      stop(head);
    }
  }

  private static void stop(Process process) {
    try {
      try (OutputStream lifeline = process.getOutputStream()) {
        lifeline.flush();
      }
    } catch (IOException gone) {
      // It has ended already.
    }
    try {
      if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
