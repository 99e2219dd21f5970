package org.capataz.headnode.view;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.capataz.headnode.store.JournalRecord;
import org.jspecify.annotations.Nullable;

/// The public notice board: jobs and nodes as of the last commit, and what was committed lately.
/// Written by the engine's thread, after each commit; read by all.
public final class Board {

  /// Records kept for watchers who are a little behind; who is further behind reads the store.
  private static final int RECENT = 8192;

  private final NavigableMap<Integer, JobView> jobs = new ConcurrentSkipListMap<>();
  private final NavigableMap<Integer, NodeView> nodes = new ConcurrentSkipListMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final NavigableMap<Long, JournalRecord> recent = new TreeMap<>();
  private long recentAfter;
  private long sequence;
  private boolean closed;

  /// The jobs by id.
  public NavigableMap<Integer, JobView> jobs() {
    return Collections.unmodifiableNavigableMap(jobs);
  }

  public @Nullable JobView job(int id) {
    return jobs.get(id);
  }

  public Collection<NodeView> nodes() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  public @Nullable NodeView node(int id) {
    return nodes.get(id);
  }

  /// The sequence number of the last commit that is shown.
  public long sequence() {
    lock.lock();
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Shows what a commit changed. Who sees any of it, and asks for [#sequence] then, gets a number
  /// that is no older.
  public void publish(
      Collection<JobView> changedJobs,
      Collection<NodeView> changedNodes,
      List<JournalRecord> records) {
    lock.lock();
    try {
      changedJobs.forEach(job -> jobs.put(job.id(), job));
      changedNodes.forEach(node -> nodes.put(node.id(), node));
      for (var commit : records) {
        recent.put(commit.sequence(), commit);
        sequence = commit.sequence();
      }
      while (recent.size() > RECENT) {
        recentAfter = recent.pollFirstEntry().getKey();
      }
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Shows jobs no longer.
  public void forget(Collection<Integer> deletedJobs) {
    deletedJobs.forEach(jobs::remove);
  }

  /// Starts over with all that there is, after the store was opened. What is shown was committed,
  /// and so is still there, unless it was deleted: it is shown anew, and never away.
  public void reset(Collection<JobView> allJobs, Collection<NodeView> allNodes, long from) {
    lock.lock();
    try {
      recent.clear();
      recentAfter = from;
      sequence = from;
      jobs.keySet().retainAll(allJobs.stream().map(JobView::id).collect(Collectors.toSet()));
      publish(allJobs, allNodes, List.of());
    } finally {
      lock.unlock();
    }
  }

  /// What was committed after a sequence number, oldest first, waiting until there is something.
  ///
  /// @param most records to return
  /// @return null if that is longer ago than is kept here: read the store
  /// @throws InterruptedException if the thread was interrupted, or the board closed
  public @Nullable List<JournalRecord> awaitAfter(long after, int most)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (sequence <= after && !closed) {
        news.await();
      }
      if (closed) {
        throw new InterruptedException("the head node stops");
      }
      if (after < recentAfter) {
        return null;
      }
      return recent.tailMap(after, false).values().stream().limit(most).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Lets all who wait go.
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
