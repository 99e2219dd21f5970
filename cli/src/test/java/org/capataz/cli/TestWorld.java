package org.capataz.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.capataz.cli.terminal.Streams;
import org.capataz.cli.terminal.Terminal;

/// A caller of the program in memory, with a cluster and a clock of its own.
final class TestWorld {

  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  final FakeCluster cluster = new FakeCluster();

  /// The caller's environment; the last job is not noted, for there is no folder for it.
  final Map<String, String> variables = new HashMap<>(Map.of("CCP_NO_JOB_ID", "true"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  Path directory = Path.of("/work/study");
  boolean terminal;

  /// Whether writing to standard output fails.
  boolean readerHasGone;

  int width = 80;
  IntConsumer signals = number -> {};

  /// How far the clock goes on each time it is looked at.
  Duration tick = Duration.ZERO;

  private Instant now = NOW;

  World world() {
    return new World(
        variables,
        directory,
        new Streams(
            new PrintStream(readerHasGone ? new Closed() : out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            tty()),
        cluster::connect,
        () -> {
          now = now.plus(tick);
          return now;
        });
  }

  private Terminal tty() {
    return new Terminal() {
      @Override
      public boolean showsOutput() {
        return terminal;
      }

      @Override
      public boolean showsErrors() {
        return terminal;
      }

      @Override
      public int width() {
        return width;
      }

      @Override
      public void onSignal(IntConsumer handler) {
        signals = handler;
      }
    };
  }

  /// Calls the program.
  ///
  /// @return the exit code
  int run(String... arguments) {
    return new Main(world()).run(arguments);
  }

  String out() {
    return out.toString(UTF_8);
  }

  String err() {
    return err.toString(UTF_8);
  }

  private static final class Closed extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
