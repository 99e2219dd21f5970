package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capataz.model.EndReason;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Stored;

/// The attempts without a recorded end. One that is dispatched and ends within a commit leaves no
/// row.
final class AttemptTable {

  /// What stands after the placements of an attempt.
  private static final int NOT_TOLD = 0;

  private static final int TOLD = 1;
  private static final int ASSIGNED = 2;
  private static final int RECALLED = 3;

  private record Instance(int job, int task, int ordinal) {}

  /// The row of a live attempt, and what the event of its end does not say.
  private record Live(long id, int number, long epoch, int leadNode, int cores) {
    static Live of(long id, int number, long epoch, List<Placement> placements) {
      return new Live(id, number, epoch, placements.getFirst().node(), Placement.cores(placements));
    }
  }

  private static final String SELECT =
      "SELECT id, job, task, ordinal, number, epoch, dispatch_time, start_time, body"
          + " FROM attempt ORDER BY id";

  private final long epoch;
  private final BatchStatement insert;
  private final BatchStatement update;
  private final BatchStatement delete;
  private final Map<Instance, Live> live = new HashMap<>();
  private final Map<Instance, Long> dispatched = new LinkedHashMap<>();
  private final Set<Instance> changed = new LinkedHashSet<>();
  private long lastId;

  /// @param epoch the one that attempts are dispatched in
  AttemptTable(Connection connection, long epoch) throws SQLException {
    this.epoch = epoch;
    insert =
        new BatchStatement(
            connection,
            "INSERT INTO attempt"
                + " (id, job, task, ordinal, number, epoch, dispatch_time, start_time, body)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    update =
        new BatchStatement(connection, "UPDATE attempt SET start_time = ?, body = ? WHERE id = ?");
    delete = new BatchStatement(connection, "DELETE FROM attempt WHERE id = ?");
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(SELECT)) {
      while (rows.next()) {
        var instance = new Instance(rows.getInt(2), rows.getInt(3), rows.getInt(4));
        var attempt = attempt(rows);
        lastId = rows.getLong(1);
        live.put(
            instance, Live.of(lastId, attempt.number(), attempt.epoch(), attempt.placements()));
      }
    }
  }

  void dispatched(Event.AttemptDispatched event) {
    var instance = new Instance(event.job(), event.task(), event.ordinal());
    lastId++;
    live.put(instance, Live.of(lastId, event.number(), epoch, event.placements()));
    dispatched.put(instance, lastId);
  }

  void changed(int job, int task, int ordinal) {
    changed.add(new Instance(job, task, ordinal));
  }

  /// Takes the end of an attempt.
  ///
  /// @return what is to be recorded
  EndedLog.Entry ended(Event.AttemptEnded event) throws SQLException {
    var instance = new Instance(event.job(), event.task(), event.ordinal());
    var ended = Known.of(live.remove(instance));
    changed.remove(instance);
    if (dispatched.remove(instance) == null) {
      delete.add(ended.id);
    }
    return new EndedLog.Entry(
        event.ordinal(),
        ended.number,
        ended.epoch,
        event.state(),
        ended.leadNode,
        ended.cores,
        event.end());
  }

  void write(ClusterState state) throws SQLException {
    for (var entry : dispatched.entrySet()) {
      var instance = entry.getKey();
      var attempt = attempt(state, instance);
      insert.add(
          entry.getValue(),
          instance.job,
          instance.task,
          instance.ordinal,
          attempt.number(),
          attempt.id().epoch(),
          attempt.dispatchTime(),
          attempt.life().startTime(),
          body(attempt));
    }
    changed.removeAll(dispatched.keySet());
    for (var instance : changed) {
      var attempt = attempt(state, instance);
      update.add(attempt.life().startTime(), body(attempt), Known.of(live.get(instance)).id);
    }
    dispatched.clear();
    changed.clear();
    delete.execute();
    insert.execute();
    update.execute();
  }

  private static Attempt attempt(ClusterState state, Instance instance) {
    return Known.of(Known.job(state, instance.job).task(instance.task).live(instance.ordinal));
  }

  private static byte[] body(Attempt attempt) {
    var out = new PackedWriter().unsigned(attempt.rerunAfter());
    EventCodec.placements(out, attempt.placements());
    var life = attempt.life();
    if (life instanceof AttemptLife.Assigned) {
      out.unsigned(ASSIGNED);
    } else if (life instanceof AttemptLife.Recalled(var why)) {
      stop(out.unsigned(RECALLED), why);
    } else if (life.told().isPresent()) {
      stop(out.unsigned(TOLD), life.told().get());
    } else if (life instanceof AttemptLife.Closing) {
      out.unsigned(NOT_TOLD);
    }
    if (life instanceof AttemptLife.Closing(var startTime, var stop, var end, var left)) {
      EventCodec.end(out, end, 0);
      out.unsigned(left.size());
      left.forEach(out::unsigned);
    }
    return Block.plain(out.toBytes());
  }

  private static void stop(PackedWriter out, AttemptLife.Step.Stop stop) {
    out.unsigned(stop.reason().number()).text(stop.message()).flag(stop.force());
  }

  private static AttemptLife.Step.Stop stop(PackedReader in) {
    return new AttemptLife.Step.Stop(EndReason.ofNumber(in.count()), in.text(), in.flag());
  }

  /// All attempts, the oldest first, by job and task.
  static Map<Integer, Map<Integer, List<Stored.StoredAttempt>>> read(Connection connection)
      throws SQLException {
    var attempts = new HashMap<Integer, Map<Integer, List<Stored.StoredAttempt>>>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(SELECT)) {
      while (rows.next()) {
        attempts
            .computeIfAbsent(rows.getInt(2), job -> new HashMap<>())
            .computeIfAbsent(rows.getInt(3), task -> new ArrayList<>())
            .add(attempt(rows));
      }
    }
    return attempts;
  }

  private static Stored.StoredAttempt attempt(ResultSet row) throws SQLException {
    var startTime = row.getLong(8);
    var in = new PackedReader(Block.content(row.getBytes(9)));
    var rerunAfter = in.count();
    var placements = EventCodec.placements(in);
    return new Stored.StoredAttempt(
        row.getInt(4),
        row.getInt(5),
        row.getLong(6),
        placements,
        rerunAfter,
        row.getLong(7),
        life(in, startTime));
  }

  /// An attempt that is behind others or was told to end has that after its placements, and one
  /// that is closing more after that. One that is behind others as it was stored need not be any
  /// more: that follows from what else is stored.
  private static AttemptLife life(PackedReader in, long startTime) {
    if (in.isAtEnd()) {
      return startTime != 0 ? new AttemptLife.Running(startTime) : new AttemptLife.Dispatching();
    }
    var kind = in.count();
    if (kind == ASSIGNED) {
      return new AttemptLife.Assigned();
    }
    if (kind == RECALLED) {
      return new AttemptLife.Recalled(stop(in));
    }
    var stop = kind == TOLD ? Optional.of(stop(in)) : Optional.<AttemptLife.Step.Stop>empty();
    if (in.isAtEnd()) {
      return new AttemptLife.Stopping(startTime, stop.orElseThrow());
    }
    var end = EventCodec.end(in, 0);
    var left = new ArrayList<Integer>();
    for (var count = in.count(); count > 0; count--) {
      left.add(in.count());
    }
    return new AttemptLife.Closing(startTime, stop, end, left);
  }
}
