package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capataz.scheduler.event.Event;

/// Jobs as their owners wrote them: a row for the job, and one for each time that tasks were added
/// or something was changed.
final class DraftTable {

  static final String SELECT = "SELECT id, request_id, kind, body FROM job_draft ";

  private final PreparedStatement selectLast;
  private final BatchStatement insert;
  private final Map<Integer, Long> lastKeys = new HashMap<>();

  DraftTable(Connection connection) throws SQLException {
    selectLast =
        connection.prepareStatement("SELECT MAX(id) FROM job_draft WHERE id BETWEEN ? AND ?");
    insert =
        new BatchStatement(
            connection, "INSERT INTO job_draft (id, request_id, kind, body) VALUES (?, ?, ?, ?)");
  }

  void created(Event.JobCreated event) throws SQLException {
    add(Keys.of(event.job(), 0), new DraftPart.Written(event.requestId(), event.draft()));
    lastKeys.put(event.job(), Keys.of(event.job(), 0));
  }

  void extended(Event.TasksAdded event) throws SQLException {
    append(event.job(), new DraftPart.Added(event.requestId(), event.tasks()));
  }

  void modified(Event.JobModified event) throws SQLException {
    append(event.job(), new DraftPart.Changed(event.requestId(), event.change()));
  }

  private void append(int job, DraftPart part) throws SQLException {
    var last = lastKeys.get(job);
    var key = (last == null ? Keys.last(selectLast, job) : last) + 1;
    add(key, part);
    lastKeys.put(job, key);
  }

  private void add(long key, DraftPart part) throws SQLException {
    insert.add(key, part.requestId(), part.kind(), Block.plain(part.bytes()));
  }

  void write() throws SQLException {
    lastKeys.clear();
    insert.execute();
  }

  /// The parts of a job, in the order in which they were written.
  static List<DraftPart> read(Connection connection, int job) throws SQLException {
    try (var statement =
        connection.prepareStatement(SELECT + "WHERE id BETWEEN ? AND ? ORDER BY id")) {
      statement.setLong(1, Keys.of(job, 0));
      statement.setLong(2, Keys.of(job, Integer.MAX_VALUE));
      var parts = new ArrayList<DraftPart>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          parts.add(part(rows));
        }
      }
      return parts;
    }
  }

  /// The part in a row of [#SELECT].
  static DraftPart part(ResultSet row) throws SQLException {
    return DraftPart.of(
        row.getInt(3), row.getObject(2, UUID.class), Block.content(row.getBytes(4)));
  }
}
