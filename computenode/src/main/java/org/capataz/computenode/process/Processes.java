package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.capataz.computenode.process.Linux.Call;

/// This process's place among others, and what `/proc` says of them.
public final class Processes {

  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int CLOCK_BOOTTIME = 7;
  private static final int SIGCHLD = 17;
  private static final int KERNEL_SIGACTION_BYTES = 32;
  private static final int KERNEL_SIGNAL_SET_BYTES = 8;

  /// Positions in `/proc/PID/stat` after the name in parentheses.
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int TERMINAL = 4;
  private static final int START_TICKS = 19;
  private static final int MEMORY = 20;
  private static final int ENVIRONMENT_END = 48;

  /// How long a program may take to get its environment before it is taken for one without.
  private static final long PROGRAM_START_NANOS = 1_000_000_000;

  private static final long LOOK_AGAIN_NANOS = 200_000;

  /// Processes that end and begin while they are looked at cannot make a look endless.
  private static final int MOST_GENERATIONS = 1000;

  private static final String MAIN_THREAD_CHILDREN =
      "/proc/self/task/" + ProcessHandle.current().pid() + "/children";

  private Processes() {}

  /// Makes this process the parent of every descendant whose own parent ends.
  public static void adoptOrphans() {
    expectDone(Linux.call(Call.PRCTL, PR_SET_CHILD_SUBREAPER, 1), "adopt orphans");
  }

  /// Moves this process into a session and a process group of its own, away from signals that are
  /// meant for its parent's. One that leads a group is left where it is: its group is its own.
  public static void leadSession() {
    Linux.call(Call.SETSID);
  }

  /// Whether this process has a controlling terminal; no longer when that was closed.
  public static boolean hasTerminal() {
    return !stat((int) ProcessHandle.current().pid()).get(TERMINAL).equals("0");
  }

  /// Undoes an ignored SIGCHLD, which processes inherit and with which the kernel tells no ends.
  static void rememberEnds() {
    try (var arena = Arena.ofConfined()) {
      var byDefault = arena.allocate(KERNEL_SIGACTION_BYTES, 8);
      expectDone(
          Linux.call(Call.RT_SIGACTION, SIGCHLD, byDefault.address(), 0, KERNEL_SIGNAL_SET_BYTES),
          "reset SIGCHLD");
    }
  }

  private static void expectDone(long result, String what) {
    if (result < 0) {
      throw new IllegalStateException("cannot " + what + ": " + Linux.describe((int) -result));
    }
  }

  /// Sends a signal to a process; a process that is gone is no error.
  public static void signal(int pid, Signal signal) {
    Linux.call(Call.KILL, pid, signal.number());
  }

  /// Sends a signal to all processes of a group; a group that is gone is no error.
  public static void signalGroup(int leader, Signal signal) {
    Linux.call(Call.KILL, -leader, signal.number());
  }

  /// A text that differs after each boot of this machine.
  public static String bootId() {
    return Linux.readProc("/proc/sys/kernel/random/boot_id").strip();
  }

