package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Stored;
import org.capataz.scheduler.state.Task;

/// Reads the jobs from their rows, one at a time: the tables that have many rows for a job are read
/// side by side, each in the order of its keys, and so need no memory. The draft of a job that is
/// at rest is left where it is.
final class StoredJobs implements Iterator<Stored.StoredJob> {

  /// Rows that are rather read than skipped by another query.
  private static final int FEW = 16;

  /// Reads one table, on a connection of its own.
  private static final class Cursor {
    private final Connection connection;
    private final PreparedStatement select;
    private ResultSet rows;
    private boolean isAtRow;

    /// @param select what of which table, of which the first column is the key `id`
    Cursor(Database database, String select) throws SQLException {
      connection = database.connect();
      database.stream(connection);
      this.select = connection.prepareStatement(select + " WHERE id >= ? ORDER BY id");
      rows = from(0);
      advance();
    }

    private ResultSet from(long key) throws SQLException {
      select.setLong(1, key);
      return select.executeQuery();
    }

    /// Goes to the next row; after the last, closes the connection.
    void advance() throws SQLException {
      isAtRow = rows.next();
      if (!isAtRow) {
        connection.close();
      }
    }

    /// Goes on to the rows of a job, where the key is one of [Keys], and says whether it is at one.
    boolean isAt(int job) throws SQLException {
      for (var skipped = 0; isBefore(job); skipped++) {
        if (skipped == FEW) {
          rows = from(Keys.of(job, 0));
        }
        advance();
      }
      return isAtRow && Keys.job(rows.getLong(1)) == job;
    }

    private boolean isBefore(int job) throws SQLException {
      return isAtRow && Keys.job(rows.getLong(1)) < job;
    }
  }

  private final Database database;
  private final IntFunction<JobDraft> written;
  private final Cursor jobs;
  private final Cursor drafts;
  private final Cursor checkpoints;
  private final Cursor ends;
  private final Map<Integer, List<Stored.StoredGrant>> grants;
  private final Map<Integer, Map<Integer, List<Stored.StoredAttempt>>> attempts;

  /// @param written reads a draft, later
  StoredJobs(Database database, IntFunction<JobDraft> written) throws SQLException {
    this.database = database;
    this.written = written;
    try (var connection = database.connect()) {
      grants = GrantTable.read(connection);
      attempts = AttemptTable.read(connection);
    }
    jobs = new Cursor(database, JobTable.SELECT);
    drafts = new Cursor(database, DraftTable.SELECT);
    checkpoints = new Cursor(database, "SELECT id, body FROM task_checkpoint");
    ends = new Cursor(database, "SELECT id, body FROM ended");
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
    var tasks = tasks(row.id());
    Map<UUID, Integer> additions = row.facts().revision() == 0 ? Map.of() : new HashMap<>();
    return new Stored.StoredJob(
        row.id(),
        row.requestId(),
        row.owner(),
        row.createTime(),
        isAtRest(row, tasks) ? () -> written.apply(row.id()) : draft(row, additions),
        row.name(),
        row.labels(),
        additions,
        row.life(),
        row.facts(),
        row.outline(),
        grants.getOrDefault(row.id(), List.of()),
        tasks);
  }

  /// Whether there is nothing to tell of it but its row.
  private static boolean isAtRest(JobTable.Row row, Map<Integer, Stored.StoredTask> tasks) {
    return row.outline() != null
        && row.life() instanceof JobLife.Queued
        && row.facts().revision() == 0
        && tasks.isEmpty();
  }

  private Supplier<JobDraft> draft(JobTable.Row row, Map<UUID, Integer> additions)
      throws SQLException {
    var parts = new ArrayList<DraftTable.Row>();
    for (; drafts.isAt(row.id()); drafts.advance()) {
      parts.add(DraftTable.row(drafts.rows));
    }
    var first = parts.getFirst().part();
    return parts.size() == 1 ? () -> first.get().on(JobDraft.EMPTY) : whole(row, parts, additions);
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
    var live = attempts.getOrDefault(job, Map.of());
    if (!checkpoints.isAt(job) && !ends.isAt(job) && live.isEmpty()) {
      return Map.of();
    }
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
