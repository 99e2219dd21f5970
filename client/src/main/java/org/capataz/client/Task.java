package org.capataz.client;

import java.util.OptionalLong;

/// A task of a job, or one instance of it, to be decided on. It holds nothing but the numbers:
/// every method asks the head node, and may throw [CapatazException].
///
/// ```java
/// job.openTask(2).cancel("wrong input");
/// job.openInstance(2, 40).requeue("");
/// ```
public interface Task {

  /// The job's id.
  int job();

  /// Its number in the job, from 1.
  int number();

  /// The index of the instance; empty for the task as a whole.
  OptionalLong instance();

  /// Cancels what has not ended: what runs fails, with the message; what waits is canceled.
  ///
  /// @param message why, for those who ask later; may be empty
  /// @return the task as a whole, as it is then
  default TaskStatus cancel(String message) {
    return cancel(Ending.USUAL, message);
  }

  TaskStatus cancel(Ending ending, String message);

  /// Ends what runs, which then counts as Finished; what waits is canceled.
  TaskStatus finish(String message);

  /// Runs what failed or was canceled again, and what runs from its start. The job has to be
  /// Running, and the task rerunnable.
  TaskStatus requeue(String message);

  /// Lets another number of the sweep's instances run at once.
  ///
  /// @param maxRunning 0 for no limit
  void throttle(int maxRunning);
}
