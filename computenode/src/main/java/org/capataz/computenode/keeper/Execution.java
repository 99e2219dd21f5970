package org.capataz.computenode.keeper;

import java.util.List;
import java.util.Map;

/// What to run for one attempt, complete and final: nothing of it is a template.
///
/// @param arguments the program, looked up in the PATH of `environment` unless it contains a slash,
///   and its arguments
/// @param environment all of the process's environment; the keeper adds its own mark
/// @param workDirectory absolute; the paths of streams may be relative to it
/// @param cpus the kernel's numbers of the processors that it is bound to; all if empty
/// @param peers the nodes and cores of a parallel attempt, this one leading; none for a serial one
public record Execution(
    List<String> arguments,
    Map<String, String> environment,
    String workDirectory,
    Streams streams,
    Limits limits,
    List<Integer> cpus,
    List<Peer> peers) {

  /// A serial one, on any processor.
  public Execution(
      List<String> arguments,
      Map<String, String> environment,
      String workDirectory,
      Streams streams,
      Limits limits) {
    this(arguments, environment, workDirectory, streams, limits, List.of(), List.of());
  }

  /// A node of a parallel attempt.
  ///
  /// @param address where the other nodes reach it
  public record Peer(String node, String address, int cores) {}

  /// @throws IllegalArgumentException if there is no program, the directory is not absolute, or a
  ///   text contains NUL
  public Execution {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    cpus = List.copyOf(cpus);
    peers = List.copyOf(peers);
    if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
      throw new IllegalArgumentException("expected a program, but the command is empty");
    }
    if (!workDirectory.startsWith("/")) {
      throw new IllegalArgumentException(
          "expected an absolute working directory, but got '" + workDirectory + "'");
    }
    arguments.forEach(Execution::expectNoNul);
    environment.forEach(
        (name, value) -> {
          expectNoNul(name);
          expectNoNul(value);
          if (name.isEmpty() || name.contains("=")) {
            throw new IllegalArgumentException(
                "expected the name of a variable, but got '" + name + "'");
          }
        });
    expectNoNul(workDirectory);
  }

  private static void expectNoNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("expected text without NUL characters, but got one");
    }
  }

  /// Files of the standard streams. An empty path is an unnamed stream: empty input, and output
  /// that [TaskOutput] keeps.
  public record Streams(String in, String out, String err) {

    public static final Streams UNNAMED = new Streams("", "", "");

    public Streams {
      expectNoNul(in);
      expectNoNul(out);
      expectNoNul(err);
    }
  }

  /// What an attempt may take on a node.
  ///
  /// @param runMillis how long it may run; 0 for no limit
  /// @param graceMillis from TERM to KILL, where the run-time limit or the node's stop ends it
  /// @param memoryMb what all its processes together may use; 0 for no limit
  /// @param leaseMillis how long it may run after the head node last was known to count this node
  ///   as connected ([Request.Renew]); 0 for no limit
  public record Limits(long runMillis, long graceMillis, int memoryMb, long leaseMillis) {

    static final Limits NONE = new Limits(0, 0);

    /// With as much memory as there is.
    public Limits(long runMillis, long graceMillis) {
      this(runMillis, graceMillis, 0);
    }

    /// Without a lease.
    public Limits(long runMillis, long graceMillis, int memoryMb) {
      this(runMillis, graceMillis, memoryMb, 0);
    }

    public Limits {
      if (runMillis < 0 || graceMillis < 0 || memoryMb < 0 || leaseMillis < 0) {
        throw new IllegalArgumentException("expected limits from 0, but got a negative one");
      }
    }
  }
}
