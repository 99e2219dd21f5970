package org.capataz.scheduler.policy;

import java.util.Arrays;

/// How many cores are free from when on, as far as is known: steps in time, the last of which has
/// no end.
final class Calendar {

  private long[] times = new long[16];
  private int[] levels = new int[16];
  private int size = 1;

  Calendar(long now, int free) {
    times[0] = now;
    levels[0] = free;
  }

  /// Has so many cores more be free from a time on, until another.
  ///
  /// @param cores negative to have fewer
  /// @param end [Snapshot#NEVER] for without end
  void add(long begin, long end, int cores) {
    var from = split(Math.max(begin, times[0]));
    var to = end == Snapshot.NEVER ? size : split(Math.max(end, times[0]));
    for (var i = from; i < to; i++) {
      levels[i] += cores;
    }
  }

  /// The step that begins at a time.
  private int split(long time) {
    var found = Arrays.binarySearch(times, 0, size, time);
    if (found >= 0) {
      return found;
    }
    var at = -found - 1;
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      levels = Arrays.copyOf(levels, 2 * size);
    }
    System.arraycopy(times, at, times, at + 1, size - at);
    System.arraycopy(levels, at, levels, at + 1, size - at);
    times[at] = time;
    levels[at] = levels[at - 1];
    size++;
    return at;
  }

  /// The first time from which on so many cores are free for so long; [Snapshot#NEVER] if there is
  /// none.
  ///
  /// @param from before which it is not to be
  /// @param length in microseconds; [Snapshot#NEVER] for without end
  long first(int cores, long from, long length) {
    var found = Arrays.binarySearch(times, 0, size, from);
    var begin = Snapshot.NEVER;
    for (var i = found >= 0 ? found : Math.max(0, -found - 2); i < size; i++) {
      if (levels[i] < cores) {
        begin = Snapshot.NEVER;
        continue;
      }
      begin = begin == Snapshot.NEVER ? Math.max(from, times[i]) : begin;
      if (i + 1 == size || times[i + 1] - begin >= length) {
        return begin;
      }
    }
    return Snapshot.NEVER;
  }
}
