package org.capataz.scheduler.engine;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Task;

/// What the end of a run makes of its instance, and what that means for the rest of its task and
/// job.
final class Consequences {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final JobProgress progress;

  Consequences(ClusterState state, Consumer<Event> emit, JobProgress progress) {
    this.state = state;
    this.emit = emit;
    this.progress = progress;
  }

  /// An end with the reason and words of who asked for it: the node may have been told of an
  /// earlier request.
  static AttemptEnd recorded(Attempt attempt, AttemptEnd end) {
    return end.reason() != EndReason.CANCELED
        ? end
        : attempt
            .life()
            .told()
            .map(stop -> end.withReason(stop.reason(), stop.message()))
            .orElse(end);
  }

  /// What an instance is after the end of its live attempt.
  TaskState stateAfter(Job job, Task task, Attempt attempt, AttemptEnd end) {
    var rules = task.spec().rules();
    if (end.reason() == EndReason.RECALLED) {
      return TaskState.QUEUED;
    }
    if (end.isSuccess(rules.validExitCodes())) {
      return TaskState.FINISHED;
    }
    var stop = attempt.life().told();
    if (stop.isPresent()) {
      return stateAfter(job, stop.get().reason());
    }
    var former = task.former(attempt.ordinal());
    var again =
        end.reason().isInfrastructure()
            ? former.losses() < state.settings().number(ClusterParameter.TASK_RETRY_COUNT)
            : end.reason() == EndReason.EXITED && former.failures() < rules.retries();
    return again
            && !task.spec().kind().isOpen()
            && task.spec().rerunnable()
            && job.life() instanceof JobLife.Running
        ? TaskState.QUEUED
        : TaskState.FAILED;
  }

  /// What becomes of an instance that was told to stop and did not finish by itself.
  private static TaskState stateAfter(Job job, EndReason reason) {
    return switch (reason) {
      case TASK_FINISHED -> TaskState.FINISHED;
      case REQUEUED -> job.life() instanceof JobLife.Running ? TaskState.QUEUED : TaskState.FAILED;
      default -> TaskState.FAILED;
    };
  }

  /// Fails what depends on a task of which instances were canceled, if the job wants that.
  void canceled(Job job, Task task, long now) {
    if (job.spec().failureRule().failsDependents()) {
      failDependents(job, task, " was canceled", now);
    }
  }

  /// Lets the rest of the job feel that an instance of one of its tasks has failed, or waits again.
  void follow(Job job, Task task, TaskState next, long now) {
    if (next == TaskState.FAILED) {
      failed(job, task, now);
    }
    var most = task.spec().rules().maxFailures();
    if (most > 0
        && task.failed() >= most
        && !task.pending().isEmpty()
        && job.life() instanceof JobLife.Running) {
      emit.accept(
          new Event.TaskSkipped(
              job.id(),
              task.number(),
              TaskState.CANCELED,
              EndReason.TOO_MANY_FAILURES,
              "not run because " + task.failed() + " others failed",
              now));
    }
  }

  private void failed(Job job, Task task, long now) {
    var rule = job.spec().failureRule();
    if (rule.failsJob() || isCritical(task)) {
      failJob(job, task, now);
    } else if (rule.failsDependents() && task.failed() == 1) {
      failDependents(job, task, " failed", now);
    }
  }

  /// Whether as many of its instances have failed as fail the job.
  private static boolean isCritical(Task task) {
    var count = task.spec().rules().failsJobAfter();
    return count > 0 && task.failed() >= count;
  }

  private void failJob(Job job, Task task, long now) {
    var failed = task.failed() > 1 ? " failed " + task.failed() + " times" : " failed";
    progress.stop(job, JobState.FAILED, task.spec().title() + failed, now);
  }

  private void failDependents(Job job, Task first, String fate, long now) {
    var failed = new ArrayDeque<Task>();
    failed.add(first);
    while (!failed.isEmpty()) {
      var parent = failed.remove();
      for (var dependent : job.dependents(parent)) {
        if (!dependent.pending().isEmpty()) {
          emit.accept(
              new Event.TaskSkipped(
                  job.id(),
                  dependent.number(),
                  TaskState.FAILED,
                  EndReason.PARENT_FAILED,
                  "not run because "
                      + parent.spec().title()
                      + (parent.equals(first) ? fate : " failed"),
                  now));
          if (isCritical(dependent)) {
            failJob(job, dependent, now);
            return;
          }
          failed.add(dependent);
        }
      }
    }
  }
}
