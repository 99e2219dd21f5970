package org.capataz.scheduler.state;

/// Counts the instances of the tasks that do a job's work, by what has become of them.
final class Tally {

  private int running;
  private long queued;
  private long finished;
  private long failed;
  private long canceled;

  static boolean isWork(Task task) {
    return !task.spec().kind().isForNodes();
  }

  /// Takes a task out of the counts before it changes.
  void remove(Task task) {
    count(task, -1);
  }

  /// Takes a task into the counts when it has changed.
  void add(Task task) {
    count(task, 1);
  }

  private void count(Task task, int sign) {
    if (!isWork(task)) {
      return;
    }
    if (!(task instanceof OpenTask)) {
      queued += (long) sign * (task.pending().size() + task.behind());
    }
    running += sign * (task.live().size() - task.behind());
    finished += (long) sign * task.finished();
    failed += (long) sign * task.failed();
    canceled += (long) sign * task.canceled();
  }

  /// Whether an instance has ended, be it without running.
  boolean hasEnds() {
    return finished + failed + canceled != 0;
  }

  Job.Counts counts() {
    return new Job.Counts(queued, running, finished, failed, canceled);
  }
}
