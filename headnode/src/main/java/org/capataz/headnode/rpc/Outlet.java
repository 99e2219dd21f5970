package org.capataz.headnode.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A stream to one client, written by a thread of its own that waits while the client does not
/// read: whoever never reads costs a thread that sleeps, and no memory.
final class Outlet<T> {

  /// What feeds the stream.
  @FunctionalInterface
  interface Feed<T> {
    void run(Outlet<T> outlet) throws InterruptedException;
  }

  private final ServerCallStreamObserver<T> out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private Outlet(ServerCallStreamObserver<T> out) {
    this.out = out;
  }

  /// Feeds a stream until the feed is done, fails, or the client has gone. Call it before the
  /// service's method returns.
  static <T> void open(StreamObserver<T> stream, Feed<T> feed) {
    var outlet = new Outlet<>((ServerCallStreamObserver<T>) stream);
    var thread = Thread.ofVirtual().name("capataz-stream").unstarted(() -> outlet.feed(feed));
    outlet.out.setOnReadyHandler(outlet::wake);
    outlet.out.setOnCancelHandler(thread::interrupt);
    thread.start();
  }

  private void feed(Feed<T> feed) {
    try {
      feed.run(this);
      if (!out.isCancelled()) {
        out.onCompleted();
      }
    } catch (InterruptedException end) {
      if (!out.isCancelled()) {
        out.onError(Status.UNAVAILABLE.withDescription("the head node stops").asRuntimeException());
      }
    } catch (RuntimeException failed) {
      if (!out.isCancelled()) {
        out.onError(Answers.status(failed));
      }
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Sends a message, once the client has read what came before.
  ///
  /// @throws InterruptedException if the client has gone
  void send(T message) throws InterruptedException {
    awaitReader();
    out.onNext(message);
  }

  /// Waits until the client has read what came before.
  ///
  /// @throws InterruptedException if the client has gone
  void awaitReader() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!out.isReady()) {
        if (out.isCancelled()) {
          throw new InterruptedException("the client has gone");
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
