package org.capataz.scheduler.state;

import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.capataz.scheduler.life.JobLife;

/// The jobs that something may become of, filed so that a pass looks only at those that it can do
/// something about. Jobs stand in the order in which they may start or grow: priority first, then
/// the earlier place.
final class JobLists {

  private static final Comparator<Job> FIRST_COME = JobLists::firstCome;

  final NavigableSet<Job> queued = new TreeSet<>(FIRST_COME);
  final NavigableSet<Job> running = new TreeSet<>(FIRST_COME);

  /// Jobs that are to end, and may still hold something.
  final NavigableSet<Job> stopping = new TreeSet<>(FIRST_COME);

  /// Running jobs of which a task could start, had they the cores.
  final NavigableSet<Job> hungry = new TreeSet<>(FIRST_COME);

  /// Running jobs that hold more than their minimum.
  final NavigableSet<Job> wide = new TreeSet<>(FIRST_COME);

  /// Running jobs that have a run-time limit, the one that reaches it first leading.
  final NavigableSet<Job> limited;

  /// Jobs that hold something, the one that ends first leading, if all take as long as they may.
  final NavigableSet<Job> holding =
      new TreeSet<>(Comparator.comparingLong(ClusterState::end).thenComparingInt(Job::id));

  /// How many of them keep others from their nodes.
  int exclusive;

  /// Queued jobs that wait for a time, the one that it comes first for leading.
  final NavigableSet<Job> held =
      new TreeSet<>(Comparator.comparingLong(Job::holdUntil).thenComparingInt(Job::id));

  /// Running jobs whose service pauses, the one that goes on first leading.
  final NavigableSet<Job> paused =
      new TreeSet<>(Comparator.comparingLong(ClusterState::pausedUntil).thenComparingInt(Job::id));

  private long lastOrder;

  /// @param deadline when a running job's time is over
  JobLists(ToLongFunction<Job> deadline) {
    limited = new TreeSet<>(Comparator.comparingLong(deadline).thenComparingInt(Job::id));
  }

  private static int firstCome(Job one, Job other) {
    var byPriority = other.priority().compareTo(one.priority());
    var byOrder = byPriority == 0 ? Long.compare(order(one), order(other)) : byPriority;
    return byOrder == 0 ? Integer.compare(one.id(), other.id()) : byOrder;
  }

  private static long order(Job job) {
    return switch (job.life()) {
      case JobLife.Queued queued -> queued.order();
      case JobLife.Running running -> running.order();
      case JobLife.Configuring c -> 0;
      case JobLife.Stopping s -> 0;
      case JobLife.Ended e -> 0;
    };
  }

  /// The place after all that were given so far.
  long nextOrder() {
    return lastOrder + 1;
  }

  /// A job was given a place.
  void placed(long order) {
    lastOrder = Math.max(lastOrder, order);
  }

  /// To be called before a job's life changes, for its place depends on it.
  void remove(Job job) {
    queued.remove(job);
    running.remove(job);
    stopping.remove(job);
    if (holding.remove(job) && isExclusive(job)) {
      exclusive--;
    }
    hungry.remove(job);
    wide.remove(job);
    limited.remove(job);
    held.remove(job);
    paused.remove(job);
  }

  /// Files a job that is in no list.
  void add(Job job) {
    switch (job.life()) {
      case JobLife.Queued q -> {
        // What waits for its parents is found by them.
        if (job.isEligible()) {
          queued.add(job);
        } else if (job.unfinishedParents() == 0) {
          held.add(job);
        }
      }
      case JobLife.Running r -> {
        running.add(job);
        hold(job);
        if (job.spec().runtimeSeconds() > 0) {
          limited.add(job);
        }
        refile(job);
      }
      case JobLife.Configuring c -> {}
      case JobLife.Stopping s -> {
        stopping.add(job);
        hold(job);
      }
      case JobLife.Ended e -> {}
    }
  }

  private void hold(Job job) {
    holding.add(job);
    exclusive += isExclusive(job) ? 1 : 0;
  }

  private static boolean isExclusive(Job job) {
    return job.spec().resources().exclusive();
  }

  /// Files a job anew of which the tasks or the cores have changed, but not its life.
  void refile(Job job) {
    if (job.life() instanceof JobLife.Running) {
      file(job, hungry, !job.runnable().isEmpty());
      file(job, wide, job.surplus() > 0);
      file(job, paused, ClusterState.pausedUntil(job) != 0);
    }
  }

  /// Files anew the jobs that end some time, all of which get other deadlines by a change.
  void refile(Runnable change) {
    var jobs = List.copyOf(limited);
    var holders = List.copyOf(holding);
    limited.clear();
    holding.clear();
    change.run();
    limited.addAll(jobs);
    holding.addAll(holders);
  }

  private static void file(Job job, NavigableSet<Job> list, boolean belongs) {
    if (belongs) {
      list.add(job);
    } else {
      list.remove(job);
    }
  }
}
