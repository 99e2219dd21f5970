package org.capataz.client;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.capataz.client.CapatazException.Code;
import org.capataz.proto.v1.WatchRequest;
import org.jspecify.annotations.Nullable;

/// A watch over the head node's event stream.
final class RemoteWatch implements Watch {

  /// Of all jobs, in place of a job's id.
  static final int ALL_JOBS = 0;

  private final LiveStream<org.capataz.proto.v1.JobEvent> stream;
  private long after;
  private boolean ended;
  private @Nullable JobEvent next;

  RemoteWatch(Heads heads, int job, WatchOptions options) {
    this.after = options.sequence();
    this.stream =
        new LiveStream<>(
            heads,
            !options.endsWithJob(),
            stub ->
                stub.watch(
                    WatchRequest.newBuilder()
                        .setJob(job)
                        .setAfter(after)
                        .setInstances(options.instances())
                        .setUntilEnd(options.endsWithJob())
                        .build()));
  }

  @Override
  public boolean hasNext() {
    try {
      fetch(Deadline.never());
    } catch (InterruptedException interruption) {
      throw Failures.interrupted(interruption);
    } catch (TimeoutException never) {
      throw new CapatazException(Code.FAILED, "no event in a lifetime", never);
    }
    return next != null;
  }

  @Override
  public JobEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return take().orElseThrow();
  }

  @Override
  public Optional<JobEvent> poll(Duration timeout) throws InterruptedException {
    try {
      fetch(Deadline.in(timeout));
    } catch (TimeoutException none) {
      return Optional.empty();
    }
    return take();
  }

  /// Makes sure that `next` is there, unless there is none.
  private void fetch(Deadline deadline) throws InterruptedException, TimeoutException {
    if (next != null || ended) {
      return;
    }
    var message = stream.read(deadline);
    if (message == null) {
      ended = true;
    } else if (!message.hasJob()) {
      throw new CapatazException(Code.NOT_FOUND, "expected a job to watch, but it was deleted");
    } else {
      after = Math.max(after, message.getSequence());
      next = Replies.event(message);
    }
  }

  private Optional<JobEvent> take() {
    var taken = Optional.ofNullable(next);
    next = null;
    return taken;
  }

  @Override
  public void close() {
    stream.close();
  }
}
