package org.capataz.scheduler.state;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// A set of ordinals, kept as ranges: a sweep of a million instances that has not begun costs one
/// entry.
public final class Ranges {

  /// First ordinal of each range to the one after its last.
  private final TreeMap<Integer, Integer> ranges = new TreeMap<>();

  private int size;

  /// The set of ranges that are given by their bounds: the first ordinal of each, and the one after
  /// its last.
  public static Ranges of(int... bounds) {
    var ranges = new Ranges();
    for (var i = 0; i < bounds.length; i += 2) {
      ranges.add(bounds[i], bounds[i + 1]);
    }
    return ranges;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The lowest ordinal.
  ///
  /// @throws java.util.NoSuchElementException if there is none
  public int first() {
    return ranges.firstKey();
  }

  public boolean contains(int ordinal) {
    var range = ranges.floorEntry(ordinal);
    return range != null && ordinal < range.getValue();
  }

  /// Hands each range, lowest first, as its first ordinal and the one after its last.
  public void forEach(BiConsumer<Integer, Integer> consumer) {
    ranges.forEach(consumer);
  }

  public Ranges copy() {
    var copy = new Ranges();
    copy.ranges.putAll(ranges);
    copy.size = size;
    return copy;
  }

  /// Adds `from` to `to` - 1, none of which may be in the set.
  void add(int from, int to) {
    if (from >= to) {
      return;
    }
    size += to - from;
    var low = from;
    var high = to;
    var before = ranges.floorEntry(from);
    if (before != null && before.getValue() == from) {
      low = before.getKey();
    }
    var after = ranges.remove(to);
    if (after != null) {
      high = after;
    }
    ranges.put(low, high);
  }

  void addAll(Ranges other) {
    other.ranges.forEach(this::add);
  }

  /// Takes one ordinal out.
  ///
  /// @throws IllegalStateException if it is not in the set
  void remove(int ordinal) {
    Map.Entry<Integer, Integer> range = ranges.floorEntry(ordinal);
    if (range == null || ordinal >= range.getValue()) {
      throw new IllegalStateException("expected " + ordinal + " in " + ranges);
    }
    ranges.remove(range.getKey());
    if (range.getKey() < ordinal) {
      ranges.put(range.getKey(), ordinal);
    }
    if (ordinal + 1 < range.getValue()) {
      ranges.put(ordinal + 1, range.getValue());
    }
    size--;
  }

  void clear() {
    ranges.clear();
    size = 0;
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
