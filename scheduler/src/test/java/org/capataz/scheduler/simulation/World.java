package org.capataz.scheduler.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.jspecify.annotations.Nullable;

/// The processes that there really are, and how those that were really ended: what neither the head
/// node nor the nodes can argue with.
final class World {

  /// A process that lives.
  ///
  /// @param machine where its command runs
  record Running(String machine, Order.Start order) {}

  /// How a process ended.
  ///
  /// @param seen whether its keeper saw it
  record Exit(int code, boolean seen) {}

  private final Map<AttemptId, Running> alive = new LinkedHashMap<>();
  private final Map<InstanceId, AttemptId> instances = new HashMap<>();
  private final Map<AttemptId, Exit> exits = new HashMap<>();
  private final Promises promises;

  World(Promises promises) {
    this.promises = promises;
  }

  void start(String machine, Order.Start order) {
    var id = order.attempt();
    promises.check(
        !alive.containsKey(id) && !exits.containsKey(id), () -> id + " is started twice");
    promises.check(
        !instances.containsKey(id.instance()),
        () -> id + " is started while " + instances.get(id.instance()) + " runs");
    promises.check(!promises.hasEnded(id), () -> id + " is started after its recorded end");
    for (var process : alive.values()) {
      for (var held : process.order.placements()) {
        for (var placement : order.placements()) {
          promises.check(
              held.node() != placement.node() || !held.parts().intersects(placement.parts()),
              () -> id + " and " + process.order.attempt() + " both have parts of " + placement);
        }
      }
    }
    alive.put(id, new Running(machine, order));
    instances.put(id.instance(), id);
  }

  void exit(AttemptId id, Exit exit) {
    if (alive.remove(id) != null) {
      instances.remove(id.instance());
      exits.put(id, exit);
    }
  }

  void powerOff(String machine) {
    alive.entrySet().stream()
        .filter(entry -> entry.getValue().machine.equals(machine))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(id -> exit(id, new Exit(-1, false)));
  }

  boolean isAlive(AttemptId id) {
    return alive.containsKey(id);
  }

  boolean isEmpty() {
    return alive.isEmpty();
  }

  /// How its process ended; null if it has not, or had none.
  @Nullable Exit exit(AttemptId id) {
    return exits.get(id);
  }
}
