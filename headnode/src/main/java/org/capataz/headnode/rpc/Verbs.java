package org.capataz.headnode.rpc;

import io.grpc.Status;
import java.util.OptionalLong;
import org.capataz.headnode.security.Principal;
import org.capataz.model.Limits;
import org.capataz.model.Text;
import org.capataz.proto.v1.Ending;
import org.capataz.proto.v1.TaskVerbRequest;
import org.capataz.scheduler.engine.Command;

/// What people ask for about jobs and tasks, as commands that say who asks.
final class Verbs {

  private Verbs() {}

  /// Whoever calls, with the reason that they give.
  static Command.Author author(String message) {
    return new Command.Author(
        Principal.current().user(),
        Answers.accepted(Text.bounded(message.strip(), Limits.MESSAGE)));
  }

  static Command.Manner manner(Ending ending) {
    return switch (ending) {
      case USUAL -> Command.Manner.USUAL;
      case GRACEFUL -> Command.Manner.GRACEFUL;
      case FORCED -> Command.Manner.FORCED;
      case UNRECOGNIZED ->
          throw Status.INVALID_ARGUMENT
              .withDescription("expected a known way to end what runs, but got another one")
              .asRuntimeException();
    };
  }

  static Command cancel(TaskVerbRequest request) {
    return new Command.CancelTask(
        target(request), manner(request.getEnding()), author(request.getMessage()));
  }

  static Command finish(TaskVerbRequest request) {
    return new Command.FinishTask(target(request), author(request.getMessage()));
  }

  static Command requeue(TaskVerbRequest request) {
    return new Command.RequeueTask(target(request), author(request.getMessage()));
  }

  private static Command.Target target(TaskVerbRequest request) {
    return new Command.Target(
        request.getJob(),
        request.getTask(),
        request.hasInstance() ? OptionalLong.of(request.getInstance()) : OptionalLong.empty());
  }
}
