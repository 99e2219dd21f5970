package org.capataz.scheduler.state;

import java.util.Map;

/// Finds what an event speaks of.
final class Known {

  private Known() {}

  /// @throws IllegalStateException if there is nothing under that key
  static <K, V> V in(Map<K, V> map, K key) {
    var value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("expected " + key + " to be known");
    }
    return value;
  }
}
