package org.capataz.headnode.rpc;

import io.grpc.Status;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.JobChange;
import org.capataz.proto.v1.SetProgressRequest;
import org.capataz.scheduler.engine.Command;

/// Has jobs changed. The engine does not keep what was written of jobs in the queue: it is read
/// from the store, and read again if somebody else was faster.
final class Modifications {

  private static final int MOST_TRIES = 10;

  private final EngineLoop loop;

  Modifications(EngineLoop loop) {
    this.loop = loop;
  }

  /// Changes a job.
  ///
  /// @return its id
  int modify(int id, UUID requestId, JobChange change) {
    for (var tries = 0; tries < MOST_TRIES; tries++) {
      var revision =
          Answers.await(
              loop.read(
                  state -> {
                    var job = state.job(id);
                    return job == null ? -1 : job.revision();
                  }));
      if (revision < 0) {
        throw SchedulerService.noJob(id);
      }
      var draft = loop.store().draft(id);
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
