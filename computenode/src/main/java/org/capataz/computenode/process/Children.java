package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.capataz.computenode.process.Linux.Call;
import org.jspecify.annotations.Nullable;

/// All child processes of this one, each with what it was started as. There can be one such object
/// in a Java process, and nothing else may start children: [#await] takes whatever ends.
///
/// An end is never told before its start: a process that ends while it is still being announced is
/// held back until that is done.
///
/// @param <T> what a process is started as
public final class Children<T> {

  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final int CLD_EXITED = 1;

  private static final int SIGINFO_BYTES = 128;
  private static final int SI_CODE = 8;
  private static final int SI_PID = 16;
  private static final int SI_STATUS = 24;

  private static final int RUSAGE_BYTES = 144;
  private static final int RU_UTIME = 0;
  private static final int RU_STIME = 16;
  private static final int RU_MAXRSS = 32;

  private static final long KILL_AGAIN_NANOS = 20_000_000;

  private final Launcher launcher = new Launcher();
  private final ConcurrentHashMap<Integer, T> owners = new ConcurrentHashMap<>();

  /// Held from before a process exists until it is announced. Fair, or a busy spawner would starve
  /// the reaper.
  private final ReentrantLock gate = new ReentrantLock(true);

  private final Condition changed = gate.newCondition();
  private boolean childless;
  private boolean closed;

  /// When last looked at; it never falls. The reaper's.
  private long ownPeakKib;

  public Children() {
    Processes.rememberEnds();
  }

  /// Starts a process. Thread: any; one process is started at a time, so that after a crash at most
  /// one can be running that nobody has noted.
  ///
  /// @param announced told of the process before anybody can learn of its end
  /// @return null, or why it could not be started
  public @Nullable StartFailure start(ProcessSpec spec, T owner, Consumer<ProcessId> announced) {
    gate.lock();
    try {
      return switch (launcher.launch(spec)) {
        case Launcher.Outcome.Failed(var failure) -> failure;
        case Launcher.Outcome.Launched(var pid) -> {
          announced.accept(new ProcessId(pid, Processes.startTicks(pid).orElse(0)));
          owners.put(pid, owner);
          childless = false;
          changed.signalAll();
          yield null;
        }
      };
    } finally {
      gate.unlock();
    }
  }

  /// Waits until a process has ended. The same one comes again until it is reaped. Thread: one, the
  /// reaper.
  ///
  /// @return null when closed and no child is left
  public @Nullable Zombie<T> await() throws InterruptedException {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(SIGINFO_BYTES, 8);
      var usage = arena.allocate(RUSAGE_BYTES, 8);
      while (true) {
        // The system call and not the C function, for it has the usage without the reaping.
        var result =
            Linux.call(Call.WAITID, P_ALL, 0, info.address(), WEXITED | WNOWAIT, usage.address());
        if (result == 0) {
          return zombie(info, usage);
        }
        if (result == -Linux.ECHILD && !awaitChild()) {
          return null;
        }
      }
    }
  }

  private Zombie<T> zombie(MemorySegment info, MemorySegment usage) {
    var pid = info.get(JAVA_INT, SI_PID);
    var owner = owners.get(pid);
    if (owner == null) {
      // Either left behind by one of ours, or not yet announced: behind the gate it is known which.
      owner = announced(pid);
    }
    var status = info.get(JAVA_INT, SI_STATUS);
    return new Zombie<>(
        pid,
        owner,
        info.get(JAVA_INT, SI_CODE) == CLD_EXITED
            ? new ExitStatus.Code(status)
            : new ExitStatus.Killed(status),
        new ResourceUsage(micros(usage, RU_UTIME), micros(usage, RU_STIME), maxRssKib(usage)));
  }

  /// Until it executes its program a child shares our memory, and the kernel counts that as the
  /// child's. So what does not clearly exceed our own peak says nothing; clearly, because the
  /// kernel counts pages in each core apart and adds them up now and then.
  private long maxRssKib(MemorySegment usage) {
    var maxRss = usage.get(JAVA_LONG, RU_MAXRSS);
    if (maxRss > ownPeakKib * 9 / 8) {
      ownPeakKib = Processes.ownPeakKib();
    }
    return maxRss > ownPeakKib * 9 / 8 ? maxRss : 0;
  }

  private @Nullable T announced(int pid) {
    gate.lock();
    try {
      return owners.get(pid);
    } finally {
      gate.unlock();
    }
  }

  private static long micros(MemorySegment usage, int offset) {
    return usage.get(JAVA_LONG, offset) * 1_000_000 + usage.get(JAVA_LONG, offset + 8);
  }

  /// Without any child the kernel does not wait; answers false when there will be none again.
  private boolean awaitChild() throws InterruptedException {
    gate.lockInterruptibly();
    try {
      childless = owners.isEmpty();
      changed.signalAll();
      while (owners.isEmpty() && !closed) {
        changed.await();
      }
      return !owners.isEmpty();
    } finally {
      gate.unlock();
    }
  }

  /// Lets the kernel forget a process. From here on its number may be given to another.
  public void reap(Zombie<T> zombie) {
    owners.remove(zombie.pid());
    Linux.call(Call.WAITID, P_PID, zombie.pid(), 0, WEXITED, 0);
  }

  /// The living processes that were left behind by ones of ours that ended, and came to us because
  /// of [Processes#adoptOrphans].
  public Set<Integer> adopted() {
    return Processes.adopted(owners.keySet());
  }

  /// Kills every child, and the processes that become children as their parents die, until there is
  /// none. The reaper must be at work.
  ///
  /// @return whether none is left; a process that does not die may be stuck in the kernel
  public boolean killAll(Duration limit) throws InterruptedException {
    gate.lockInterruptibly();
    try {
      var left = limit.toNanos();
      while (!childless && left > 0) {
        Processes.children().forEach(pid -> Processes.signal(pid, Signal.KILL));
        var pause = Math.min(left, KILL_AGAIN_NANOS);
        left -= pause - Math.max(0, changed.awaitNanos(pause));
      }
      return childless;
    } finally {
      gate.unlock();
    }
  }

  /// Ends [#await] once the last child is reaped.
  public void close() {
    gate.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      gate.unlock();
    }
  }
}
