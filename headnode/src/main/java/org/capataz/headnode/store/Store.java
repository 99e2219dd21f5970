package org.capataz.headnode.store;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Stored;

/// Keeps the cluster's state as rows, and its past as a journal. [#load] and [#commit] belong to
/// the thread that owns the state; all else may be called from any thread, at any time, and holds
/// no commit up.
///
/// Every method throws [StoreException] if the database cannot be read or written.
public interface Store extends AutoCloseable {

  /// The cluster's identity, made with the database.
  UUID cluster();

  /// What people call the cluster.
  String clusterName();

  /// This opening of the store: higher than all before it, and durable since.
  long epoch();

  /// The state as of the last commit.
  Stored load();

  /// Makes events durable: when this returns, they survive a power cut, as rows and as journal.
  /// What is [Event.Passing] is left out.
  ///
  /// @param events in the order in which they were applied
  /// @param state the state after them
  /// @return the journal's new records, as [#journal] has them
  /// @throws StoreException if they could not be made durable. Then either all of them are stored
  ///   or none is, which only [#load] of a store opened anew can tell; this one takes no more
  ///   commits
  List<JournalRecord> commit(List<Event> events, ClusterState state);

  /// Takes away some of the journal's oldest records, as far as they tell only of what was before
  /// every job that there is. Belongs to the thread that commits.
  ///
  /// @return whether there may be more
  boolean trimJournal();

  /// A job as its owner wrote it, with the tasks that were added later.
  ///
  /// @throws java.util.NoSuchElementException if there is no such job
  JobDraft draft(int job);

  /// The journal after a record, oldest first.
  ///
  /// [Event.JobCreated] and [Event.TasksAdded] come without what was written, an empty draft and no
  /// tasks: [#draft] has it.
  ///
  /// @param afterSequence the last record that is known, 0 for none
  /// @param job whose records to read, 0 for those of all jobs and nodes
  /// @param limit the most records to read
  List<JournalRecord> journal(long afterSequence, int job, int limit);

  /// The sequence number of the last record committed, 0 if there is none.
  long sequence();

  /// Makes a copy of the database, as it is at some moment of the call, which [Backup] can open.
  /// Takes as long as the disk takes; commits go on meanwhile.
  ///
  /// @return a file that only this user may read, and that the caller deletes
  Path copy();

  /// Ends the use of the database, which then may be opened again. Nothing that was committed
  /// depends on it.
  @Override
  void close();
}
