package org.capataz.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// By what the candidate nodes of a job are sorted.
///
/// @param ascending whether those with least of it come first
public record NodeOrder(Key key, boolean ascending) {

  private static final int MOST = 2;

  /// What a node has.
  public enum Key {
    CORES,
    MEMORY
  }

  /// Reads the model's list, such as `-Memory,Cores`; empty for none.
  public static Result<List<NodeOrder>> parse(String text) {
    var orders = new ArrayList<NodeOrder>();
    for (var part : text.split(",", -1)) {
      var word = part.strip().toLowerCase(Locale.ROOT);
      if (word.isEmpty()) {
        continue;
      }
      var ascending = word.startsWith("-");
      var name = ascending ? word.substring(1).strip() : word;
      if (!name.equals("cores") && !name.equals("memory")) {
        return refused(text);
      }
      var key = name.equals("cores") ? Key.CORES : Key.MEMORY;
      if (orders.stream().anyMatch(order -> order.key == key)) {
        return refused(text);
      }
      orders.add(new NodeOrder(key, ascending));
    }
    return orders.size() > MOST ? refused(text) : Result.ok(List.copyOf(orders));
  }

  private static Result<List<NodeOrder>> refused(String text) {
    return Result.invalid(
        "expected Cores, -Cores, Memory or -Memory, or one of each with a comma between, but got '"
            + Text.shown(text)
            + "'");
  }
}
