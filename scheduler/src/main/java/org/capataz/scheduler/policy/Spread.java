package org.capataz.scheduler.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// How a run that spans nodes is divided among them.
public final class Spread {

  private Spread() {}

  /// Divides units: at least one to each place that is required, and no more than a place has.
  ///
  /// @param others places to go on with, in order, where the required ones have too few
  /// @param available how many units a place has, at least one
  /// @param least how many are needed, at least one for each required place
  /// @param most how many are wanted if there are so many
  /// @return units by place; empty if there are not enough
  public static <T> Map<T, Integer> over(
      List<T> required, List<T> others, ToIntFunction<T> available, int least, int most) {
    var shares = new LinkedHashMap<T, Integer>();
    var left = most;
    var toCome = required.size();
    for (var place : required) {
      toCome--;
      var part = Math.min(left - toCome, available.applyAsInt(place));
      shares.put(place, part);
      left -= part;
    }
    for (var place : others) {
      var part = Math.min(left, available.applyAsInt(place));
      if (part > 0) {
        shares.put(place, part);
        left -= part;
      }
    }
    return most - left < least ? Map.of() : shares;
  }
}
