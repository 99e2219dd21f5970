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
import java.util.function.Supplier;
import org.capataz.scheduler.event.Event;
import org.jspecify.annotations.Nullable;

/// Jobs as their owners wrote them: a row for the job, and one for each time that tasks were added
/// or something was changed.
final class DraftTable {

  static final String SELECT = "SELECT id, request_id, kind, body FROM job_draft";

  /// A part as it is stored.
  ///
  /// @param part reads it, at each call
  record Row(@Nullable UUID requestId, Supplier<DraftPart> part) {}

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
    add(Keys.of(event.job(), 0), new DraftPart.Written(event.draft()));
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
        connection.prepareStatement(SELECT + " WHERE id BETWEEN ? AND ? ORDER BY id")) {
      statement.setLong(1, Keys.of(job, 0));
      statement.setLong(2, Keys.of(job, Integer.MAX_VALUE));
      var parts = new ArrayList<DraftPart>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          parts.add(row(rows).part().get());
        }
      }
      return parts;
    }
  }

  /// A row of [#SELECT].
  static Row row(ResultSet row) throws SQLException {
    var kind = row.getInt(3);
    var requestId = row.getObject(2, UUID.class);
    var block = row.getBytes(4);
    return new Row(requestId, () -> DraftPart.of(kind, requestId, Block.content(block)));
  }
}
