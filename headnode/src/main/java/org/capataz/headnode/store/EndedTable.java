package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.scheduler.state.EndedLog;

/// The recorded ends of attempts. A job's latest row is written anew with each commit until it is
/// full, which costs little where rows are parts of larger pages, and is then compressed: a row for
/// each end would be larger than the end.
final class EndedTable {

  /// Bytes of content at which a row is full.
  private static final int FULL = 4096;

  /// Bytes of content from which it is worth to compress the last row of a job that has ended.
  private static final int WORTHWHILE = 512;

  /// A row that is not full.
  private static final class Open {
    private long id;
    private boolean stored;
    private final Map<Integer, List<EndedLog.Entry>> ends = new LinkedHashMap<>();

    Open(long id) {
      this.id = id;
    }
  }

  private final PreparedStatement selectLast;
  private final BatchStatement delete;
  private final BatchStatement insert;
  private final BatchStatement update;
  private final Map<Integer, Open> open = new HashMap<>();
  private final Set<Integer> changed = new LinkedHashSet<>();
  private final Set<Integer> over = new LinkedHashSet<>();
  private final Set<Integer> forgotten = new LinkedHashSet<>();

  EndedTable(Connection connection) throws SQLException {
    selectLast = connection.prepareStatement("SELECT MAX(id) FROM ended WHERE id BETWEEN ? AND ?");
    delete = new BatchStatement(connection, "DELETE FROM ended WHERE id BETWEEN ? AND ?");
    insert = new BatchStatement(connection, "INSERT INTO ended (body, id) VALUES (?, ?)");
    update = new BatchStatement(connection, "UPDATE ended SET body = ? WHERE id = ?");
  }

  /// A job starts of which nothing has run before.
  void starts(int job) {
    open.put(job, new Open(Keys.of(job, 1)));
  }

  void add(int job, int task, EndedLog.Entry entry) throws SQLException {
    var row = open.get(job);
    if (row == null) {
      row = new Open(Keys.last(selectLast, job) + 1);
      open.put(job, row);
    }
    row.ends.computeIfAbsent(task, number -> new ArrayList<>()).add(entry);
    changed.add(job);
  }

  /// Nothing more ends of this job.
  void over(int job) {
    over.add(job);
  }

  /// A job is Configuring again: of what has run of it, only the journal tells.
  void forget(int job) {
    open.put(job, new Open(Keys.of(job, 1)));
    changed.remove(job);
    over.remove(job);
    forgotten.add(job);
  }

  void write() throws SQLException {
    for (var job : forgotten) {
      delete.add(Keys.of(job, 0), Keys.of(job, Integer.MAX_VALUE));
    }
    changed.addAll(over);
    for (var job : changed) {
      var row = open.get(job);
      if (row != null && !row.ends.isEmpty()) {
        write(job, row, over.contains(job));
      }
    }
    open.keySet().removeAll(over);
    changed.clear();
    over.clear();
    forgotten.clear();
    delete.executeWhereFound();
    insert.execute();
    update.execute();
  }

  private void write(int job, Open row, boolean last) throws SQLException {
    var content = content(row);
    if (content.length >= (last ? WORTHWHILE : FULL)) {
      put(row, Block.compressed(content));
      open.put(job, new Open(row.id + 1));
    } else {
      put(row, Block.plain(content));
    }
  }

  private void put(Open row, byte[] body) throws SQLException {
    if (!row.stored) {
      insert.add(Block.room(), row.id);
    }
    update.add(body, row.id);
    row.stored = true;
  }

  private static byte[] content(Open row) {
    var out = new PackedWriter();
    row.ends.forEach((task, ends) -> out.unsigned(task).block(EndedLog.pack(ends)));
    return out.toBytes();
  }

  /// Adds the ends of one row to those of the rows before it, by task.
  static void read(byte[] body, Map<Integer, List<EndedLog.Entry>> ends) {
    var in = new PackedReader(Block.content(body));
    while (!in.isAtEnd()) {
      var log = ends.computeIfAbsent(in.count(), task -> new ArrayList<>());
      EndedLog.unpack(in.block(), log::add);
    }
  }
}
