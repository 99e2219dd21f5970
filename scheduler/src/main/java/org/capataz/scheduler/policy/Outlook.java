package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What will be free when jobs have ended.
final class Outlook {

  private final Snapshot snapshot;
  private final Largest largest;
  private final List<Snapshot.Holding> starting;

  /// @param starting what jobs are about to hold, which the snapshot has as free
  Outlook(Snapshot snapshot, Largest largest, List<Snapshot.Holding> starting) {
    this.snapshot = snapshot;
    this.largest = largest;
    this.starting = starting;
  }

  /// What is free when some have ended. Looks at the nodes of these alone, unless somebody looks at
  /// others.
  Room after(List<Snapshot.Holding> ended) {
    var changed = new Changes();
    starting.forEach(holding -> changed.add(holding, -1));
    ended.forEach(holding -> changed.add(holding, 1));
    return changed.room();
  }

  /// What is otherwise than it is now.
  private final class Changes {

    /// What is free of the nodes that somebody comes to or leaves.
    private final Map<Integer, Snapshot.Free> free = new LinkedHashMap<>();

    private final Map<Integer, Set<Integer>> tenants = new HashMap<>();
    private final Set<Integer> closed = new HashSet<>();
    private final Map<String, Integer> licences = new HashMap<>(snapshot.freeLicences());
    private int freeCores = snapshot.freeCores();

    /// @param sign 1 for what is given back, -1 for what is taken
    void add(Snapshot.Holding holding, int sign) {
      for (var share : holding.shares()) {
        var before = free.computeIfAbsent(share.node(), snapshot::free);
        var parts =
            sign > 0 ? before.parts().plus(share.parts()) : before.parts().minus(share.parts());
        var there =
            tenants.computeIfAbsent(share.node(), node -> new HashSet<>(snapshot.tenants(node)));
        if (sign > 0) {
          there.remove(holding.job());
        } else {
          there.add(holding.job());
          if (holding.exclusive()) {
            closed.add(share.node());
          }
        }
        freeCores += parts.cores().size() - before.parts().cores().size();
        free.put(
            share.node(),
            new Snapshot.Free(
                before.node(),
                before.traits(),
                parts,
                before.memoryMb() + sign * share.memoryMb(),
                before.tenants()));
      }
      holding
          .licences()
          .forEach(
              (feature, amount) ->
                  licences.computeIfPresent(feature, (name, left) -> left + sign * amount));
    }

    Room room() {
      free.replaceAll(
          (id, node) ->
              new Snapshot.Free(id, node.traits(), node.parts(), node.memoryMb(), tenants(node)));
      var nodes = new ArrayList<>(free.values());
      nodes.removeIf(node -> node.parts().cores().isEmpty());
      nodes.sort(Snapshot.Free.MOST_FREE);
      return new Room(
          snapshot,
          new Merged<>(
              Snapshot.Free.MOST_FREE,
              snapshot.free().iterator(),
              node -> !free.containsKey(node.node()),
              nodes.iterator()),
          freeCores,
          node -> {
            var changed = free.get(node);
            return changed == null ? snapshot.free(node) : changed;
          },
          licences,
          largest);
    }

    private Snapshot.Tenants tenants(Snapshot.Free node) {
      var there = Objects.requireNonNull(tenants.get(node.node()));
      var exclusive = node.tenants().exclusive() || closed.contains(node.node());
      return switch (there.size()) {
        case 0 -> Snapshot.Tenants.NONE;
        case 1 -> new Snapshot.Tenants(there.iterator().next(), exclusive);
        default -> new Snapshot.Tenants(Snapshot.Tenants.SEVERAL, exclusive);
      };
    }
  }
}
