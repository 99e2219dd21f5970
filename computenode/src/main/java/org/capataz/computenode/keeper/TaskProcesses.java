package org.capataz.computenode.keeper;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.capataz.computenode.process.ProcessSpec;
import org.capataz.computenode.process.Zombie;
import org.capataz.model.AttemptId;

/// What a task comes to as a process, and what is left of that process at its end.
final class TaskProcesses {

  private static final int TAIL_BYTES = 2048;

  private final TaskOutput places;
  private final OutputFiles files;

  TaskProcesses(TaskOutput places) {
    this.places = places;
    this.files = new OutputFiles(places);
  }

  /// The process to start. Its unnamed output leads to files of its own, which [#release] takes
  /// back.
  ProcessSpec prepare(Request.Start start) {
    var execution = start.execution();
    var environment = new HashMap<>(execution.environment());
    environment.put(Marks.VARIABLE, start.attempt().toString());
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

  private ProcessSpec.Stream output(AttemptId attempt, TaskOutput.Stream stream, String name) {
    return name.isEmpty()
        ? new ProcessSpec.Stream.PrivateFile(files.prepare(attempt, stream))
        : new ProcessSpec.Stream.File(name);
  }

  /// What is left of a task's process that has just ended.
  Report.Outcome outcome(Child.Task task, Zombie<Child> zombie, Moment now) {
    return new Report.Outcome(
        zombie.status(),
        task.startMicros(),
        // The wall's clock may have been set back meanwhile.
        Math.max(task.startMicros(), now.micros()),
        zombie.usage(),
        zombie.status().isSuccess() ? "" : tail(errorFile(task.start())));
  }

  private Path errorFile(Request.Start start) {
    var name = start.execution().streams().err();
    return name.isEmpty()
        ? places.path(start.attempt(), TaskOutput.Stream.ERR)
        : Path.of(start.execution().workDirectory()).resolve(name);
  }

  /// The end of a file; nothing of what is none, such as a named pipe or a device.
  private static String tail(Path path) {
    if (!Files.isRegularFile(path)) {
      return "";
    }
    try (var file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TAIL_BYTES));
      var bytes = new byte[TAIL_BYTES];
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
