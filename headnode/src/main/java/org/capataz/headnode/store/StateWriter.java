package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;

/// Writes what events changed, into rows that show the state after them, and the journal.
final class StateWriter {
  private final long epoch;
  private final PreparedStatement updateCluster;
  private final NodeTable nodes;
  private final JobTable jobs;
  private final DraftTable drafts;
  private final CheckpointTable checkpoints;
  private final GrantTable grants;
  private final AttemptTable attempts;
  private final EndedTable ended;
  private final JournalTable journal;
  private final SettingsTable settings;
  private final UsageTable usages;
  private final Deletions deletions;

  StateWriter(Connection connection, long epoch) throws SQLException {
    this.epoch = epoch;
    updateCluster =
        connection.prepareStatement(
            "UPDATE cluster SET last_job = ?, last_node = ?, last_grant = ?, last_order = ?,"
                + " last_sequence = ? WHERE id = 1 AND epoch = ?");
    nodes = new NodeTable(connection);
    jobs = new JobTable(connection);
    drafts = new DraftTable(connection);
    checkpoints = new CheckpointTable(connection);
    grants = new GrantTable(connection);
    attempts = new AttemptTable(connection, epoch);
    ended = new EndedTable(connection);
    journal = new JournalTable(connection);
    settings = new SettingsTable(connection);
    usages = new UsageTable(connection);
    deletions = new Deletions(connection);
  }

  /// @param events without passing ones
  /// @param records what the journal gets for them
  /// @throws StoreException if another head node has opened the store since
  void write(List<Event> events, List<JournalRecord> records, ClusterState state)
      throws SQLException {
    var firstSequence = records.getFirst().sequence();
    for (var event : events) {
      if (event instanceof Event.JobDeleted deleted) {
        deletions.deleted(deleted.job());
      }
    }
    for (var event : events) {
      if (!(event instanceof Event.OfJob ofJob && deletions.contains(ofJob.job()))) {
        note(event, firstSequence, state);
      }
    }
    nodes.write(state);
    jobs.write(state);
    drafts.write();
    checkpoints.write(state);
    grants.write();
    attempts.write(state);
    ended.write();
    settings.write();
    usages.write(state);
    deletions.write();
    journal.write(records);
    writeCluster(state, records.getLast().sequence());
  }

  private void note(Event event, long firstSequence, ClusterState state) throws SQLException {
    switch (event) {
      case Event.JobCreated created -> {
        jobs.created(created.job(), firstSequence);
        drafts.created(created);
      }
      case Event.TasksAdded added -> {
        jobs.changed(added.job());
        drafts.extended(added);
      }
      case Event.JobModified e -> {
        jobs.changed(e.job());
        drafts.modified(e);
        // It may be counted to another project now.
        usages.changed();
        // Where throttles were changed before, their rows say so.
        checkpoints.requeued(e.job());
      }
      case Event.JobConfigured e -> {
        jobs.changed(e.job());
        checkpoints.forget(e.job());
        ended.forget(e.job());
      }
      case Event.JobProgressed e -> jobs.changed(e.job());
      case Event.JobBlocked e -> jobs.changed(e.job());
      case Event.JobDeleted e -> {}
      case Event.ClusterParameterSet e -> {
        settings.set(e);
        if (e.parameter() == ClusterParameter.USAGE_HALF_LIFE) {
          usages.changed();
        }
      }
      case Event.ShareSet e -> settings.set(e.share());
      case Event.ShareDeleted e -> settings.delete(e.of());
      case Event.ClusterVariableSet e -> settings.set(e);
      case Event.TemplateSet e -> settings.set(e.template());
      case Event.TemplateDeleted e -> settings.delete(e.name());
      case Event.JobSubmitted e -> jobs.changed(e.job());
      case Event.JobStarted e -> {
        jobs.changed(e.job());
        if (Known.job(state, e.job()).requeues() == 0) {
          ended.starts(e.job());
        }
      }
      case Event.JobStopping e -> {
        jobs.changed(e.job());
        if (e.then() != JobState.QUEUED) {
          checkpoints.stopped(e.job());
        }
      }
      case Event.JobEnded e -> {
        jobs.changed(e.job());
        ended.over(e.job());
      }
      case Event.JobRequeued e -> {
        jobs.changed(e.job());
        checkpoints.requeued(e.job());
      }
      case Event.GrantOpened opened -> {
        grants.opened(opened);
        usages.changed(opened.job());
      }
      case Event.GrantResized resized -> {
        grants.resized(resized);
        usages.changed(resized.job());
      }
      case Event.GrantClosed closed -> {
        grants.closed(closed);
        usages.changed(closed.job());
      }
      case Event.GrantUsed used -> grants.used(used);
      case Event.GrantLost lost -> grants.lost(lost);
      case Event.AttemptDispatched dispatched -> {
        attempts.dispatched(dispatched);
        checkpoints.ran(dispatched.job(), dispatched.task());
      }
      case Event.AttemptStarted e -> attempts.changed(e.job(), e.task(), e.ordinal());
      case Event.AttemptStopping e -> attempts.changed(e.job(), e.task(), e.ordinal());
      case Event.AttemptRecalled e -> attempts.changed(e.job(), e.task(), e.ordinal());
      case Event.AttemptPartEnded e -> attempts.changed(e.job(), e.task(), e.ordinal());
      case Event.AttemptEnded e -> {
        ended.add(e.job(), e.task(), attempts.ended(e));
        checkpoints.ran(e.job(), e.task());
      }
      case Event.TaskSkipped e -> checkpoints.changed(e.job(), e.task());
      case Event.InstanceSkipped e -> checkpoints.changed(e.job(), e.task());
      case Event.TaskRequeued e -> checkpoints.changed(e.job(), e.task());
      case Event.InstanceRequeued e -> checkpoints.changed(e.job(), e.task());
      case Event.HoldChanged e -> jobs.changed(e.job());
      case Event.ThrottleChanged e -> checkpoints.changed(e.job(), e.task());
      case Event.ServicePaced e -> checkpoints.changed(e.job(), e.task());
      case Event.ClockSet set -> {
        state.running().forEach(job -> jobs.changed(job.id()));
        grants.setClock(set.by());
        usages.changed();
      }
      case Event.NodeRegistered registered -> nodes.registered(registered);
      case Event.NodeSwitched e -> nodes.switched(e.node());
      case Event.NodeReachability e ->
          throw new IllegalArgumentException("expected an event to store, but got " + e);
    }
  }

  /// Takes away some of the journal's oldest rows.
  ///
  /// @return whether there may be more
  boolean trimJournal(long sequence) throws SQLException {
    return deletions.trimJournal(sequence);
  }

  private void writeCluster(ClusterState state, long sequence) throws SQLException {
    updateCluster.setInt(1, state.nextJob() - 1);
    updateCluster.setInt(2, state.nextNode() - 1);
    updateCluster.setLong(3, state.nextGrant() - 1);
    updateCluster.setLong(4, state.nextOrder() - 1);
    updateCluster.setLong(5, sequence);
    updateCluster.setLong(6, epoch);
    if (updateCluster.executeUpdate() != 1) {
      throw StoreException.lasting(
          "expected the database for this head node alone, but another one has opened it since"
              + " epoch "
              + epoch
              + "; stop one of them",
          null);
    }
  }
}
