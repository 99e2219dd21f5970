package org.capataz.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.capataz.cli.terminal.Streams;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Cluster;
import org.capataz.client.ConnectOptions;
import org.jspecify.annotations.Nullable;

/// Everything outside the program that commands touch; tests hand in another.
///
/// @param variables the environment of the caller
/// @param directory where the caller is; absolute
record World(
    Map<String, String> variables,
    Path directory,
    Streams streams,
    Connector connector,
    InstantSource clock) {

  /// Names the script that starts head node and compute node.
  static final String LAUNCHER = "CAPATAZ_LAUNCHER";

  /// Opens a connection to a cluster, as [Cluster#connect(ConnectOptions)] does.
  @FunctionalInterface
  interface Connector {
    Cluster connect(ConnectOptions options);
  }

  World {
    variables = Map.copyOf(variables);
  }

  static World ofProcess() {
    var variables = new HashMap<>(System.getenv());
    Optional.ofNullable(System.getProperty("capataz.launcher"))
        .ifPresent(launcher -> variables.put(LAUNCHER, launcher));
    return new World(
        variables,
        Path.of("").toAbsolutePath(),
        Streams.ofProcess(variables),
        Cluster::connect,
        InstantSource.system());
  }

  /// Where this program keeps what is neither configuration nor the user's own: a folder of the
  /// caller's state directory, as the XDG base directory specification has it.
  Path state() {
    return variable("XDG_STATE_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> Path.of(variable("HOME").orElse("/tmp"), ".local", "state"))
        .resolve("capataz");
  }

  /// Writes a whole file of the user's, to standard output where none is named.
  void write(@Nullable String file, byte[] content) throws IOException {
    if (file == null) {
      streams.out().write(content);
      return;
    }
    try {
      Files.write(directory.resolve(file), content);
    } catch (IOException broken) {
      throw new CapatazException(
          Code.FAILED, "expected to write " + file + ", but got " + broken.getMessage());
    }
  }

  /// The value of a variable, unless it is empty.
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }
}
