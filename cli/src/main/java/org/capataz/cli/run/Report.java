package org.capataz.cli.run;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.capataz.cli.output.Durations;
import org.capataz.cli.output.Value;
import org.capataz.cli.terminal.Streams;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import org.capataz.client.StandardStream;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.capataz.model.Text;

/// What is said of a job that has ended.
public record Report(Job job, JobDraft draft, JobStatus end, Streams streams) {

  private static final int FAILURES = 3;
  private static final int ERROR_LINES = 10;
  private static final int OUTPUT_BYTES = 1 << 16;
  private static final int INSTANCES = 200;

  /// Prints what the last tasks of the flow have printed, those on which no other depends: of a
  /// sweep its first instances in order, and of all 64 KiB at most. What goes to a file stays
  /// there.
  ///
  /// @param out where to
  public void results(PrintStream out) throws IOException {
    var awaited = new HashSet<String>();
    for (var task : draft.tasks()) {
      for (var name : task.get(TaskProperty.DEPENDS_ON).orElse("").split(",", -1)) {
        awaited.add(name.strip());
      }
    }
    var room = OUTPUT_BYTES;
    for (var number = 1; number <= draft.tasks().size() && room > 0; number++) {
      var task = draft.tasks().get(number - 1);
      if (task.get(TaskProperty.STD_OUT_FILE_PATH).orElse("").isEmpty()
          && !TaskKind.of(task).isForNodes()
          && !awaited.contains(task.get(TaskProperty.NAME).orElse("?"))) {
        room =
            TaskKind.of(task) == TaskKind.BASIC
                ? copy(number, 0, out, room)
                : instances(number, out, room);
      }
    }
    out.flush();
    if (room == 0) {
      streams.say("there is more output than was shown; --stdout keeps it in files");
    }
  }

  private int instances(int task, PrintStream out, int room) throws IOException {
    var left = room;
    try (var instances = job.instances(task, EnumSet.of(TaskState.FINISHED, TaskState.FAILED))) {
      for (var each = instances.limit(INSTANCES).iterator(); each.hasNext() && left > 0; ) {
        left = copy(task, each.next().id().instance(), out, left);
      }
    }
    return left;
  }

  /// Copies the beginning of an output.
  ///
  /// @return how much may follow
  private int copy(int task, long instance, PrintStream out, int room) throws IOException {
    try (var in = job.output(task, instance, StandardStream.OUTPUT)) {
      var bytes = in.readNBytes(room);
      out.write(bytes, 0, bytes.length);
      return room - bytes.length;
    }
  }

  /// Says how the job ended, and of the first instances that failed what they said last.
  ///
  /// @param more how to see the rest, or to go on
  public void summary(String more) {
    var counts = end.taskCounts();
    streams.say(
        "job "
            + job.id()
            + " "
            + end.state()
            + end.times()
                .start()
                .map(start -> Duration.between(start, end.times().end().orElse(start)))
                .map(took -> " after " + Durations.shown(took))
                .orElse("")
            + ": "
            + counts.finished()
            + " of "
            + counts.total()
            + " tasks finished"
            + (counts.failed() > 0 ? ", " + counts.failed() + " failed" : "")
            + (counts.canceled() > 0 ? ", " + counts.canceled() + " canceled" : "")
            + (end.message().isEmpty() || counts.failed() > 0 ? "" : " (" + end.message() + ")"));
    if (counts.failed() > 0) {
      failures();
    }
    if (end.state() != JobState.FINISHED) {
      streams.say(more);
    }
    var folders =
        draft.tasks().stream()
            .map(task -> task.get(TaskProperty.WORK_DIRECTORY))
            .distinct()
            .toList();
    if (folders.size() == 1) {
      folders.getFirst().ifPresent(folder -> streams.say("its tasks ran in " + folder));
    }
  }

  private void failures() {
    try (var failed = job.instances(Set.of(TaskState.FAILED))) {
      // Those that failed by themselves first: the others only followed.
      failed
          .limit(1000)
          .sorted(Comparator.comparing(instance -> instance.exitCode().isEmpty()))
          .limit(FAILURES)
          .forEach(this::failure);
    }
    var others = end.taskCounts().failed() - FAILURES;
    if (others > 0) {
      streams.err().println("  and " + others + " more");
    }
  }

  private void failure(InstanceStatus instance) {
    var err = streams.err();
    var parameters = new Value.Pairs(instance.parameters());
    err.println(
        "  "
            + instance.id()
            + (parameters.pairs().isEmpty() ? "" : " (" + Text.shown(parameters.text()) + ")")
            + " failed"
            + (instance.node().isEmpty() ? "" : " on " + instance.node())
            + (instance.message().isEmpty() ? "" : ": " + instance.message()));
    var lines = instance.errorTail().lines().toList();
    lines.stream()
        .skip(Math.max(0, lines.size() - ERROR_LINES))
        .forEach(line -> err.println("    " + line));
  }
}
