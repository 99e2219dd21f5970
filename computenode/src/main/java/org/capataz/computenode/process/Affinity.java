package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntSupplier;
import org.capataz.computenode.process.Linux.Call;

/// Which processors a process may run on. A child gets those of the thread that starts it, so that
/// thread is bound for as long as that takes.
final class Affinity {

  /// The kernel's set of as many processors as a node can have.
  private static final int MASK_BYTES = 8192 / 8;

  private Affinity() {}

  /// Does something, such as to start a process, with this thread bound to some processors. Where
  /// the kernel refuses them, for one has been taken offline, it is done unbound.
  ///
  /// @param cpus the kernel's numbers; none to bind to nothing
  static int during(List<Integer> cpus, IntSupplier action) {
    if (cpus.isEmpty()) {
      return action.getAsInt();
    }
    try (var arena = Arena.ofConfined()) {
      var before = arena.allocate(MASK_BYTES, 8);
      var length = Linux.call(Call.SCHED_GETAFFINITY, 0, MASK_BYTES, before.address());
      var isBound = length > 0 && set(mask(arena, cpus));
      try {
        return action.getAsInt();
      } finally {
        if (isBound) {
          set(before);
        }
      }
    }
  }

  private static MemorySegment mask(Arena arena, List<Integer> cpus) {
    var mask = arena.allocate(MASK_BYTES, 8);
    for (var cpu : cpus) {
      if (cpu >= 0 && cpu < MASK_BYTES * 8) {
        var word = cpu / 64;
        mask.setAtIndex(JAVA_LONG, word, mask.getAtIndex(JAVA_LONG, word) | 1L << (cpu % 64));
      }
    }
    return mask;
  }

  private static boolean set(MemorySegment mask) {
    return Linux.call(Call.SCHED_SETAFFINITY, 0, MASK_BYTES, mask.address()) == 0;
  }
}
