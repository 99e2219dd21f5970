package org.capataz.computenode.keeper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.capataz.computenode.process.Processes;
import org.capataz.model.AttemptId;

/// Ends attempts whose processes together use more memory than they may, with a thread of its own.
///
/// While an attempt with a limit runs, it looks at all processes ten times a second, or as often as
/// takes a twentieth of a core. What counts is what the kernel cannot take back by itself: neither
/// the pages of files, such as programs and libraries, nor twice what processes share. An attempt
/// is ended when it is above its limit in two looks, one shortly after the other.
///
/// To attempts without a limit this costs nothing.
final class MemoryGuard {

  private static final Duration INTERVAL = Duration.ofMillis(100);

  /// Until then a process that was just made has its own memory, or has ended: before it executes
  /// its program it may have that of its parent, which counts as that of both.
  private static final Duration SECOND_LOOK = Duration.ofMillis(20);

  /// How much longer than a look is the time to the next.
  private static final int REST = 20;

  private static final int KIB_PER_MB = 1024;

  /// The attempts that are looked at. Thread: any.
  interface Attempts {

    /// The megabytes of those that may have processes, and no more than so much memory.
    Map<AttemptId, Integer> memoryLimits();

    /// Ends one at once.
    ///
    /// @param why one line for its owner
    void exceeded(AttemptId attempt, String why);
  }

  private final Marks marks;
  private final Attempts attempts;

  /// The most that was seen of each attempt with a limit.
  private final Map<AttemptId, Long> peaksKib = new ConcurrentHashMap<>();

  private volatile boolean closed;
  private final Thread looker;

  MemoryGuard(Marks marks, Attempts attempts) {
    this.marks = marks;
    this.attempts = attempts;
    looker = Thread.ofPlatform().name("memory").start(this::look);
  }

  /// An attempt runs.
  void started(Execution.Limits limits) {
    if (limits.memoryMb() > 0) {
      LockSupport.unpark(looker);
    }
  }

  /// The most that an attempt was seen to use, of one that runs and has a limit; else 0.
  long peakKib(AttemptId attempt) {
    return peaksKib.getOrDefault(attempt, 0L);
  }

  private void look() {
    while (!closed) {
      var limits = attempts.memoryLimits();
      peaksKib.keySet().retainAll(limits.keySet());
      if (limits.isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      var began = System.nanoTime();
      var above = above(limits);
      var took = System.nanoTime() - began;
      if (!above.isEmpty()) {
        LockSupport.parkNanos(this, SECOND_LOOK.toNanos());
        limits.keySet().retainAll(above.keySet());
        above(limits).forEach((attempt, usedKib) -> end(attempt, limits, usedKib));
      }
      LockSupport.parkNanos(this, Math.max(INTERVAL.toNanos(), REST * took));
    }
  }

  private void end(AttemptId attempt, Map<AttemptId, Integer> limits, long usedKib) {
    peaksKib.put(attempt, usedKib);
    attempts.exceeded(
        attempt,
        "expected at most "
            + limits.get(attempt)
            + " MB of memory on a node, but it used "
            + Math.ceilDiv(usedKib, KIB_PER_MB)
            + " MB: ask for more where that is said (CCP_MAXIMUMMEMORY, --memory or"
            + " --estimatedprocessmemory)");
  }

  /// What those use now that use more than their limit, in KiB.
  private Map<AttemptId, Long> above(Map<AttemptId, Integer> limits) {
    var above = new HashMap<AttemptId, Long>();
    processes(limits.keySet())
        .forEach(
            (attempt, processes) -> {
              var limitKib = (long) Objects.requireNonNull(limits.get(attempt)) * KIB_PER_MB;
              var usedKib = processes.stream().mapToLong(Processes::memoryKib).sum();
              if (usedKib > limitKib) {
                usedKib = processes.stream().mapToLong(Processes::memoryShareKib).sum();
              }
              if (usedKib > limitKib) {
                above.put(attempt, usedKib);
              }
              // What is more is yet to be seen twice.
              peaksKib.merge(attempt, Math.min(usedKib, limitKib), Math::max);
            });
    return above;
  }

  /// The processes of some attempts: what has their mark, and what descends from such, be it
  /// without a mark or with that of an attempt of another cluster.
  private Map<AttemptId, List<Integer>> processes(Set<AttemptId> wanted) {
    var marked = marks.all();
    marked.values().retainAll(wanted);
    var processes = new HashMap<AttemptId, List<Integer>>();
    for (var pid : Processes.all()) {
      Processes.lineage(pid)
          .map(marked::get)
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(
              attempt -> processes.computeIfAbsent(attempt, _ -> new ArrayList<>()).add(pid));
    }
    return processes;
  }

  /// Ends the thread.
  void close() throws InterruptedException {
    closed = true;
    LockSupport.unpark(looker);
    looker.join();
  }
}
