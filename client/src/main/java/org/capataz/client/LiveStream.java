package org.capataz.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.proto.v1.SchedulerGrpc.SchedulerBlockingV2Stub;
import org.jspecify.annotations.Nullable;

/// Messages that the head node sends for as long as there are any, opened again where it was cut,
/// or refused because the head node had too much to do. Read by one thread, closed by any.
///
/// @param <A> what comes
final class LiveStream<A> implements AutoCloseable {

  /// Opens the stream, each time from where it has come to.
  @FunctionalInterface
  interface Opening<A> {
    BlockingClientCall<?, A> open(SchedulerBlockingV2Stub stub);
  }

  private final Heads heads;
  private final boolean endless;
  private final Opening<A> opening;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Backoff backoff = new Backoff();
  private volatile @Nullable BlockingClientCall<?, A> call;

  /// @param endless whether an end is a cut like any other: a head node that stops ends what it
  ///   sends in good order
  LiveStream(Heads heads, boolean endless, Opening<A> opening) {
    this.heads = heads;
    this.endless = endless;
    this.opening = opening;
  }

  /// Waits for a message, through cuts of any length.
  ///
  /// @return null when the head node has ended the stream, or it was closed here
  /// @throws TimeoutException if none came by then
  /// @throws CapatazException if the head node refuses
  @Nullable A read(Deadline deadline) throws InterruptedException, TimeoutException {
    while (!isClosed()) {
      var channel = heads.channel();
      var current = call;
      if (current == null) {
        current = opening.open(SchedulerGrpc.newBlockingV2Stub(channel));
        call = current;
        if (isClosed()) {
          // Whoever closed it may have come before this call was there to cancel.
          current.cancel("no longer needed", null);
          return null;
        }
      }
      var busy = false;
      try {
        var message = current.read(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS);
        if (message != null || !endless || isClosed()) {
          backoff.reset();
          return message;
        }
      } catch (StatusException failure) {
        if (isClosed()) {
          return null;
        }
        busy = Failures.isBusy(failure);
        if (!busy && !Failures.isPassing(failure)) {
          throw Failures.of(failure, heads);
        }
      }
      call = null;
      if (!busy) {
        heads.lost(channel);
      }
      pause(deadline);
    }
    return null;
  }

  private void pause(Deadline deadline) throws InterruptedException, TimeoutException {
    var nanos = backoff.next().toNanos();
    var left = deadline.left();
    if (!closed.await(Math.min(nanos, left), TimeUnit.NANOSECONDS) && left <= nanos) {
      throw new TimeoutException();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    var current = call;
    if (current != null) {
      current.cancel("no longer needed", null);
    }
  }
}
