package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.capataz.model.EndReason;
import org.capataz.model.TaskState;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Ranges;
import org.capataz.scheduler.state.Task;

/// The tasks of which instances were skipped or put back, or the throttle was changed, and those
/// that make instances as needed.
final class CheckpointTable {
  private final BatchStatement delete;
  private final BatchStatement deleteAll;
  private final BatchStatement insert;
  private final Set<Long> changed = new LinkedHashSet<>();
  private final Set<Long> ran = new LinkedHashSet<>();
  private final Set<Integer> stopped = new LinkedHashSet<>();
  private final Set<Integer> requeued = new LinkedHashSet<>();
  private final Set<Integer> forgotten = new LinkedHashSet<>();

  CheckpointTable(Connection connection) throws SQLException {
    delete = new BatchStatement(connection, "DELETE FROM task_checkpoint WHERE id = ?");
    deleteAll =
        new BatchStatement(connection, "DELETE FROM task_checkpoint WHERE id BETWEEN ? AND ?");
    insert = new BatchStatement(connection, "INSERT INTO task_checkpoint (id, body) VALUES (?, ?)");
  }

  /// Instances of the task were skipped, or its throttle or pace has changed.
  void changed(int job, int task) {
    changed.add(Keys.of(job, task));
  }

  /// An instance has begun or ended, which matters if the task makes them as needed.
  void ran(int job, int task) {
    ran.add(Keys.of(job, task));
  }

  /// What the job had not run was skipped.
  void stopped(int job) {
    stopped.add(job);
  }

  /// What the job had not finished was put back.
  void requeued(int job) {
    requeued.add(job);
  }

  /// A job is Configuring again, and nothing of it has run.
  void forget(int job) {
    changed.removeIf(key -> Keys.job(key) == job);
    ran.removeIf(key -> Keys.job(key) == job);
    stopped.remove(job);
    requeued.remove(job);
    forgotten.add(job);
  }

  void write(ClusterState state) throws SQLException {
    for (var job : forgotten) {
      deleteAll.add(Keys.of(job, 0), Keys.of(job, Integer.MAX_VALUE));
    }
    stopped.removeAll(requeued);
    for (var job : stopped) {
      for (var task : Known.job(state, job).tasks()) {
        if (!task.skipped().isEmpty() || task instanceof OpenTask) {
          changed.add(Keys.of(job, task.number()));
        }
      }
    }
    for (var job : requeued) {
      for (var task : Known.job(state, job).tasks()) {
        changed.add(Keys.of(job, task.number()));
      }
    }
    for (var key : ran) {
      if (Known.job(state, Keys.job(key)).task(Keys.number(key)) instanceof OpenTask) {
        changed.add(key);
      }
    }
    ran.clear();
    for (var key : changed) {
      var task = Known.job(state, Keys.job(key)).task(Keys.number(key));
      delete.add(key);
      insert.add(key, Block.plain(bytes(task.checkpoint())));
    }
    changed.clear();
    stopped.clear();
    requeued.clear();
    forgotten.clear();
    deleteAll.executeWhereFound();
    delete.executeWhereFound();
    insert.execute();
  }

  static byte[] bytes(Task.Checkpoint checkpoint) {
    var out = new PackedWriter().unsigned(checkpoint.position()).unsigned(checkpoint.maxRunning());
    ranges(out, checkpoint.pending());
    out.unsigned(checkpoint.skipped().size());
    for (var skipped : checkpoint.skipped()) {
      ranges(out, skipped.ordinals());
      out.unsigned(skipped.state().flag())
          .unsigned(skipped.reason().number())
          .text(skipped.message())
          .signed(skipped.time());
    }
    if (checkpoint.ledger() != null) {
      ledger(out, checkpoint.ledger());
    }
    return out.toBytes();
  }

  static Task.Checkpoint checkpoint(byte[] bytes) {
    var in = new PackedReader(bytes);
    var position = in.count();
    var maxRunning = in.count();
    var pending = ranges(in);
    var skipped = new ArrayList<Task.Skipped>();
    for (var left = in.count(); left > 0; left--) {
      skipped.add(
          new Task.Skipped(
              ranges(in),
              TaskState.ofFlag(in.count()),
              EndReason.ofNumber(in.count()),
              in.text(),
              in.signed()));
    }
    var ledger = in.isAtEnd() ? null : ledger(in);
    return new Task.Checkpoint(pending, skipped, position, maxRunning, ledger);
  }

  private static void ledger(PackedWriter out, OpenTask.Ledger ledger) {
    var result = ledger.result();
    out.unsigned(ledger.made())
        .unsigned(ledger.finished())
        .unsigned(ledger.failed())
        .signed(ledger.startTime())
        .signed(ledger.endTime())
        .unsigned(result == null ? 0 : result.flag())
        .unsigned(ledger.failedOn().size());
    ledger.failedOn().forEach(out::unsigned);
    EventCodec.pace(out, ledger.pace());
  }

  private static OpenTask.Ledger ledger(PackedReader in) {
    var made = in.count();
    var finished = in.count();
    var failed = in.count();
    var startTime = in.signed();
    var endTime = in.signed();
    var result = in.count();
    var failedOn = new TreeSet<Integer>();
    for (var left = in.count(); left > 0; left--) {
      failedOn.add(in.count());
    }
    return new OpenTask.Ledger(
        made,
        finished,
        failed,
        startTime,
        endTime,
        EventCodec.pace(in),
        result == 0 ? null : TaskState.ofFlag(result),
        failedOn);
  }

  /// Writes ranges as the gap before each and its length, and a length of 0 at the end.
  private static void ranges(PackedWriter out, Ranges ranges) {
    var end = new int[1];
    ranges.forEach(
        (from, to) -> {
          out.unsigned(to - from).unsigned(from - end[0]);
          end[0] = to;
        });
    out.unsigned(0);
  }

  private static Ranges ranges(PackedReader in) {
    var bounds = IntStream.builder();
    var end = 0;
    for (var length = in.count(); length > 0; length = in.count()) {
      var from = end + in.count();
      end = from + length;
      bounds.add(from).add(end);
    }
    return Ranges.of(bounds.build().toArray());
  }
}
