package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.GrantLife;
import org.capataz.scheduler.state.Stored;

/// What jobs hold, and the record of what they held.
final class GrantTable {

  private record Hold(int job, int node, long openTime, GrantLife.Usable life) {}

  private final BatchStatement insert;
  private final BatchStatement update;
  private final BatchStatement delete;
  private final BatchStatement insertUsage;

  /// All open grants: the state does not tell of one that was closed what it was.
  private final Map<Long, Hold> holds = new HashMap<>();

  private final Set<Long> opened = new LinkedHashSet<>();
  private final Set<Long> resized = new LinkedHashSet<>();

  GrantTable(Connection connection) throws SQLException {
    insert =
        new BatchStatement(
            connection,
            "INSERT INTO grant_hold"
                + " (id, job, node, open_time, resize_time, core_micros, memory_mb, parts)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    update =
        new BatchStatement(
            connection,
            "UPDATE grant_hold SET resize_time = ?, core_micros = ?, memory_mb = ?, parts = ?"
                + " WHERE id = ?");
    delete = new BatchStatement(connection, "DELETE FROM grant_hold WHERE id = ?");
    insertUsage =
        new BatchStatement(
            connection,
            "INSERT INTO grant_usage (id, job, node, open_time, close_time, core_micros)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    read(connection)
        .forEach(
            (job, grants) ->
                grants.forEach(
                    grant ->
                        holds.put(
                            grant.id(),
                            new Hold(job, grant.node(), grant.openTime(), grant.life()))));
  }

  void opened(Event.GrantOpened event) {
    var life = new GrantLife.Usable(event.parts(), event.memoryMb(), event.time(), 0);
    holds.put(event.grant(), new Hold(event.job(), event.node(), event.time(), life));
    opened.add(event.grant());
  }

  void resized(Event.GrantResized event) {
    var hold = Known.of(holds.get(event.grant()));
    var step = new GrantLife.Step.Resize(event.parts(), event.memoryMb(), event.time());
    var life = (GrantLife.Usable) hold.life.after(step);
    holds.put(event.grant(), new Hold(hold.job, hold.node, hold.openTime, life));
    resized.add(event.grant());
  }

  void closed(Event.GrantClosed event) throws SQLException {
    var id = event.grant();
    var hold = Known.of(holds.remove(id));
    resized.remove(id);
    if (!opened.remove(id)) {
      delete.add(id);
    }
    insertUsage.add(
        id, hold.job, hold.node, hold.openTime, event.time(), hold.life.coreMicrosAt(event.time()));
  }

  void write() throws SQLException {
    for (var id : opened) {
      var hold = Known.of(holds.get(id));
      insert.add(
          id,
          hold.job,
          hold.node,
          hold.openTime,
          hold.life.since(),
          hold.life.coreMicros(),
          hold.life.memoryMb(),
          parts(hold.life));
    }
    resized.removeAll(opened);
    for (var id : resized) {
      var life = Known.of(holds.get(id)).life;
      update.add(life.since(), life.coreMicros(), life.memoryMb(), parts(life), id);
    }
    opened.clear();
    resized.clear();
    delete.execute();
    insert.execute();
    update.execute();
    insertUsage.execute();
  }

  private static byte[] parts(GrantLife.Usable life) {
    return new PackedWriter().parts(life.parts()).toBytes();
  }

  /// The open grants by job, the oldest first.
  static Map<Integer, List<Stored.StoredGrant>> read(Connection connection) throws SQLException {
    var grants = new HashMap<Integer, List<Stored.StoredGrant>>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT id, job, node, open_time, resize_time, core_micros, memory_mb, parts"
                    + " FROM grant_hold ORDER BY id")) {
      while (rows.next()) {
        var parts = new PackedReader(rows.getBytes(8)).parts();
        var life = new GrantLife.Usable(parts, rows.getInt(7), rows.getLong(5), rows.getLong(6));
        grants
            .computeIfAbsent(rows.getInt(2), job -> new ArrayList<>())
            .add(new Stored.StoredGrant(rows.getLong(1), rows.getInt(3), rows.getLong(4), life));
      }
    }
    return grants;
  }
}
