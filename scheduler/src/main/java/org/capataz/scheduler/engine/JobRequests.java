package org.capataz.scheduler.engine;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Limits;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;

/// Carries out what people ask for: each request all of it or, if refused, nothing.
final class JobRequests {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final JobProgress progress;

  JobRequests(ClusterState state, Consumer<Event> emit, JobProgress progress) {
    this.state = state;
    this.emit = emit;
    this.progress = progress;
  }

  Result<Integer> create(UUID requestId, String owner, JobDraft draft, boolean submit, long now) {
    var former = state.answerTo(requestId);
    if (former != null) {
      return Result.ok(former);
    }
    var refusal = submit ? refusal(draft) : Optional.<Refusal>empty();
    if (refusal.isPresent()) {
      return Result.refused(refusal.get());
    }
    var job = state.nextJob();
    emit.accept(new Event.JobCreated(job, requestId, owner, draft, now));
    if (submit) {
      enqueue(job, now);
    }
    return Result.ok(job);
  }

  Result<Integer> add(int id, UUID requestId, List<TaskDraft> tasks, long now) {
    var former = state.answerTo(requestId);
    if (former != null) {
      return Result.ok(former);
    }
    return configuring(id, "add tasks to")
        .then(
            draft -> {
              var first = draft.tasks().size() + 1;
              if (draft.tasks().size() + tasks.size() > Limits.TASKS) {
                return Result.invalid(
                    "expected at most "
                        + Limits.TASKS
                        + " tasks in a job, but job "
                        + id
                        + " would have more");
              }
              emit.accept(new Event.TasksAdded(id, requestId, tasks, now));
              return Result.ok(first);
            });
  }

  Result<Integer> submit(int id, long now) {
    return configuring(id, "submit")
        .then(
            draft -> {
              var refusal = refusal(draft);
              if (refusal.isPresent()) {
                return Result.refused(refusal.get());
              }
              enqueue(id, now);
              return Result.ok(id);
            });
  }

  private void enqueue(int job, long now) {
    emit.accept(new Event.JobSubmitted(job, state.nextOrder(), now));
  }

  Result<Integer> cancel(int id, String message, long now) {
    var job = state.job(id);
    if (job == null) {
      return unknownJob(id);
    }
    var why = message.isEmpty() ? "canceled" : "canceled: " + message;
    return switch (job.life()) {
      case JobLife.Configuring c -> {
        emit.accept(new Event.JobEnded(id, JobState.CANCELED, why, now));
        yield Result.ok(id);
      }
      case JobLife.Queued q -> stop(job, JobState.CANCELED, why, now);
      case JobLife.Running r -> stop(job, JobState.CANCELED, why, now);
      case JobLife.Stopping stopping when stopping.then() == JobState.CANCELED -> Result.ok(id);
      case JobLife.Stopping stopping -> stop(job, JobState.CANCELED, why, now);
      case JobLife.Ended ended when ended.state() == JobState.CANCELED -> Result.ok(id);
      case JobLife.Ended ended ->
          Result.refused(
              Refusal.wrongState(
                  "expected a job that has not ended, but job " + id + " is " + ended.state()));
    };
  }

  private Result<Integer> stop(Job job, JobState then, String message, long now) {
    progress.stop(job, then, message, now);
    return Result.ok(job.id());
  }

  Result<Integer> requeue(int id, boolean failedOnly, long now) {
    var job = state.job(id);
    if (job == null) {
      return unknownJob(id);
    }
    return switch (job.life()) {
      case JobLife.Ended ended
          when ended.state() != JobState.FINISHED && ended.submitTime() != 0 -> {
        emit.accept(new Event.JobRequeued(id, failedOnly, state.nextOrder(), now));
        yield Result.ok(id);
      }
      case JobLife.Running r when !failedOnly -> stop(job, JobState.QUEUED, "requeued", now);
      case JobLife.Running r ->
          Result.refused(
              Refusal.wrongState(
                  "expected a job that has ended, to rerun what failed of it, but job "
                      + id
                      + " is Running; wait for it first"));
      case JobLife life ->
          Result.refused(
              Refusal.wrongState(
                  "expected a Running, Failed or Canceled job to requeue, but job "
                      + id
                      + " is "
                      + life.state()));
    };
  }

  private Result<JobDraft> configuring(int id, String purpose) {
    var job = state.job(id);
    if (job == null) {
      return Result.refused(unknown(id));
    }
    var draft = job.draft();
    return draft != null && job.life() instanceof JobLife.Configuring
        ? Result.ok(draft)
        : Result.refused(
            Refusal.wrongState(
                "expected a Configuring job to "
                    + purpose
                    + ", but job "
                    + id
                    + " is "
                    + job.life().state()));
  }

  static Result<Integer> unknownJob(int id) {
    return Result.refused(unknown(id));
  }

  private static Refusal unknown(int id) {
    return Refusal.notFound("expected the id of a job, but there is no job " + id);
  }

  /// Why a job cannot be queued: it is wrong, or more than all nodes could ever give. Where no node
  /// has ever registered, nothing is known to be too much.
  Optional<Refusal> refusal(JobDraft draft) {
    return switch (JobSpec.resolve(draft)) {
      case Result.Refused<JobSpec>(var refusal) -> Optional.of(refusal);
      case Result.Ok<JobSpec>(var spec) -> Shortage.of(state, spec);
    };
  }
}