  /// Nanoseconds since this machine was booted. The clock is never set, and runs on while the
  /// machine is suspended; all processes of the machine read the same.
  public static long nanosSinceBoot() {
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocate(2 * Long.BYTES, Long.BYTES);
      if (Linux.call(Call.CLOCK_GETTIME, CLOCK_BOOTTIME, time.address()) != 0) {
        throw new IllegalStateException("expected a Linux that counts from its boot, 2.6.39 on");
      }
      return time.get(JAVA_LONG, 0) * 1_000_000_000 + time.get(JAVA_LONG, Long.BYTES);
    }
  }

  static OptionalLong startTicks(int pid) {
    var stat = stat(pid);
    return stat.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(stat.get(START_TICKS)));
  }

  /// Whether this very process runs; one that has ended and was not collected does not.
  public static boolean isRunning(ProcessId process) {
    var stat = stat(process.pid());
    return !stat.isEmpty()
        && Long.parseLong(stat.get(START_TICKS)) == process.startTicks()
        && !stat.get(STATE).equals("Z");
  }

  /// Whether a process was started by this one, or by one that was.
  public static boolean isDescendant(int pid) {
    var self = (int) ProcessHandle.current().pid();
    return lineage(pid).skip(1).anyMatch(ancestor -> ancestor == self);
  }

  /// A process, its parent, that one's parent and so on, up to the first process of the machine.
  public static Stream<Integer> lineage(int pid) {
    return Stream.iterate(pid, next -> next > 1, Processes::parent).limit(MOST_GENERATIONS);
  }

  private static int parent(int pid) {
    var stat = stat(pid);
    return stat.isEmpty() ? 0 : Integer.parseInt(stat.get(PARENT));
  }

  /// How much memory a process uses that the kernel cannot take back by itself; 0 if it is gone.
  /// What it shares with others counts in full.
  public static long memoryKib(int pid) {
    return kib(Linux.readProc("/proc/" + pid + "/status"), "RssAnon:", "RssShmem:");
  }

  /// As [#memoryKib], but of what it shares its share alone, as far as this process may know that.
  /// Takes the kernel much longer.
  public static long memoryShareKib(int pid) {
    var shares = Linux.readProc("/proc/" + pid + "/smaps_rollup");
    return shares.isEmpty() ? memoryKib(pid) : kib(shares, "Pss_Anon:", "Pss_Shmem:");
  }

  /// The most memory that this process has ever had. What `getrusage` tells may be more: whoever
  /// started us shared its memory with us until we executed our program.
  static long ownPeakKib() {
    return kib(Linux.readProc("/proc/self/status"), "VmHWM:");
  }

  /// The sum of the lines of these names.
  private static long kib(String content, String... names) {
    return content
        .lines()
        .filter(line -> Stream.of(names).anyMatch(line::startsWith))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /// The process of that number, if there is one.
  public static Optional<ProcessId> find(int pid) {
    var ticks = startTicks(pid);
    return ticks.isPresent()
        ? Optional.of(new ProcessId(pid, ticks.getAsLong()))
        : Optional.empty();
  }

  /// The process, if it runs and leads a session.
  public static Optional<ProcessId> sessionLeader(int pid) {
    var stat = stat(pid);
    return stat.isEmpty()
            || stat.get(STATE).equals("Z")
            || Integer.parseInt(stat.get(SESSION)) != pid
        ? Optional.empty()
        : Optional.of(new ProcessId(pid, Long.parseLong(stat.get(START_TICKS))));
  }

  private static List<String> stat(int pid) {
    var stat = Linux.readProc("/proc/" + pid + "/stat");
    var afterName = stat.lastIndexOf(')');
    return afterName < 0 ? List.of() : List.of(stat.substring(afterName + 2).split(" "));
  }

  /// A variable of the environment that a process was given; empty if it has none of that name, has
  /// ended, or is another user's. While a process executes another program the kernel shows no
  /// environment of it: that instant is waited for.
  public static Optional<String> variable(int pid, String name) {
    var start = name + "=";
    return Stream.of(environment(pid).split("\0"))
        .filter(entry -> entry.startsWith(start))
        .map(entry -> entry.substring(start.length()))
        .findFirst();
  }

  private static String environment(int pid) {
    var path = "/proc/" + pid + "/environ";
    var content = Linux.readProc(path);
    var deadline = System.nanoTime() + PROGRAM_START_NANOS;
    while (content.isEmpty() && System.nanoTime() < deadline) {
      var before = environmentEnd(pid);
      content = Linux.readProc(path);
      // That it has none holds if it was in one program before and after.
      if (before.isEmpty() || (!before.equals("0") && before.equals(environmentEnd(pid)))) {
        break;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return content;
  }

  /// Where the environment of a process of ours ends in its memory: elsewhere in each program that
  /// it executes, and at 0 while it is between two. Empty of one that is gone or not ours: of that
  /// one the kernel tells no environment, which only an attempt to open it shows, for root may be
  /// refused what the file's permissions allow.
  private static String environmentEnd(int pid) {
    var stat = stat(pid);
    return stat.isEmpty()
            || stat.get(STATE).equals("Z")
            || stat.get(MEMORY).equals("0")
            || Linux.openError("/proc/" + pid + "/environ", 0) != 0
        ? ""
        : stat.get(ENVIRONMENT_END);
  }

  /// All processes that can be seen.
  public static List<Integer> all() {
    return entries("/proc").filter(name -> name.matches("\\d+")).map(Integer::valueOf).toList();
  }

  /// The children of this process.
  static Set<Integer> children() {
    var children = new HashSet<Integer>();
    entries("/proc/self/task")
        .forEach(thread -> children.addAll(numbers("/proc/self/task/" + thread + "/children")));
    return children;
  }

  /// The children that were not started by this process. The kernel lists a child under the thread
  /// that started it, and an adopted one under the first, which in Java starts nothing.
  static Set<Integer> adopted(Set<Integer> started) {
    var adopted = numbers(MAIN_THREAD_CHILDREN);
    adopted.removeAll(started);
    return adopted;
  }

  private static Set<Integer> numbers(String path) {
    var numbers = new HashSet<Integer>();
    var content = Linux.readProc(path).strip();
    if (!content.isEmpty()) {
      for (var word : content.split(" ", -1)) {
        numbers.add(Integer.valueOf(word));
      }
    }
    return numbers;
  }

  private static Stream<String> entries(String directory) {
    var names = new File(directory).list();
    return names == null ? Stream.empty() : Stream.of(names);
  }
}
