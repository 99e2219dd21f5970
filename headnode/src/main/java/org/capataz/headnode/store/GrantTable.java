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

  /// @param life what is held, be it usable or not
  private record Hold(
      int job, int node, long openTime, GrantLife.Usable life, boolean used, boolean lost) {

    Hold with(GrantLife.Usable changed) {
      return new Hold(job, node, openTime, changed, used, lost);
    }
  }

  /// What is written behind the parts, if there is anything to say.
  private static final int USED = 1;

  private static final int LOST = 2;

  private final BatchStatement insert;
  private final BatchStatement update;
  private final BatchStatement delete;
  private final BatchStatement insertUsage;

  /// All open grants: the state does not tell of one that was closed what it was.
  private final Map<Long, Hold> holds = new HashMap<>();

  private final Set<Long> opened = new LinkedHashSet<>();
  private final Set<Long> changed = new LinkedHashSet<>();

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
                            new Hold(
                                job,
                                grant.node(),
                                grant.openTime(),
                                grant.life(),
                                grant.used(),
                                grant.lost()))));
  }

  void opened(Event.GrantOpened event) {
    var life = new GrantLife.Usable(event.parts(), event.memoryMb(), event.time(), 0);
    holds.put(event.grant(), new Hold(event.job(), event.node(), event.time(), life, false, false));
    opened.add(event.grant());
  }

  void resized(Event.GrantResized event) {
    var hold = Known.of(holds.get(event.grant()));
    var step = new GrantLife.Step.Resize(event.parts(), event.memoryMb(), event.time());
    var life = (GrantLife.Usable) hold.life.after(step);
    holds.put(event.grant(), hold.with(life));
    changed.add(event.grant());
  }

  void setClock(long by) {
    holds.replaceAll((_, hold) -> hold.with(hold.life.whenClockIsSet(by)));
    changed.addAll(holds.keySet());
  }

  void used(Event.GrantUsed event) {
    mark(event.grant(), true, false);
  }

  void lost(Event.GrantLost event) {
    mark(event.grant(), false, true);
  }

  private void mark(long grant, boolean used, boolean lost) {
    var hold = Known.of(holds.get(grant));
    holds.put(
        grant,
        new Hold(
            hold.job, hold.node, hold.openTime, hold.life, hold.used || used, hold.lost || lost));
    changed.add(grant);
  }

  void closed(Event.GrantClosed event) throws SQLException {
    var id = event.grant();
    var hold = Known.of(holds.remove(id));
    changed.remove(id);
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
          body(hold));
    }
    changed.removeAll(opened);
    for (var id : changed) {
      var hold = Known.of(holds.get(id));
      var life = hold.life;
      update.add(life.since(), life.coreMicros(), life.memoryMb(), body(hold), id);
    }
    opened.clear();
    changed.clear();
    delete.execute();
    insert.execute();
    update.execute();
    insertUsage.execute();
  }

  private static byte[] body(Hold hold) {
    var out = new PackedWriter().parts(hold.life.parts());
    var marks = (hold.used ? USED : 0) | (hold.lost ? LOST : 0);
    return (marks == 0 ? out : out.unsigned(marks)).toBytes();
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
        var body = new PackedReader(rows.getBytes(8));
        var parts = body.parts();
        var marks = body.isAtEnd() ? 0 : body.count();
        var life = new GrantLife.Usable(parts, rows.getInt(7), rows.getLong(5), rows.getLong(6));
        grants
            .computeIfAbsent(rows.getInt(2), job -> new ArrayList<>())
            .add(
                new Stored.StoredGrant(
                    rows.getLong(1),
                    rows.getInt(3),
                    rows.getLong(4),
                    life,
                    (marks & USED) != 0,
                    (marks & LOST) != 0));
      }
    }
    return grants;
  }
}
