package org.capataz.systemtests;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.model.Result;

/// What tasks say of themselves, beside everything that Capataz says of them: each appends a line
/// when it starts and one when it ends to a file of its instance.
final class Ledger {

  /// Arguments: how long it takes in seconds, and the exit code. Only the sleep is a process.
  private static final String TASK =
      """
      #!/bin/sh
      file=${0%/*}/lines/$CCP_JOBID.$CCP_TASKID.$CCP_TASKINSTANCEID
      where="$CAPATAZ_ATTEMPT ${CCP_NODES#* } / $CCP_COREIDS"
      read -r now rest < /proc/uptime
      echo "start $now $where" >> "$file"
      sleep "$1"
      read -r now rest < /proc/uptime
      echo "end $now $where" >> "$file"
      exit "$2"
      """;

  private final Path task;
  private final Path lines;

  /// A line.
  ///
  /// @param hundredths of a second since the machine's start, rounded down
  /// @param cores that the task was told to be its own, by number on its node
  record Line(
      boolean isStart, long hundredths, AttemptId attempt, String node, List<Integer> cores) {

    static Line parse(String text) {
      var words = text.split(" ", -1);
      if (!(AttemptId.parse(words[2]) instanceof Result.Ok<AttemptId>(var attempt))) {
        throw new IllegalArgumentException(text);
      }
      var slash = Arrays.asList(words).indexOf("/");
      return new Line(
          words[0].equals("start"),
          Long.parseLong(words[1].replace(".", "")),
          attempt,
          words[3],
          Arrays.stream(words, slash + 1, words.length).map(Integer::valueOf).toList());
    }
  }

  Ledger(Path folder) throws IOException {
    task = Files.writeString(folder.resolve("task"), TASK);
    Files.setPosixFilePermissions(task, PosixFilePermissions.fromString("rwx------"));
    lines = Files.createDirectory(folder.resolve("lines"));
  }

  /// The command of a task that keeps the ledger.
  String[] command(int millis, int exitCode) {
    return new String[] {task.toString(), Double.toString(millis / 1000.0), exitCode + ""};
  }

  /// All lines, those of one instance in the order of the file.
  List<Line> read() throws IOException {
    var all = new ArrayList<Line>();
    try (var files = Files.list(lines)) {
      for (var file : files.sorted(comparing(Path::toString)).toList()) {
        Files.readAllLines(file).forEach(line -> all.add(Line.parse(line)));
      }
    }
    return all;
  }
}
