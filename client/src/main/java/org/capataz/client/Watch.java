package org.capataz.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/// What happens to jobs, as the head node tells it: nothing is polled. A cut connection or a
/// restart of the head node is mended by itself, without an event missed or told twice; only a
/// watch that has never been connected gives up, after [ConnectOptions#unreachableAfter].
///
/// ```java
/// try (var watch = job.watch(WatchOptions.fromNow().untilEnd())) {
///   watch.forEachRemaining(event -> System.out.println(event.job().taskCounts()));
/// }
/// ```
///
/// Read by one thread; closed by any. A reader that is slower than the events holds up the head
/// node for nobody: it is then told of several changes at once.
public interface Watch extends Iterator<JobEvent>, AutoCloseable {

  /// Waits for the next event.
  ///
  /// @return false when there will be none: the job has ended, where the watch ends with it, or the
  ///   watch was closed
  /// @throws CapatazException if the head node refuses, or the thread is interrupted
  @Override
  boolean hasNext();

  /// Waits for the next event for so long.
  ///
  /// @return the event, or empty if none came or none will come
  Optional<JobEvent> poll(Duration timeout) throws InterruptedException;

  @Override
  void close();
}
