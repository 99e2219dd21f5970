package org.capataz.client;

import com.google.protobuf.MessageLite;
import io.grpc.StatusException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.Limits;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.proto.v1.SchedulerGrpc.SchedulerBlockingV2Stub;

/// Asks the head node, again and again while there is none to be reached or it has too much to do.
final class Requests {

  private final Heads heads;
  private final ConnectOptions options;

  Requests(Heads heads, ConnectOptions options) {
    this.heads = heads;
    this.options = options;
  }

  /// One request and its answer.
  @FunctionalInterface
  interface Request<T> {
    T send(SchedulerBlockingV2Stub stub) throws StatusException;
  }

  Heads heads() {
    return heads;
  }

  ConnectOptions options() {
    return options;
  }

  /// Refuses what the head node would refuse before reading it.
  static void checkSize(MessageLite message) {
    if (message.getSerializedSize() > Limits.JOB_BYTES) {
      throw new CapatazException(
          Code.REFUSED,
          "expected a job of at most "
              + Limits.JOB_BYTES
              + " bytes, but this one takes "
              + message.getSerializedSize()
              + "; split it into several jobs");
    }
  }

  /// Asks for something that changes nothing when it is asked for twice.
  <T> T ask(Request<T> request) {
    return ask(
        request,
        refusal -> {
          throw refusal;
        });
  }

  /// Asks for something that may be refused the second time because the first time succeeded, its
  /// answer being lost.
  ///
  /// @param repeated answers in place of a request that was repeated and refused
  <T> T ask(Request<T> request, Function<CapatazException, T> repeated) {
    var deadline = Deadline.in(options.requestTimeout());
    var patience = Deadline.in(options.unreachableAfter());
    var backoff = new Backoff();
    for (var attempt = 1; ; attempt++) {
      var channel = heads.channel();
      try {
        return request.send(
            SchedulerGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(Math.max(1, deadline.left()), TimeUnit.NANOSECONDS));
      } catch (StatusException failure) {
        var pause = backoff.next().toNanos();
        var busy = Failures.isBusy(failure);
        if (!(busy || (Failures.isPassing(failure) && patience.left() > pause))
            || Thread.currentThread().isInterrupted()
            || deadline.left() <= pause) {
          var reported = Failures.of(failure, heads);
          if (attempt > 1 && !busy && reported.code() == Code.REFUSED) {
            return repeated.apply(reported);
          }
          throw reported;
        }
        if (!busy) {
          heads.lost(channel);
        }
        sleep(pause);
      }
    }
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException interruption) {
      throw Failures.interrupted(interruption);
    }
  }
}
