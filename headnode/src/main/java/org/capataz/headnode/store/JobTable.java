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
import java.util.UUID;
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
      long countsFrom,
      long endTime) {

    static Life of(JobLife life) {
      var submitted = life.submitTime();
      var started = life.startTime();
      return switch (life) {
        case JobLife.Configuring c -> new Life(life.state(), 0, false, "", 0, 0, 0, 0, 0);
        case JobLife.Queued queued ->
            new Life(life.state(), 0, false, "", queued.order(), submitted, 0, 0, 0);
        case JobLife.Running running ->
            new Life(
                life.state(),
                0,
                false,
                "",
                running.order(),
                submitted,
                started,
                running.countsFrom(),
                0);
        case JobLife.Stopping(var s, var t, var then, var message, var force) ->
            new Life(life.state(), then.flag(), force, message, 0, submitted, started, 0, 0);
        case JobLife.Ended(var state, var s, var t, var ended, var message) ->
            new Life(state, 0, false, message, 0, submitted, started, 0, ended);
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
        case RUNNING -> new JobLife.Running(submitTime, queueOrder, startTime, countsFrom);
        default -> throw new IllegalStateException("expected no job to be " + state);
      };
    }
  }

  /// A job as its row has it.
  ///
  /// @param outline null if it would not suffice
  record Row(
      int id,
      UUID requestId,
      String owner,
      String name,
      JobLabels labels,
      long createTime,
      Facts facts,
      JobLife life,
      @Nullable Outline outline) {}

  /// The columns that may change, in the order of [#changing]. What is of no use to somebody who
  /// looks into the database is packed into the last: a start reads all rows, and columns cost more
  /// than bytes.
  private static final List<String> CHANGING =
      List.of(
          "name",
          "project",
          "template",
          "priority",
          "state",
          "message",
          "submit_time",
          "start_time",
          "end_time",
          "body");

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
                + ", id, request_id, owner, create_time, sequence) VALUES ("
                + "?, ".repeat(CHANGING.size())
                + "?, ?, ?, ?, ?)");
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
      Collections.addAll(
          row, job.id(), job.requestId(), job.owner(), job.createTime(), entry.getValue());
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

  private static List<Object> changing(Job job) {
    var life = Life.of(job.life());
    var values = new ArrayList<Object>(CHANGING.size() + 5);
    Collections.addAll(
        values,
        job.name(),
        job.labels().project(),
        job.labels().template(),
        job.priority().value(),
        life.state.flag(),
        life.message,
        life.submitTime,
        life.startTime,
        life.endTime,
        body(job, life));
    return values;
  }

  private static byte[] body(Job job, Life life) {
    var facts = job.facts();
    var out =
        new PackedWriter()
            .unsigned(life.nextState)
            .flag(life.forced)
            .unsigned(life.queueOrder)
            .unsigned(life.countsFrom)
            .unsigned(facts.requeues())
            .unsigned(facts.revision())
            .unsigned(facts.attemptBase())
            .signed(facts.progress().percent())
            .text(facts.progress().message())
            .unsigned(facts.pending().reason().number())
            .unsigned(facts.pending().since())
            .unsigned(facts.pending().changes())
            .unsigned(facts.hold().until())
            .flag(facts.hold().byFilter());
    var outline = job.outline();
    out.flag(outline != null);
    if (outline != null) {
      out.text(outline.unit().name())
          .unsigned(outline.units().min())
          .unsigned(outline.units().max())
          .unsigned(outline.instances());
    }
    return out.toBytes();
  }

  static final String SELECT =
      "SELECT id, request_id, owner, create_time, name, project, template, priority, state,"
          + " message, submit_time, start_time, end_time, body FROM job";

  static Row read(ResultSet row) throws SQLException {
    var body = new PackedReader(row.getBytes(14));
    var nextState = body.count();
    var forced = body.flag();
    var queueOrder = body.unsigned();
    var countsFrom = body.unsigned();
    var life =
        new Life(
            JobState.ofFlag(row.getInt(9)),
            nextState,
            forced,
            row.getString(10),
            queueOrder,
            row.getLong(11),
            row.getLong(12),
            countsFrom,
            row.getLong(13));
    var facts =
        new Facts(
            body.count(),
            body.count(),
            body.count(),
            new Facts.Progress((int) body.signed(), body.text()),
            new Facts.Pending(PendingReason.ofNumber(body.count()), body.unsigned(), body.count()),
            new Facts.Hold(body.unsigned(), body.flag()));
    return new Row(
        row.getInt(1),
        row.getObject(2, UUID.class),
        row.getString(3),
        row.getString(5),
        new JobLabels(row.getString(6), row.getString(7)),
        row.getLong(4),
        facts,
        life.toLife(),
        body.flag() ? outline(new Priority(row.getInt(8)), body) : null);
  }

  private static Outline outline(Priority priority, PackedReader body) {
    return new Outline(
        priority, Unit.valueOf(body.text()), new Span(body.count(), body.count()), body.unsigned());
  }
}
