package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.jspecify.annotations.Nullable;

/// The processes that there really are, and how those that were really ended: what neither the head
/// node nor the nodes can argue with.
final class World {

  /// A process that lives.
  ///
  /// @param machine where it runs
  record Running(String machine, Order.Start order) {
    boolean isOf(String other, AttemptId id) {
      return machine.equals(other) && order.attempt().equals(id);
    }
  }

  /// How a process ended.
  ///
  /// @param seen whether its keeper saw it
  record Exit(int code, boolean seen) {}

  private final List<Running> alive = new ArrayList<>();
  private final Map<InstanceId, AttemptId> instances = new HashMap<>();
  private final Map<AttemptId, Exit> exits = new HashMap<>();
  private final Set<AttemptId> unseen = new HashSet<>();
  private final Set<List<Object>> began = new HashSet<>();
  private final Promises promises;
  private int parts;

  World(Promises promises) {
    this.promises = promises;
  }

  /// A command begins; or what it may start on another of its nodes does.
  void start(String machine, Order.Start order) {
    var id = order.attempt();
    promises.check(began.add(List.of(id, machine)), () -> id + " is started twice");
    promises.check(!promises.hasEnded(id), () -> id + " is started after its recorded end");
    if (order.isCommand()) {
      promises.check(
          !instances.containsKey(id.instance()),
          () -> id + " is started while " + instances.get(id.instance()) + " runs");
      instances.put(id.instance(), id);
    } else {
      parts++;
    }
    var own = order.own();
    for (var process : alive) {
      var held = process.order.own();
      promises.check(
          held.node() != own.node() || !held.parts().intersects(own.parts()),
          () -> id + " and " + process.order.attempt() + " both have parts of " + own);
      promises.check(
          !process.order.attempt().instance().equals(id.instance())
              || process.order.attempt().equals(id),
          () -> id + " is started while something of " + process.order.attempt() + " runs");
    }
    alive.add(new Running(machine, order));
  }

  void exit(String machine, AttemptId id, Exit exit) {
    alive.stream()
        .filter(running -> running.isOf(machine, id))
        .findFirst()
        .ifPresent(running -> exit(running, exit));
  }

  private void exit(Running running, Exit exit) {
    var id = running.order.attempt();
    alive.remove(running);
    if (running.order.isCommand()) {
      instances.remove(id.instance());
      exits.put(id, exit);
    }
    if (!exit.seen()) {
      unseen.add(id);
    }
  }

  void powerOff(String machine) {
    alive.stream()
        .filter(running -> running.machine.equals(machine))
        .toList()
        .forEach(running -> exit(running, new Exit(-1, false)));
  }

  /// Whether something of it lives, wherever.
  boolean isAlive(AttemptId id) {
    return alive.stream().anyMatch(running -> running.order.attempt().equals(id));
  }

  boolean isEmpty() {
    return alive.isEmpty();
  }

  /// How often something was started for a command that runs elsewhere.
  int parts() {
    return parts;
  }

  /// Whether something of it ever ran.
  boolean hasBegun(AttemptId id) {
    return began.stream().anyMatch(begun -> begun.contains(id));
  }

  /// How its command ended; null if it has not, or never began.
  @Nullable Exit exit(AttemptId id) {
    return exits.get(id);
  }

  /// Whether part of it came to an end that its keeper did not see.
  boolean hasUnseen(AttemptId id) {
    return unseen.contains(id);
  }
}
