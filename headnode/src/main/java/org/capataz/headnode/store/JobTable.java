package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.model.JobLabels;
import org.capataz.model.JobState;
import org.capataz.model.PendingReason;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.Unit;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Facts;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Outline;
import org.jspecify.annotations.Nullable;

/// The jobs, one row for each.
final class JobTable {

  /// What of a row changes during its job's life.
  private record Life(
      JobState state,
      int nextState,
      boolean forced,
      String message,
      long queueOrder,
      long submitTime,
      long startTime,
      long endTime) {

    static Life of(JobLife life) {
      var submitted = life.submitTime();
      var started = life.startTime();
      return switch (life) {
        case JobLife.Configuring c -> new Life(life.state(), 0, false, "", 0, 0, 0, 0);
        case JobLife.Queued queued ->
            new Life(life.state(), 0, false, "", queued.order(), submitted, 0, 0);
        case JobLife.Running running ->
            new Life(life.state(), 0, false, "", running.order(), submitted, started, 0);
        case JobLife.Stopping(var s, var t, var then, var message, var force) ->
            new Life(life.state(), then.flag(), force, message, 0, submitted, started, 0);
        case JobLife.Ended(var state, var s, var t, var ended, var message) ->
            new Life(state, 0, false, message, 0, submitted, started, ended);
      };
    }

    JobLife toLife() {
      if (nextState != 0) {
        return new JobLife.Stopping(
            submitTime, startTime, JobState.ofFlag(nextState), message, forced);
      }
      if (state.isEnd()) {
        return new JobLife.Ended(state, submitTime, startTime, endTime, message);
      }
      return switch (state) {
        case CONFIGURING -> new JobLife.Configuring();
        case QUEUED -> new JobLife.Queued(submitTime, queueOrder);
        case RUNNING -> new JobLife.Running(submitTime, queueOrder, startTime);
        default -> throw new IllegalStateException("expected no job to be " + state);
      };
    }
  }

  /// A job as its row has it.
  ///
  /// @param outline null if it would not suffice
  record Row(
      int id,
      String owner,
      String name,
      JobLabels labels,
      long createTime,
      Facts stored,
      JobLife life,
      @Nullable Outline outline) {

    /// @param revision how often the draft was changed, which other rows tell
    Facts facts(int revision) {
      return new Facts(
          stored.requeues(),
          revision,
          stored.attemptBase(),
          stored.progress(),
          stored.pending(),
          stored.hold());
    }
  }

  /// The columns that may change, in the order of [#changing].
  private static final List<String> CHANGING =
      List.of(
          "name",
          "project",
          "template",
          "priority",
          "requeues",
          "state",
          "next_state",
          "forced",
          "message",
          "queue_order",
          "submit_time",
          "start_time",
          "end_time",
          "attempt_base",
          "progress",
          "progress_message",
          "pending_reason",
          "pending_since",
          "pending_changes",
          "hold_until",
          "held_by_filter",
          "unit",
          "min_units",
          "max_units",
          "instances");

  private final BatchStatement insert;
  private final BatchStatement update;
  private final Map<Integer, Long> created = new LinkedHashMap<>();
  private final Set<Integer> changed = new LinkedHashSet<>();

  JobTable(Connection connection) throws SQLException {
    insert =
        new BatchStatement(
            connection,
            "INSERT INTO job ("
                + String.join(", ", CHANGING)
                + ", id, owner, create_time, sequence) VALUES ("
                + "?, ".repeat(CHANGING.size())
                + "?, ?, ?, ?)");
    update =
        new BatchStatement(
            connection, "UPDATE job SET " + String.join(" = ?, ", CHANGING) + " = ? WHERE id = ?");
  }

  /// @param sequence no record of the job is before it in the journal
  void created(int job, long sequence) {
    created.put(job, sequence);
  }

  void changed(int job) {
    changed.add(job);
  }

  void write(ClusterState state) throws SQLException {
    for (var entry : created.entrySet()) {
      var job = Known.job(state, entry.getKey());
      var row = changing(job);
      Collections.addAll(row, job.id(), job.owner(), job.createTime(), entry.getValue());
      insert.add(row.toArray());
    }
    changed.removeAll(created.keySet());
    for (var id : changed) {
      var row = changing(Known.job(state, id));
      row.add(id);
      update.add(row.toArray());
    }
    created.clear();
    changed.clear();
    insert.execute();
    update.execute();
  }

  private static List<@Nullable Object> changing(Job job) {
    var life = Life.of(job.life());
    var outline = job.outline();
    var values = new ArrayList<@Nullable Object>(CHANGING.size() + 4);
    Collections.addAll(
        values,
        job.name(),
        job.labels().project(),
        job.labels().template(),
        job.priority().value(),
        job.requeues(),
        life.state.flag(),
        life.nextState,
        life.forced,
        life.message,
        life.queueOrder,
        life.submitTime,
        life.startTime,
        life.endTime,
        job.attemptBase(),
        job.progress().percent(),
        job.progress().message(),
        job.pending().reason().number(),
        job.pending().since(),
        job.pending().changes(),
        job.hold().until(),
        job.hold().byFilter(),
        outline == null ? null : outline.unit().name(),
        outline == null ? null : outline.units().min(),
        outline == null ? null : outline.units().max(),
        outline == null ? null : outline.instances());
    return values;
  }

  static final String SELECT =
      "SELECT id, owner, create_time, requeues, state, next_state, message, queue_order,"
          + " submit_time, start_time, end_time, attempt_base, progress, progress_message,"
          + " pending_reason, pending_since, pending_changes, hold_until, forced,"
          + " held_by_filter, name, project, template, priority, unit, min_units, max_units,"
          + " instances"
          + " FROM job ORDER BY id";

  static Row read(ResultSet row) throws SQLException {
    var life =
        new Life(
            JobState.ofFlag(row.getInt(5)),
            row.getInt(6),
            row.getBoolean(19),
            row.getString(7),
            row.getLong(8),
            row.getLong(9),
            row.getLong(10),
            row.getLong(11));
    var progress = new Facts.Progress(row.getInt(13), row.getString(14));
    var pending =
        new Facts.Pending(PendingReason.ofNumber(row.getInt(15)), row.getLong(16), row.getInt(17));
    var hold = new Facts.Hold(row.getLong(18), row.getBoolean(20));
    return new Row(
        row.getInt(1),
        row.getString(2),
        row.getString(21),
        new JobLabels(row.getString(22), row.getString(23)),
        row.getLong(3),
        new Facts(row.getInt(4), 0, row.getInt(12), progress, pending, hold),
        life.toLife(),
        outline(row));
  }

  private static @Nullable Outline outline(ResultSet row) throws SQLException {
    var unit = row.getString(25);
    return unit == null
        ? null
        : new Outline(
            new Priority(row.getInt(24)),
            Unit.valueOf(unit),
            new Span(row.getInt(26), row.getInt(27)),
            row.getLong(28));
  }
}
