package org.capataz.computenode.process;

import java.util.List;
import org.capataz.computenode.process.ProcessSpec.Stream;
import org.capataz.computenode.process.StartFailure.Cause;

/// Starts processes: finds the program, and where the start fails finds out why.
final class Launcher {

  static final int MAY_EXECUTE = 1;

  /// What the C library searches where there is no PATH.
  private static final String DEFAULT_PATH = "/bin:/usr/bin";

  /// A process number, or why there is none.
  sealed interface Outcome {
    record Launched(int pid) implements Outcome {}

    record Failed(StartFailure failure) implements Outcome {}
  }

  private final PosixSpawn posixSpawn = new PosixSpawn();

  /// Returns when the process executes its program, or will not.
  Outcome launch(ProcessSpec spec) {
    for (var standard : StandardStream.values()) {
      // Whoever opens a named pipe waits for its other end, and posix_spawn would wait with it:
      // one task could keep the node from starting any other.
      if (standard.of(spec) instanceof Stream.File(var path)
          && !path.equals("/dev/null")
          && FileStatus.of(spec.resolve(path)).isNamedPipe()) {
        return failed(
            standard.cause(),
            "expected " + standard.words() + " to be a file, but " + path + " is a named pipe");
      }
    }
    var name = spec.arguments().getFirst();
    var program = name.contains("/") ? name : search(spec, name);
    if (program.isEmpty()) {
      return notInPath(spec, name);
    }
    var path = program;
    var pid = Affinity.during(spec.cpus(), () -> posixSpawn.spawn(path, spec));
    return pid > 0
        ? new Outcome.Launched(pid)
        : new Outcome.Failed(StartDiagnosis.of(spec, program, -pid));
  }

  /// posix_spawnp would search this process's PATH, not the task's.
  private static String search(ProcessSpec spec, String name) {
    for (var directory : path(spec)) {
      var candidate = spec.resolve(directory) + "/" + name;
      if (Linux.mayAccess(candidate, MAY_EXECUTE) && FileStatus.of(candidate).isRegularFile()) {
        return candidate;
      }
    }
    return "";
  }

  private static Outcome notInPath(ProcessSpec spec, String name) {
    for (var directory : path(spec)) {
      var candidate = spec.resolve(directory) + "/" + name;
      if (FileStatus.of(candidate).isRegularFile()) {
        return failed(Cause.PROGRAM, StartDiagnosis.notExecutable(candidate));
      }
    }
    return failed(
        Cause.PROGRAM,
        "expected the program '"
            + name
            + "' in the task's PATH ("
            + String.join(":", path(spec))
            + "), but it is in none of these directories");
  }

  private static List<String> path(ProcessSpec spec) {
    return List.of(spec.environment().getOrDefault("PATH", DEFAULT_PATH).split(":", -1));
  }

  private static Outcome failed(Cause cause, String message) {
    return new Outcome.Failed(new StartFailure(cause, message));
  }
}
