package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.capataz.model.JobDraft;
import org.capataz.model.TaskDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.wire.Drafts;

/// Jobs as their owners wrote them: a row for the job, and one for each time that tasks were added,
/// as a job that has nothing but them.
final class DraftTable {
  private final PreparedStatement selectLast;
  private final BatchStatement insert;
  private final Map<Integer, Long> lastKeys = new HashMap<>();

  DraftTable(Connection connection) throws SQLException {
    selectLast =
        connection.prepareStatement("SELECT MAX(id) FROM job_draft WHERE id BETWEEN ? AND ?");
    insert =
        new BatchStatement(
            connection, "INSERT INTO job_draft (id, request_id, body) VALUES (?, ?, ?)");
  }

  void created(Event.JobCreated event) throws SQLException {
    add(Keys.of(event.job(), 0), event.requestId(), event.draft());
    lastKeys.put(event.job(), Keys.of(event.job(), 0));
  }

  void extended(Event.TasksAdded event) throws SQLException {
    var last = lastKeys.get(event.job());
    var key = (last == null ? Keys.last(selectLast, event.job()) : last) + 1;
    add(key, event.requestId(), JobDraft.EMPTY.withTasks(event.tasks()));
    lastKeys.put(event.job(), key);
  }

  private void add(long key, UUID requestId, JobDraft draft) throws SQLException {
    insert.add(key, requestId, Block.plain(Drafts.toBytes(draft)));
  }

  void write() throws SQLException {
    lastKeys.clear();
    insert.execute();
  }

  /// The parts of a job, in the order in which they were written.
  static List<JobDraft> read(Connection connection, int job) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT body FROM job_draft WHERE id BETWEEN ? AND ? ORDER BY id")) {
      statement.setLong(1, Keys.of(job, 0));
      statement.setLong(2, Keys.of(job, Integer.MAX_VALUE));
      var parts = new ArrayList<JobDraft>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          parts.add(part(rows.getBytes(1)));
        }
      }
      return parts;
    }
  }

  static JobDraft part(byte[] body) {
    return Drafts.ofBytes(Block.content(body));
  }

  /// The job that its parts make together.
  ///
  /// @throws NoSuchElementException if there is none
  static JobDraft whole(List<JobDraft> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    var tasks = new ArrayList<TaskDraft>();
    parts.forEach(part -> tasks.addAll(part.tasks()));
    return parts.getFirst().withTasks(tasks);
  }
}
