package org.capataz.computenode.process;

import java.util.List;
import java.util.Map;

/// A process to start.
///
/// @param arguments the program, looked up in the PATH of `environment` unless it contains a slash,
///   and its arguments
/// @param environment all of its environment
/// @param workingDirectory absolute; every relative path below is relative to it
/// @param cpus the kernel's numbers of the processors that it is bound to; those of this process if
///   empty
public record ProcessSpec(
    List<String> arguments,
    Map<String, String> environment,
    String workingDirectory,
    Streams streams,
    List<Integer> cpus) {

  /// On any processor.
  public ProcessSpec(
      List<String> arguments,
      Map<String, String> environment,
      String workingDirectory,
      Streams streams) {
    this(arguments, environment, workingDirectory, streams, List.of());
  }

  /// @throws IllegalArgumentException if there is no program, or a text contains NUL
  public ProcessSpec {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    cpus = List.copyOf(cpus);
    if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
      throw new IllegalArgumentException("expected a program, but the command is empty");
    }
    if (!workingDirectory.startsWith("/")) {
      throw new IllegalArgumentException(
          "expected an absolute working directory, but got '" + workingDirectory + "'");
    }
  }

  /// A path as the process will see it.
  String resolve(String path) {
    return path.startsWith("/") ? path : workingDirectory + "/" + path;
  }

  /// The three standard streams.
  public record Streams(Stream in, Stream out, Stream error) {}

  /// Where a standard stream leads.
  public sealed interface Stream {
    /// A file; for output it is made if missing, emptied, and appended to, so that two processes
    /// that share it lose nothing.
    record File(String path) implements Stream {}

    /// A file that nobody but the owner may read if it is made now; otherwise as [File].
    record PrivateFile(String path) implements Stream {}

    /// As [PrivateFile], but what is in it stays: other processes write to it too.
    record SharedFile(String path) implements Stream {}

    /// An open descriptor of this process.
    record Descriptor(int number) implements Stream {}
  }
}
