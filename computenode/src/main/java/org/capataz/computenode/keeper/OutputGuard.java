package org.capataz.computenode.keeper;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.capataz.model.AttemptId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds what attempts write to unnamed streams within its limits, with two threads of its own.
///
/// While something runs, one looks at the lengths of its outputs, ten times a second. Of an output
/// that is too long it lets the middle go ([OutputCap]), and the attempt goes on; where the file
/// system cannot do that, the attempt is ended. So an output takes no more of the disk than
/// [OutputLimits#high], and what is written to it between two looks. To an attempt that is over
/// before it is looked at, this costs nothing.
///
/// The other removes outputs of attempts that have ended, where they are too much.
final class OutputGuard {

  private static final Logger log = LoggerFactory.getLogger(OutputGuard.class);
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final long BLOCK = 4096;

  /// The attempts that are written by. Thread: any.
  interface Attempts {

    /// Those that may have a process.
    Set<AttemptId> running();

    /// Ends one at once.
    ///
    /// @param why one line for its owner
    void end(AttemptId attempt, String why);

    /// Deletes the folder of a job's outputs if it is empty, and none of the job may have a
    /// process.
    ///
    /// @return whether it is gone
    boolean deleteFolder(int job);
  }

  private final OutputLimits limits;
  private final Attempts attempts;
  private final OutputCap cap;
  private final OutputRemoval removal;
  private final AtomicLong endedBytes = new AtomicLong();
  private volatile long tooMuch = Long.MAX_VALUE;

  /// Attempts that are over, and are looked at once more.
  private final Set<AttemptId> over = ConcurrentHashMap.newKeySet();

  private volatile boolean leftoversWrite;
  private volatile boolean idle;
  private volatile boolean closed;
  private final Thread looker;
  private final Thread remover;

  OutputGuard(TaskOutput places, OutputLimits limits, Attempts attempts) {
    this.limits = limits;
    this.attempts = attempts;
    this.cap = new OutputCap(places, limits);
    this.removal = new OutputRemoval(places, limits.ended());
    looker = Thread.ofPlatform().name("output").start(this::look);
    remover = Thread.ofPlatform().name("output-removal").start(this::remove);
  }

  /// An attempt runs.
  void started() {
    if (idle) {
      LockSupport.unpark(looker);
    }
  }

  /// An attempt is over.
  ///
  /// @param out length of its standard output, and
  /// @param err of its standard error, where they are kept
  /// @param writable whether what it left behind may still write to them
  void ended(AttemptId attempt, long out, long err, boolean writable) {
    if (writable || Math.max(out, err) > limits.high()) {
      if (writable) {
        leftoversWrite = true;
      }
      over.add(attempt);
      started();
    }
    kept(disk(out) + disk(err));
  }

  private long disk(long length) {
    return Math.min(Math.ceilDiv(length, BLOCK) * BLOCK, limits.high());
  }

  /// Nothing is left that an attempt which is over has left behind.
  void nothingIsLeft() {
    if (leftoversWrite) {
      leftoversWrite = false;
    }
  }

  /// Something takes so much more of the disk, until it is removed.
  void kept(long bytes) {
    if (bytes > 0 && endedBytes.addAndGet(bytes) > tooMuch) {
      LockSupport.unpark(remover);
    }
  }

  private Set<AttemptId> writing() {
    var writing = new HashSet<>(attempts.running());
    writing.addAll(over);
    return writing;
  }

  private void look() {
    while (!closed) {
      var last = Set.copyOf(over);
      var settled = leftoversWrite ? Set.<AttemptId>of() : last;
      var writing = writing();
      if (writing.isEmpty()) {
        idle = true;
        // What has started since then has seen that this is idle.
        if (writing().isEmpty()) {
          LockSupport.park(this);
        }
        idle = false;
        continue;
      }
      writing.forEach(this::look);
      over.removeAll(settled);
      LockSupport.parkNanos(this, INTERVAL.toNanos());
    }
  }

  private void look(AttemptId attempt) {
    for (var stream : TaskOutput.Stream.values()) {
      try {
        cap.shorten(attempt, stream);
      } catch (IOException e) {
        attempts.end(
            attempt,
            "expected at most "
                + limits.streamMegabytes()
                + " MB on "
                + stream.words()
                + ", as the node cannot let the middle of it go ("
                + e.getMessage()
                + "), but there is more: give it a file with "
                + stream.option()
                + ", or the node a larger --max-output");
      }
    }
  }

  private void remove() {
    while (!closed) {
      var before = endedBytes.get();
      try {
        var now = Moment.now();
        var left = removal.run(writing(), now, attempts::deleteFolder);
        endedBytes.addAndGet(left - before);
        tooMuch = Math.max(limits.ended(), left + limits.ended() / 8);
      } catch (IOException | DirectoryIteratorException e) {
        log.error("cannot remove outputs: {}", e.toString());
        tooMuch = before + limits.ended() / 8;
      }
      while (!closed && endedBytes.get() <= tooMuch) {
        LockSupport.park(this);
      }
    }
  }

  /// Ends the threads.
  void close() throws InterruptedException {
    closed = true;
    LockSupport.unpark(looker);
    LockSupport.unpark(remover);
    looker.join();
    remover.join();
  }
}
