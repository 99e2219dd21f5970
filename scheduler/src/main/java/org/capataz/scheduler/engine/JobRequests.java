package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Limits;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskSpec;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;

/// Carries out what people ask for: each request all of it or, if refused, nothing.
final class JobRequests {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final JobProgress progress;
  private final Admission admission;

  JobRequests(ClusterState state, Consumer<Event> emit, JobProgress progress, Admission admission) {
    this.admission = admission;
    this.state = state;
    this.emit = emit;
    this.progress = progress;
  }

  Result<Integer> create(UUID requestId, String owner, JobDraft draft, boolean submit, long now) {
    var former = state.answerTo(requestId);
    if (former != null) {
      return Result.ok(former);
    }
    return (submit ? admission.fit(0, owner, draft, now) : Result.ok(draft))
        .then(
            fit -> {
              var job = state.nextJob();
              emit.accept(new Event.JobCreated(job, requestId, owner, fit, now));
              if (submit) {
                enqueue(job, now);
              }
              return Result.ok(job);
            });
  }

  Result<Integer> add(int id, UUID requestId, List<TaskDraft> tasks, long now) {
    var former = state.answerTo(requestId);
    if (former != null) {
      return Result.ok(former);
    }
    return extensible(id)
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
              var refusal = refusalOfMore(id, draft, tasks);
              if (refusal.isPresent()) {
                return Result.refused(refusal.get());
              }
              emit.accept(new Event.TasksAdded(id, requestId, tasks, now));
              return Result.ok(first);
            });
  }

  /// The draft of a job that takes more tasks.
  private Result<JobDraft> extensible(int id) {
    var job = state.job(id);
    if (job == null) {
      return Result.refused(unknown(id));
    }
    return job.life() instanceof JobLife.Configuring || job.life() instanceof JobLife.Running
        ? Result.ok(job.draft())
        : Result.refused(
            Refusal.wrongState(
                "expected a Configuring or Running job to add tasks to, but job "
                    + id
                    + " is "
                    + job.life().state()));
  }

  /// Why a running job cannot have these tasks as well; one that is Configuring is checked when it
  /// is submitted.
  private Optional<Refusal> refusalOfMore(int id, JobDraft draft, List<TaskDraft> tasks) {
    var job = state.job(id);
    if (job == null || !job.isSubmitted()) {
      return Optional.empty();
    }
    var all = new ArrayList<>(draft.tasks());
    all.addAll(tasks);
    return switch (JobSpec.resolve(draft.withTasks(all))) {
      case Result.Refused<JobSpec>(var refusal) -> Optional.of(refusal);
      case Result.Ok<JobSpec>(var spec) ->
          spec.tasks().stream()
              .skip(draft.tasks().size())
              .filter(task -> task.kind().isOpen())
              .findFirst()
              .map(task -> late(id, task))
              .or(() -> admission.shortage(spec));
    };
  }

  private static Refusal late(int id, TaskSpec task) {
    return Refusal.wrongState(
        "expected a Configuring job to add a "
            + task.kind()
            + " task to, but job "
            + id
            + " is Running");
  }

  Result<Integer> submit(int id, long now) {
    return configuring(id)
        .then(
            job ->
                admission
                    .fit(id, job.owner(), job.draft(), now)
                    .then(
                        draft -> {
                          if (!draft.equals(job.draft())) {
                            var change = JobChange.NONE.filled(job.draft(), draft);
                            emit.accept(new Event.JobModified(id, null, change, draft, 0, now));
                          }
                          enqueue(id, now);
                          return Result.ok(id);
                        }));
  }

  private void enqueue(int job, long now) {
    emit.accept(new Event.JobSubmitted(job, state.nextOrder(), now));
  }

  Result<Integer> cancel(int id, Command.Manner manner, Command.Author author, long now) {
    var job = state.job(id);
    if (job == null) {
      return unknownJob(id);
    }
    var why = author.did("canceled");
    return switch (job.life()) {
      case JobLife.Configuring c -> {
        emit.accept(new Event.JobEnded(id, JobState.CANCELED, why, now));
        yield Result.ok(id);
      }
      case JobLife.Queued q -> stop(job, JobState.CANCELED, why, manner, now);
      case JobLife.Running r -> stop(job, JobState.CANCELED, why, manner, now);
      case JobLife.Stopping stopping when stopping.then() == JobState.CANCELED ->
          stop(job, JobState.CANCELED, stopping.message(), manner, now);
      case JobLife.Stopping stopping
          when stopping.then() != JobState.QUEUED
              && manner != Command.Manner.FORCED
              && NodeTasks.isAllThatRuns(job) ->
          Result.refused(
              Refusal.wrongState(
                  "expected a job with something left to cancel, but job "
                      + id
                      + " has done its work and its nodes are being released; capataz job cancel "
                      + id
                      + " --force leaves them as they are"));
      case JobLife.Stopping stopping -> stop(job, JobState.CANCELED, why, manner, now);
      case JobLife.Ended ended when ended.state() == JobState.CANCELED -> Result.ok(id);
      case JobLife.Ended ended ->
          Result.refused(
              Refusal.wrongState(
                  "expected a job that has not ended, but job " + id + " is " + ended.state()));
    };
  }

  private Result<Integer> stop(
      Job job, JobState then, String message, Command.Manner manner, long now) {
    progress.stop(job, then, message, manner, now);
    return Result.ok(job.id());
  }

  Result<Integer> finish(int id, Command.Manner manner, Command.Author author, long now) {
    var job = state.job(id);
    if (job == null) {
      return unknownJob(id);
    }
    var why = author.did("finished");
    return switch (job.life()) {
      case JobLife.Running r -> stop(job, JobState.FINISHED, why, manner, now);
      case JobLife.Stopping stopping when stopping.then() == JobState.FINISHED ->
          stop(job, JobState.FINISHED, stopping.message(), manner, now);
      case JobLife.Ended ended when ended.state() == JobState.FINISHED -> Result.ok(id);
      case JobLife life ->
          Result.refused(
              Refusal.wrongState(
                  "expected a Running job to finish, but job " + id + " is " + life.state()));
    };
  }

  Result<Integer> configure(int id, long now) {
    var job = state.job(id);
    if (job == null) {
      return unknownJob(id);
    }
    return switch (job.life()) {
      case JobLife.Configuring c -> Result.ok(id);
      case JobLife.Queued q -> configured(job, now);
      case JobLife.Ended ended when ended.state() != JobState.FINISHED -> configured(job, now);
      case JobLife life ->
          Result.refused(
              Refusal.wrongState(
                  "expected a Queued, Failed or Canceled job to configure, but job "
                      + id
                      + " is "
                      + life.state()));
    };
  }

  private Result<Integer> configured(Job job, long now) {
    emit.accept(new Event.JobConfigured(job.id(), job.draft(), now));
    return Result.ok(job.id());
  }

  /// What of a job may not run again, but would have to if all that did not finish did.
  private static Optional<Refusal> notRerunnable(Job job) {
    return job.tasks().stream()
        .filter(task -> !task.spec().rerunnable() && (task.failed() > 0 || !task.live().isEmpty()))
        .findFirst()
        .map(
            task ->
                Refusal.wrongState(
                    "expected tasks that may run again, but "
                        + task.spec().title()
                        + " of job "
                        + job.id()
                        + " is not rerunnable; capataz job configure "
                        + job.id()
                        + " and a new submit run all of it again"));
  }

  Result<Integer> requeue(int id, boolean failedOnly, long now) {
    var job = state.job(id);
    if (job == null) {
      return unknownJob(id);
    }
    var refusal = notRerunnable(job);
    return switch (job.life()) {
      case JobLife.Ended ended
          when ended.state() != JobState.FINISHED
              && ended.submitTime() != 0
              && refusal.isPresent() ->
          Result.refused(refusal.get());
      case JobLife.Ended ended
          when ended.state() != JobState.FINISHED && ended.submitTime() != 0 -> {
        emit.accept(new Event.JobRequeued(id, failedOnly, state.nextOrder(), now));
        Waiting.askAnew(job, emit, now);
        yield Result.ok(id);
      }
      case JobLife.Running r when !failedOnly && refusal.isPresent() ->
          Result.refused(refusal.get());
      case JobLife.Running r when !failedOnly ->
          stop(job, JobState.QUEUED, "requeued", Command.Manner.USUAL, now);
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

  private Result<Job> configuring(int id) {
    var job = state.job(id);
    if (job == null) {
      return Result.refused(unknown(id));
    }
    return job.life() instanceof JobLife.Configuring
        ? Result.ok(job)
        : Result.refused(
            Refusal.wrongState(
                "expected a Configuring job to submit, but job "
                    + id
                    + " is "
                    + job.life().state()));
  }

  static Result<Integer> unknownJob(int id) {
    return Result.refused(unknown(id));
  }

  static Refusal unknown(int id) {
    return Refusal.notFound("expected the id of a job, but there is no job " + id);
  }
}
