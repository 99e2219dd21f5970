package org.capataz.headnode.rpc;

import io.grpc.Status;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.view.JobView;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.Result;
import org.capataz.proto.v1.SetProgressRequest;
import org.capataz.scheduler.engine.Command;

/// Has jobs changed. The engine does not keep what was written of jobs in the queue: it is read
/// from the store, and read again if somebody else was faster.
final class Modifications {

  private static final int MOST_TRIES = 10;

  private final EngineLoop loop;
  private final Filtering filtering;

  Modifications(EngineLoop loop, Filtering filtering) {
    this.loop = loop;
    this.filtering = filtering;
  }

  /// Changes a job. One that is in the queue, or out of it, is looked at by the filter.
  ///
  /// @return its id
  int modify(int id, UUID requestId, JobChange change) {
    return modify(
        id,
        requestId,
        (job, draft) ->
            Answers.accepted(change.on(draft).then(after -> Result.ok(all(job, change, after)))));
  }

  private JobChange all(JobView job, JobChange change, JobDraft after) {
    return job.state() == JobState.QUEUED || job.state() == JobState.RUNNING
        ? change.and(filtering.change(job.id(), job.owner(), after))
        : change;
  }

  /// Changes what the filter wants changed of a job that is about to be submitted.
  void filter(int id) {
    modify(
        id,
        UUID.randomUUID(),
        (job, draft) ->
            job.state() == JobState.CONFIGURING
                ? filtering.change(id, job.owner(), draft)
                : JobChange.NONE);
  }

  @FunctionalInterface
  private interface Changing {
    JobChange of(JobView job, JobDraft draft);
  }

  private int modify(int id, UUID requestId, Changing changing) {
    for (var tries = 0; tries < MOST_TRIES; tries++) {
      var revision =
          Answers.await(
              loop.read(
                  state -> {
                    var job = state.job(id);
                    return job == null ? -1 : job.revision();
                  }));
      var job = loop.board().job(id);
      if (revision < 0 || job == null) {
        throw SchedulerService.noJob(id);
      }
      var draft = loop.store().draft(id);
      var change = changing.of(job, draft);
      if (change.equals(JobChange.NONE)) {
        return id;
      }
      var command = new Command.ModifyJob(id, requestId, revision, draft, change);
      if (Answers.accepted(Answers.await(loop.ask(command))) != 0) {
        return id;
      }
    }
    throw Status.UNAVAILABLE
        .withDescription("job " + id + " is changed by others all the time; try again")
        .asRuntimeException();
  }

  /// Says how far a job is.
  ///
  /// @return its id
  int progress(SetProgressRequest request) {
    var command =
        new Command.SetProgress(
            request.getJob(),
            request.hasProgress() ? OptionalInt.of(request.getProgress()) : OptionalInt.empty(),
            request.hasMessage() ? Optional.of(request.getMessage()) : Optional.empty());
    return Answers.accepted(Answers.await(loop.ask(command)));
  }
}
