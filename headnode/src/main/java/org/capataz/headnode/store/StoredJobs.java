package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Supplier;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Stored;
import org.capataz.scheduler.state.Task;

/// Reads the jobs from their rows, one at a time: the tables that have many rows for a job are read
/// side by side, each in the order of its keys, and so need no memory.
final class StoredJobs implements Iterator<Stored.StoredJob> {

  /// Reads one table, on a connection of its own.
  private static final class Cursor {
    private final Connection connection;
    private final ResultSet rows;
    private boolean isAtRow;

    Cursor(Database database, String sql) throws SQLException {
      connection = database.connect();
      database.stream(connection);
      rows = connection.createStatement().executeQuery(sql);
      advance();
    }

    /// Goes to the next row; after the last, closes the connection.
    void advance() throws SQLException {
      isAtRow = rows.next();
      if (!isAtRow) {
        connection.close();
      }
    }

    /// Whether its row belongs to a job, where its first column is a key of [Keys].
    boolean isAt(int job) throws SQLException {
      return isAtRow && Keys.job(rows.getLong(1)) == job;
    }
  }

  private final Database database;
  private final Cursor jobs;
  private final Cursor drafts;
  private final Cursor checkpoints;
  private final Cursor ends;
  private final Map<Integer, List<Stored.StoredGrant>> grants;
  private final Map<Integer, Map<Integer, List<Stored.StoredAttempt>>> attempts;

  StoredJobs(Database database) throws SQLException {
    this.database = database;
    try (var connection = database.connect()) {
      grants = GrantTable.read(connection);
      attempts = AttemptTable.read(connection);
    }
    jobs = new Cursor(database, JobTable.SELECT);
    drafts = new Cursor(database, DraftTable.SELECT + "ORDER BY id");
    checkpoints = new Cursor(database, "SELECT id, body FROM task_checkpoint ORDER BY id");
    ends = new Cursor(database, "SELECT id, body FROM ended ORDER BY id");
  }

  @Override
  public boolean hasNext() {
    return jobs.isAtRow;
  }

  @Override
  public Stored.StoredJob next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      var row = JobTable.read(jobs.rows);
      jobs.advance();
      return job(row);
    } catch (SQLException failure) {
      throw database.explain(failure);
    }
  }

  private Stored.StoredJob job(JobTable.Row row) throws SQLException {
    var parts = new ArrayList<DraftTable.Row>();
    for (; drafts.isAt(row.id()); drafts.advance()) {
      parts.add(DraftTable.row(drafts.rows));
    }
    var first = parts.getFirst();
    var additions = new HashMap<UUID, Integer>();
    return new Stored.StoredJob(
        row.id(),
        Known.of(first.requestId()),
        row.owner(),
        row.createTime(),
        parts.size() == 1
            ? () -> first.part().get().on(JobDraft.EMPTY)
            : whole(row, parts, additions),
        row.name(),
        row.labels(),
        additions,
        row.life(),
        row.facts(parts.size() - 1),
        row.outline(),
        grants.getOrDefault(row.id(), List.of()),
        tasks(row.id()));
  }

  /// @param additions is given the requests that wrote the parts after the first
  private static Supplier<JobDraft> whole(
      JobTable.Row row, List<DraftTable.Row> parts, Map<UUID, Integer> additions) {
    var draft = parts.getFirst().part().get().on(JobDraft.EMPTY);
    for (var later : parts.subList(1, parts.size())) {
      var part = later.part().get();
      if (later.requestId() != null) {
        additions.put(
            later.requestId(),
            part instanceof DraftPart.Added ? draft.tasks().size() + 1 : row.id());
      }
      draft = part.on(draft);
    }
    var whole = draft;
    return () -> whole;
  }

  private Map<Integer, Stored.StoredTask> tasks(int job) throws SQLException {
    var taskCheckpoints = new HashMap<Integer, Task.Checkpoint>();
    for (; checkpoints.isAt(job); checkpoints.advance()) {
      taskCheckpoints.put(
          Keys.number(checkpoints.rows.getLong(1)),
          CheckpointTable.checkpoint(Block.content(checkpoints.rows.getBytes(2))));
    }
    var logs = new HashMap<Integer, List<EndedLog.Entry>>();
    for (; ends.isAt(job); ends.advance()) {
      EndedTable.read(ends.rows.getBytes(2), logs);
    }
    var live = attempts.getOrDefault(job, Map.of());
    if (taskCheckpoints.isEmpty() && logs.isEmpty() && live.isEmpty()) {
      return Map.of();
    }
    var touched = new HashMap<Integer, Stored.StoredTask>();
    for (var numbers : List.of(taskCheckpoints.keySet(), logs.keySet(), live.keySet())) {
      for (var number : numbers) {
        touched.computeIfAbsent(
            number,
            task ->
                new Stored.StoredTask(
                    taskCheckpoints.get(task),
                    logs.getOrDefault(task, List.of()),
                    live.getOrDefault(task, List.of())));
      }
    }
    return touched;
  }
}
