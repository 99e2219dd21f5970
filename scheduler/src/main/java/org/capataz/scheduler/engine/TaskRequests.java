package org.capataz.scheduler.engine;

import java.util.List;
import java.util.function.Consumer;
import org.capataz.model.EndReason;
import org.capataz.model.Limits;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Task;

/// Carries out what people ask for about single tasks: each request all of it or, if refused,
/// nothing.
final class TaskRequests {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final JobProgress progress;

  TaskRequests(ClusterState state, Consumer<Event> emit, JobProgress progress) {
    this.state = state;
    this.emit = emit;
    this.progress = progress;
  }

  /// The instances that a request is about.
  ///
  /// @param ordinal of the only one, or -1 for all
  private record Found(Job job, Task task, int ordinal) {

    /// What it is, as a whole.
    TaskState state() {
      return ordinal < 0 ? task.state() : task.state(ordinal);
    }

    List<Attempt> live() {
      var only = task.live(ordinal);
      return ordinal < 0 ? List.copyOf(task.live()) : only == null ? List.of() : List.of(only);
    }

    /// Whether something of it runs, and does not only wait for its turn on a node.
    boolean runs() {
      return live().stream().anyMatch(attempt -> !attempt.isBehind());
    }

    boolean isAnyPending() {
      return ordinal < 0 ? !task.pending().isEmpty() : task.pending().contains(ordinal);
    }

    /// Whether it is a service as a whole that goes on, be it that nothing of it runs just now.
    boolean isService() {
      return ordinal < 0 && task instanceof OpenTask open && open.goesOn();
    }
  }

  Result<Integer> cancel(
      Command.Target target, Command.Manner manner, Command.Author author, long now) {
    return active(target.job())
        .then(job -> find(job, target))
        .then(
            found -> {
              if (found.live().isEmpty() && !found.isAnyPending()) {
                return found.state() == TaskState.CANCELED
                    ? Result.ok(target.job())
                    : wrongState(
                        found.task.spec().kind().isForNodes()
                            ? "a Running task to cancel"
                            : "a task that has not ended",
                        target,
                        found);
              }
              cancel(found, manner, author.did("canceled"), now);
              return Result.ok(target.job());
            });
  }

  private void cancel(Found found, Command.Manner manner, String why, long now) {
    drop(found, TaskState.CANCELED, EndReason.CANCELED, why, now);
    for (var attempt : found.live()) {
      if (manner == Command.Manner.GRACEFUL && attempt.isBehind()) {
        progress.backlog().recall(attempt, EndReason.JOB_ENDED, why, false, now);
      } else if (manner != Command.Manner.GRACEFUL) {
        progress.stop(attempt, EndReason.CANCELED, why, manner == Command.Manner.FORCED, now);
      }
    }
    progress.canceled(found.job, found.task, now);
  }

  /// Ends what waits without running it.
  private void drop(Found found, TaskState as, EndReason reason, String why, long now) {
    if (!found.isAnyPending()) {
      return;
    }
    var job = found.job.id();
    var task = found.task.number();
    emit.accept(
        found.ordinal < 0
            ? new Event.TaskSkipped(job, task, as, reason, why, now)
            : new Event.InstanceSkipped(job, task, found.ordinal, as, reason, why, now));
  }

  Result<Integer> finish(Command.Target target, Command.Author author, long now) {
    return active(target.job())
        .then(job -> find(job, target))
        .then(
            found -> {
              if (!found.runs() && !(found.isService() && found.state() == TaskState.RUNNING)) {
                return wrongState("a Running task to finish", target, found);
              }
              var why = author.did("finished");
              if (found.isService()) {
                drop(found, TaskState.FINISHED, EndReason.TASK_FINISHED, why, now);
              } else {
                drop(found, TaskState.CANCELED, EndReason.CANCELED, why, now);
              }
              for (var attempt : found.live()) {
                progress.stop(attempt, EndReason.TASK_FINISHED, why, false, now);
              }
              return Result.ok(target.job());
            });
  }

  Result<Integer> requeue(Command.Target target, Command.Author author, long now) {
    return active(target.job())
        .then(
            job ->
                job.life() instanceof JobLife.Running
                    ? find(job, target)
                    : Result.refused(
                        Refusal.wrongState(
                            "expected a Running job to requeue a task of, but job "
                                + job.id()
                                + " is "
                                + job.life().state())))
        .then(found -> requeue(found, target, author.did("requeued"), now));
  }

