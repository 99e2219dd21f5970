package org.capataz.headnode.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.capataz.headnode.loop.Unavailable;
import org.capataz.headnode.store.StoreException;
import org.capataz.model.Refusal;
import org.capataz.model.Result;

/// How a service's outcome becomes an answer or a status: refusals under the code that clients know
/// them by, each with its one line.
final class Answers {

  private Answers() {}

  /// Sends what the work comes to.
  static <T> void send(StreamObserver<T> out, Supplier<T> work) {
    T answer;
    try {
      answer = work.get();
    } catch (RuntimeException failed) {
      out.onError(status(failed));
      return;
    }
    out.onNext(answer);
    out.onCompleted();
  }

  /// The value of an accepted request.
  ///
  /// @throws StatusRuntimeException if it was refused
  static <T> T accepted(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) -> throw status(refusal);
    };
  }

  /// Waits for the engine's thread.
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  static StatusRuntimeException status(Refusal refusal) {
    var status =
        switch (refusal.code()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case UNSATISFIABLE, WRONG_STATE -> Status.FAILED_PRECONDITION;
          case NOT_FOUND -> Status.NOT_FOUND;
          case NOT_ALLOWED -> Status.PERMISSION_DENIED;
        };
    return status.withDescription(refusal.message()).asRuntimeException();
  }

  static StatusRuntimeException status(RuntimeException failed) {
    return switch (failed) {
      case StatusRuntimeException status -> status;
      case Unavailable unavailable ->
          Status.UNAVAILABLE.withDescription(unavailable.getMessage()).asRuntimeException();
      case StoreException unreadable ->
          Status.UNAVAILABLE.withDescription(unreadable.getMessage()).asRuntimeException();
      case NoSuchElementException missing ->
          Status.NOT_FOUND.withDescription(missing.getMessage()).asRuntimeException();
      default ->
          Status.INTERNAL
              .withDescription("the head node failed: " + failed)
              .withCause(failed)
              .asRuntimeException();
    };
  }
}
