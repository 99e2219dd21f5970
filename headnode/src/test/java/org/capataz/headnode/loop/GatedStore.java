package org.capataz.headnode.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.capataz.headnode.store.JournalRecord;
import org.capataz.headnode.store.Store;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Stored;

/// A store whose commits a test can hold up, or let fail.
final class GatedStore implements Store {

  /// What a commit that fails leaves behind: nobody but a store opened anew can tell.
  enum Failure {
    NOTHING_STORED,
    ALL_STORED
  }

  private final Store store;
  private final Switches switches;

  /// The switches of a store and of those that are opened after it.
  static final class Switches {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore permits = new Semaphore(0);
    private volatile boolean gated;
    private volatile List<Failure> failures = List.of();
    private volatile Runnable whenClosed = () -> {};

    /// Holds up the commits from now on.
    void hold() {
      gated = true;
    }

    /// Waits until a commit is held up.
    void awaitHeld() throws InterruptedException {
      begun.acquire();
    }

    /// Lets the commit that is held up go on, and all later ones.
    void letGo() {
      gated = false;
      permits.release();
    }

    /// Lets the next commit fail, once it is not held up any more.
    void fail(Failure failure) {
      failures = List.of(failure);
    }

    /// Has something done when the failed store is closed.
    void whenClosed(Runnable action) {
      whenClosed = action;
    }

    private void pass() {
      if (gated) {
        begun.release();
        permits.acquireUninterruptibly();
      }
    }
  }

  GatedStore(Store store, Switches switches) {
    this.store = store;
    this.switches = switches;
  }

  @Override
  public List<JournalRecord> commit(List<Event> events, ClusterState state) {
    switches.pass();
    var failures = switches.failures;
    switches.failures = List.of();
    if (failures.contains(Failure.NOTHING_STORED)) {
      throw new IllegalStateException("the disk is full");
    }
    var records = store.commit(events, state);
    if (failures.contains(Failure.ALL_STORED)) {
      throw new IllegalStateException("the disk did not answer");
    }
    return records;
  }

  @Override
  public UUID cluster() {
    return store.cluster();
  }

  @Override
  public String clusterName() {
    return store.clusterName();
  }

  @Override
  public long epoch() {
    return store.epoch();
  }

  @Override
  public Stored load() {
    return store.load();
  }

  @Override
  public boolean trimJournal() {
    return store.trimJournal();
  }

  @Override
  public JobDraft draft(int job) {
    return store.draft(job);
  }

  @Override
  public List<JournalRecord> journal(long afterSequence, int job, int limit) {
    return store.journal(afterSequence, job, limit);
  }

  @Override
  public long sequence() {
    return store.sequence();
  }

  @Override
  public Path copy() {
    return store.copy();
  }

  @Override
  public void close() {
    store.close();
    switches.whenClosed.run();
  }
}
