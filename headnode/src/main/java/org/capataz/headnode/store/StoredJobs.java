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
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
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
    drafts = new Cursor(database, "SELECT id, request_id, body FROM job_draft ORDER BY id");
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
    var parts = new ArrayList<JobDraft>();
    var requests = new ArrayList<UUID>();
    for (; drafts.isAt(row.id()); drafts.advance()) {
      requests.add(drafts.rows.getObject(2, UUID.class));
      parts.add(DraftTable.part(drafts.rows.getBytes(3)));
    }
    var additions = new HashMap<UUID, Integer>();
    var tasks = parts.getFirst().tasks().size();
    for (var part = 1; part < parts.size(); part++) {
      additions.put(requests.get(part), tasks + 1);
      tasks += parts.get(part).tasks().size();
    }
    return new Stored.StoredJob(
        new Event.JobCreated(
            row.id(), requests.getFirst(), row.owner(), DraftTable.whole(parts), row.createTime()),
        additions,
        row.life(),
        row.requeues(),
        row.formerAttempts(),
        row.holdUntil(),
        grants.getOrDefault(row.id(), List.of()),
        tasks(row.id()));
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
