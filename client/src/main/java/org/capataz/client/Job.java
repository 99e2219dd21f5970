package org.capataz.client;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;

/// A job on the cluster. It holds nothing but the id: every method asks the head node, and may
/// throw [CapatazException].
public interface Job {

  int id();

  /// How the job is now.
  JobStatus status();

  /// The job as it was written, with all tasks.
  JobDraft draft();

  /// Adds tasks to a job that is Configuring or Running.
  ///
  /// @return the number of the first one; the others follow it
  int addTasks(List<TaskDraft> tasks);

  /// Puts a Configuring job into the queue.
  JobStatus submit();

  /// Changes what the job's state allows to change: everything while it is Configuring or Queued,
  /// where it keeps its place unless its priority changes, and what [JobProperty#changes] and
  /// [TaskProperty#changes] say while it is Running. A job that has ended is Configuring again, and
  /// [#submit] runs all of it anew.
  ///
  /// ```java
  /// job.modify(JobChange.of(JobProperty.PRIORITY, "Highest"));
  /// ```
  JobStatus modify(JobChange change);

  /// Says how far the job is. From then on this no longer follows from its tasks.
  ///
  /// @param percent 0 to 100; empty to leave it
  /// @param message at most 80 characters; empty to leave it
  JobStatus progress(OptionalInt percent, Optional<String> message);

  /// Ends the job; running tasks are told to stop, and then killed. It has ended when its state
  /// says so, see [#await()].
  ///
  /// @param message why, for those who ask later; may be empty
  default JobStatus cancel(String message) {
    return cancel(Ending.USUAL, message);
  }

  /// Ends the job as Canceled.
  ///
  /// @param ending what becomes of what runs
  /// @param message why, for those who ask later; may be empty
  JobStatus cancel(Ending ending, String message);

  /// Ends a Running job as Finished: what has not run is dropped, running tasks are told to stop.
  default JobStatus finish(String message) {
    return finish(Ending.USUAL, message);
  }

  /// Ends a Running job as Finished: what has not run is dropped.
  ///
  /// @param ending what becomes of what runs
  JobStatus finish(Ending ending, String message);

  /// Queues a job again: what finished keeps its result. What runs is stopped first.
  JobStatus requeue(Requeue which);

  /// Takes a Queued, Failed or Canceled job back to Configuring. When it is submitted again, all of
  /// it runs, whatever came of it before.
  JobStatus configure();

  /// Lets another number of instances of each of the job's sweeps run at once.
  ///
  /// @param maxRunning 0 for no limit
  JobStatus throttle(int maxRunning);

  /// Lets a Queued job wait until a time, at most a year ahead.
  JobStatus holdUntil(Instant time);

  /// Lets a job that is held start as soon as it can.
  JobStatus release();

  /// A task, to decide on. The head node is not asked: whether there is one shows at the first use.
  Task openTask(int task);

  /// One instance of a task, to decide on.
  ///
  /// @param instance the sweep index, 0 for a basic task
  Task openInstance(int task, long instance);

  /// The job's tasks in order, fetched page by page as the stream is read.
  Stream<TaskStatus> tasks();

  /// One task of the job and what was written for it.
  TaskDetail task(int task);

  /// The instances of one task that are in one of these states, or all for no state; fetched page
  /// by page as the stream is read.
  Stream<InstanceStatus> instances(int task, Set<TaskState> states);

  /// The instances of all tasks that are in one of these states, of which at least one is needed.
  Stream<InstanceStatus> instances(Set<TaskState> states);

  /// One instance of a task.
  ///
  /// @param instance the sweep index, 0 for a basic task
  InstanceStatus instance(int task, long instance);

  /// Why the job is not running.
  Explanation explain();

  /// What has happened to the job, oldest first, fetched page by page as the stream is read.
  Stream<HistoryEntry> history();

  /// What happens to the job.
  Watch watch(WatchOptions options);

  /// Waits until the job has ended, through restarts of the head node.
  ///
  /// @return the job as it ended
  JobStatus await() throws InterruptedException;

  /// Waits until the job has ended, through restarts of the head node, but no longer than this.
  ///
  /// @return the job as it ended; empty if it has not
  Optional<JobStatus> await(Duration timeout) throws InterruptedException;

  /// The job as it will have ended, for programs that go on meanwhile; a virtual thread of its own
  /// waits as [#await()] does. Canceling the future ends the waiting, and not the job.
  ///
  /// ```java
  /// job.ended().thenAccept(end -> System.out.println(end.state()));
  /// ```
  default CompletableFuture<JobStatus> ended() {
    var end = new CompletableFuture<JobStatus>();
    var waiting =
        Thread.startVirtualThread(
            () -> {
              try {
                end.complete(await());
              } catch (InterruptedException | RuntimeException failure) {
                end.completeExceptionally(failure);
              }
            });
    var _ = end.whenComplete((status, failure) -> waiting.interrupt());
    return end;
  }

  /// What an instance has written so far, from wherever it runs or ran. An error while reading is
  /// an [java.io.IOException] with a [CapatazException] as its cause.
  ///
  /// @param instance the sweep index, 0 for a basic task
  /// @param missing told, by whoever reads, of what was not kept, and so does not come
  InputStream output(
      int task, long instance, StandardStream stream, Consumer<MissingOutput> missing);

  /// The same, for who does not ask whether it is complete.
  default InputStream output(int task, long instance, StandardStream stream) {
    return output(task, instance, stream, _ -> {});
  }

  /// What an instance writes, as it writes it: waits for its start, and ends when it has ended.
  ///
  /// @param instance the sweep index, 0 for a basic task
  /// @param missing told, by whoever reads, of what was not kept, and so does not come
  InputStream follow(
      int task, long instance, StandardStream stream, Consumer<MissingOutput> missing);

  /// The same, for who does not ask whether it is complete.
  default InputStream follow(int task, long instance, StandardStream stream) {
    return follow(task, instance, stream, _ -> {});
  }
}
