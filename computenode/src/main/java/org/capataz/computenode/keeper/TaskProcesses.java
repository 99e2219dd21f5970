package org.capataz.computenode.keeper;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessSpec;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;

/// What a task comes to as a process, and what is left of that process at its end.
final class TaskProcesses {

  private static final int TAIL_BYTES = 2048;
  private static final int BRANCH_TAIL_BYTES = 16 * 1024;

  /// What shells return for a command that a signal ended, less the signal's number.
  private static final int SIGNAL_BASE = 128;

  private final TaskOutput places;
  private final OutputFiles files;
  private final Marks marks;
  private final ParallelFiles parallel;

  TaskProcesses(TaskOutput places, Marks marks, ParallelFiles parallel) {
    this.places = places;
    this.marks = marks;
    this.parallel = parallel;
    this.files = new OutputFiles(places);
  }

  /// The process to start. Its unnamed output leads to files of its own, which [#release] takes
  /// back.
  ProcessSpec prepare(Request.Start start) {
    var execution = start.execution();
    var environment = new HashMap<>(execution.environment());
    marks.put(start.attempt(), environment);
    if (!execution.peers().isEmpty()) {
      parallel.write(start.attempt(), execution.peers());
    }
    var in = execution.streams().in();
    return new ProcessSpec(
        execution.arguments(),
        environment,
        execution.workDirectory(),
        new ProcessSpec.Streams(
            new ProcessSpec.Stream.File(in.isEmpty() ? "/dev/null" : in),
            output(start.attempt(), TaskOutput.Stream.OUT, execution.streams().out()),
            output(start.attempt(), TaskOutput.Stream.ERR, execution.streams().err())),
        execution.cpus());
  }

  /// The process of a branch. It has the environment of who asked, but this node's variables and
  /// marks; no input; and all branches of an attempt write to the same files, which [#release]
  /// takes back.
  ProcessSpec prepare(Spawn.Branch branch) {
    var command = branch.command();
    var attempt = branch.id().attempt();
    var environment = new HashMap<>(command.environment());
    branch
        .hold()
        .variables()
        .forEach(
            (name, value) -> {
              if (value.isEmpty()) {
                environment.remove(name);
              } else {
                environment.put(name, value);
              }
            });
    marks.put(attempt, environment);
    return new ProcessSpec(
        List.of("/bin/sh", "-c", command.line()),
        environment,
        command.directory(),
        new ProcessSpec.Streams(
            new ProcessSpec.Stream.File("/dev/null"),
            new ProcessSpec.Stream.SharedFile(files.share(attempt, TaskOutput.Stream.OUT)),
            new ProcessSpec.Stream.SharedFile(files.share(attempt, TaskOutput.Stream.ERR))),
        branch.hold().cpus());
  }

  /// How much the branches of an attempt have written.
  ///
  /// @param out bytes of standard output
  /// @param err bytes of standard error
  record Written(long out, long err) {}

  Written written(BranchId branch) {
    return new Written(
        places.path(branch.attempt(), TaskOutput.Stream.OUT).toFile().length(),
        places.path(branch.attempt(), TaskOutput.Stream.ERR).toFile().length());
  }

  /// What is left of a branch whose process has ended.
  BranchNews.End end(Child.Branch branch, ExitStatus status) {
    var attempt = branch.start().id().attempt();
    var code =
        switch (status) {
          case ExitStatus.Code(var returned) -> returned;
          case ExitStatus.Killed(var signal) -> SIGNAL_BASE + signal;
          case ExitStatus.Unknown _ -> BranchNews.NOT_RUN;
        };
    return new BranchNews.End(
        code,
        "",
        tail(places.path(attempt, TaskOutput.Stream.OUT), branch.before().out()),
        tail(places.path(attempt, TaskOutput.Stream.ERR), branch.before().err()));
  }

  private static String tail(Path path, long from) {
    return tail(path, Math.clamp(path.toFile().length() - from, 0, BRANCH_TAIL_BYTES));
  }

  /// Takes back the files of a held attempt of which nothing runs any more.
  void release(AttemptId attempt, OutputGuard guard) {
    var out = files.release(attempt, TaskOutput.Stream.OUT, false);
    var err = files.release(attempt, TaskOutput.Stream.ERR, false);
    guard.ended(attempt, out, err, false);
    guard.kept(files.takeFolders() * OutputRemoval.FOLDER_BYTES);
  }

  private ProcessSpec.Stream output(AttemptId attempt, TaskOutput.Stream stream, String name) {
    return name.isEmpty()
        ? new ProcessSpec.Stream.PrivateFile(files.prepare(attempt, stream))
        : new ProcessSpec.Stream.File(name);
  }

  /// What is left of a task's process that has just ended.
  Report.Outcome outcome(Child.Task task, ExitStatus status, ResourceUsage used, Moment now) {
    return new Report.Outcome(
        status,
        task.startMicros(),
        // The wall's clock may have been set back meanwhile.
        Math.max(task.startMicros(), now.micros()),
        used,
        status.isSuccess() ? "" : tail(errorFile(task.start()), TAIL_BYTES));
  }

  private Path errorFile(Request.Start start) {
    var name = start.execution().streams().err();
    return name.isEmpty()
        ? places.path(start.attempt(), TaskOutput.Stream.ERR)
        : Path.of(start.execution().workDirectory()).resolve(name);
  }

  /// The end of a file; nothing of what is none, such as a named pipe or a device.
  private static String tail(Path path, int most) {
    if (!Files.isRegularFile(path)) {
      return "";
    }
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - most));
      var bytes = new byte[most];
      var length = Math.max(0, file.read(bytes));
      return new String(bytes, 0, length, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /// Takes back the files of an attempt that is over, and tells the guard of what stays.
  ///
  /// @param writable whether a process that it left behind may still write to them
  void release(Request.Start start, boolean writable, OutputGuard guard) {
    var streams = start.execution().streams();
    var out =
        streams.out().isEmpty()
            ? files.release(start.attempt(), TaskOutput.Stream.OUT, writable)
            : 0;
    var err =
        streams.err().isEmpty()
            ? files.release(start.attempt(), TaskOutput.Stream.ERR, writable)
            : 0;
    guard.ended(start.attempt(), out, err, writable);
    guard.kept(files.takeFolders() * OutputRemoval.FOLDER_BYTES);
  }

  void close() {
    files.close();
  }
}