  private Result<Integer> requeue(Found found, Command.Target target, String why, long now) {
    var task = found.task;
    if (task.spec().kind().isOpen()) {
      return Result.refused(
          Refusal.wrongState(
              "expected a Basic or ParametricSweep task to requeue, but task "
                  + target
                  + " is of type "
                  + task.spec().kind()
                  + ", of which every instance runs once"));
    }
    if (!task.spec().rerunnable()) {
      return Result.refused(
          Refusal.wrongState(
              "expected a task that may run again, but task " + target + " is not rerunnable"));
    }
    var isOver =
        found.ordinal < 0
            ? task.failed() + task.canceled() > 0
            : found.state() == TaskState.FAILED || found.state() == TaskState.CANCELED;
    if (!isOver && !found.runs()) {
      return wrongState("a Running, Failed or Canceled task to requeue", target, found);
    }
    for (var attempt : found.live()) {
      progress.stop(attempt, EndReason.REQUEUED, why, false, now);
    }
    if (isOver) {
      emit.accept(
          found.ordinal < 0
              ? new Event.TaskRequeued(found.job.id(), task.number(), now)
              : new Event.InstanceRequeued(found.job.id(), task.number(), found.ordinal, now));
    }
    return Result.ok(found.job.id());
  }

  private static Result<Integer> wrongState(String expected, Command.Target target, Found found) {
    return Result.refused(
        Refusal.wrongState(
            "expected " + expected + ", but task " + target + " is " + found.state()));
  }

  private static Result<Found> find(Job job, Command.Target target) {
    return task(job, target.task())
        .then(
            task -> {
              if (target.instance().isEmpty()) {
                return Result.ok(new Found(job, task, -1));
              }
              var ordinal = task.spec().sweep().ordinal(target.instance().getAsLong());
              return ordinal >= 0 && !(task instanceof OpenTask open && !open.knows(ordinal))
                  ? Result.ok(new Found(job, task, ordinal))
                  : Result.refused(
                      Refusal.notFound(
                          "expected an instance of task "
                              + job.id()
                              + "."
                              + target.task()
                              + ", but it has no instance "
                              + target.instance().getAsLong()));
            });
  }

  Result<Integer> throttle(int id, int number, int maxRunning, long now) {
    if (maxRunning < 0 || maxRunning > Limits.INSTANCES) {
      return Result.invalid(
          "expected 1 to " + Limits.INSTANCES + " instances at once, or 0, but got " + maxRunning);
    }
    return active(id)
        .then(
            job -> number == 0 ? Result.ok(job.tasks()) : task(job, number).then(TaskRequests::one))
        .then(
            tasks -> {
              var sweeps = tasks.stream().filter(task -> task.spec().isSweep()).toList();
              if (sweeps.isEmpty()) {
                return Result.invalid(
                    number == 0
                        ? "expected a job with a sweep, but job " + id + " has none"
                        : "expected a sweep, but task " + id + "." + number + " is none");
              }
              for (var task : sweeps) {
                if (task.maxRunning() != maxRunning) {
                  emit.accept(new Event.ThrottleChanged(id, task.number(), maxRunning, now));
                }
              }
              return Result.ok(id);
            });
  }

  private static Result<List<Task>> one(Task task) {
    return Result.ok(List.of(task));
  }

  /// The job of that id, if it is queued or running.
  private Result<Job> active(int id) {
    var job = state.job(id);
    if (job == null) {
      return Result.refused(JobRequests.unknown(id));
    }
    return job.life() instanceof JobLife.Queued || job.life() instanceof JobLife.Running
        ? Result.ok(job)
        : Result.refused(
            Refusal.wrongState(
                "expected a Queued or Running job, but job " + id + " is " + job.life().state()));
  }

  private static Result<Task> task(Job job, int number) {
    return number >= 1 && number <= job.tasks().size()
        ? Result.ok(job.task(number))
        : Result.refused(
            Refusal.notFound(
                "expected a task of job " + job.id() + ", but it has no task " + number));
  }
}
