package org.capataz.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.IntConsumer;
import org.capataz.cli.terminal.Streams;
import org.capataz.cli.terminal.Terminal;
import org.capataz.client.Cluster;

/// A call of `capataz` that has ended, made in this process.
///
/// @param output what it wrote to standard output
/// @param errors what it wrote to standard error
public record CommandCall(int exitCode, String output, String errors) {

  /// Calls `capataz`.
  ///
  /// @param head address of the head node
  /// @param token file with the client's token
  /// @param directory where the caller is
  public static CommandCall of(String head, Path token, Path directory, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var world =
        new World(
            Map.of("CAPATAZ_HEAD", head),
            directory,
            new Streams(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), new Nobody()),
            options -> Cluster.connect(options.withTokenFile(token)),
            InstantSource.system());
    var exitCode = new Main(world).run(arguments);
    return new CommandCall(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /// No terminal, and no signals.
  private static final class Nobody implements Terminal {
    @Override
    public boolean showsOutput() {
      return false;
    }

    @Override
    public boolean showsErrors() {
      return false;
    }

    @Override
    public int width() {
      return 80;
    }

    @Override
    public void onSignal(IntConsumer handler) {}
  }
}
