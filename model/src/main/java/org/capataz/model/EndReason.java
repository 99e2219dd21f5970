package org.capataz.model;

/// Why an attempt ended, apart from what its process returned. The numbers are stored and sent and
/// never change.
public enum EndReason {
  /// The process ended by itself: exit code or signal tell how.
  EXITED(0),
  /// The process could not be started; the message says what was missing.
  START_FAILED(1),
  /// Ended by the node at the run-time limit of task or job.
  TIME_LIMIT(2),
  /// Ended because somebody canceled the task or the job.
  CANCELED(3),
  /// The node was stopped by its administrator and ended its tasks.
  NODE_STOPPED(4),
  /// The machine went away with the process.
  NODE_LOST(5),
  /// The process ran, but nobody was there to see how it ended.
  EXIT_STATUS_LOST(6),
  /// Never ran: a task that it depends on failed.
  PARENT_FAILED(7),
  /// Never ran: its job was ended before its turn came.
  JOB_ENDED(8),
  /// Ended by the node: it wrote more to an unnamed stream than the node can hold.
  OUTPUT_LIMIT(9),
  /// Ended by the node: it used more memory there than it may.
  OUT_OF_MEMORY(10),
  /// Never ran: as many instances of its sweep had failed as may.
  TOO_MANY_FAILURES(20),
  /// Ended because somebody said that it had done enough: it counts as Finished.
  TASK_FINISHED(21),
  /// Ended to run again, because somebody requeued it.
  REQUEUED(22),
  /// Never began: it was sent to its node ahead of its turn and taken back, which counts as no run.
  RECALLED(23);

  private final int number;

  EndReason(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /// Whether the cluster is to blame and not the task, so that a rerunnable task runs again.
  public boolean isInfrastructure() {
    return this == NODE_STOPPED || this == NODE_LOST || this == EXIT_STATUS_LOST;
  }

  /// Whether the node ended it for what it took of the node.
  public boolean isNodeLimit() {
    return this == OUTPUT_LIMIT || this == OUT_OF_MEMORY;
  }

  public static EndReason ofNumber(int number) {
    for (var reason : values()) {
      if (reason.number == number) {
        return reason;
      }
    }
    throw new IllegalArgumentException("end reason " + number);
  }
}
