package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What will be free, if jobs end by their limits.
final class Outlook {

  private final Snapshot snapshot;
  private final Largest largest;
  private final List<Snapshot.Holding> holdings;
  private final List<Snapshot.Holding> starting;
  private final Map<Integer, List<Snapshot.Holding>> byNode = new HashMap<>();

  /// @param holdings what jobs hold
  /// @param starting what they are about to hold, which the snapshot has as free
  Outlook(
      Snapshot snapshot,
      Largest largest,
      List<Snapshot.Holding> holdings,
      List<Snapshot.Holding> starting) {
    this.snapshot = snapshot;
    this.largest = largest;
    this.holdings = holdings;
    this.starting = starting;
    index(holdings);
    index(starting);
  }

  private void index(List<Snapshot.Holding> some) {
    for (var holding : some) {
      for (var share : holding.shares()) {
        byNode.computeIfAbsent(share.node(), node -> new ArrayList<>()).add(holding);
      }
    }
  }

  /// What is free when all have ended that end until then.
  Room at(long time) {
    var free = new LinkedHashMap<Integer, Snapshot.Free>();
    snapshot.free().forEach(node -> free.put(node.node(), node));
    var licences = new HashMap<>(snapshot.freeLicences());
    for (var holding : holdings) {
      if (holding.end() <= time) {
        change(free, licences, holding, 1, time);
      }
    }
    for (var holding : starting) {
      if (holding.end() > time) {
        change(free, licences, holding, -1, time);
      }
    }
    return new Room(snapshot, List.copyOf(free.values()), licences, largest);
  }

  private void change(
      Map<Integer, Snapshot.Free> free,
      Map<String, Integer> licences,
      Snapshot.Holding holding,
      int sign,
      long time) {
    for (var share : holding.shares()) {
      var before = free.computeIfAbsent(share.node(), snapshot::free);
      free.put(share.node(), changed(before, share, sign, time));
    }
    holding
        .licences()
        .forEach(
            (feature, amount) ->
                licences.computeIfPresent(feature, (name, left) -> left + sign * amount));
  }

  private Snapshot.Free changed(Snapshot.Free node, Plan.Share share, int sign, long time) {
    var tenants = Snapshot.Tenants.NONE;
    for (var holding : byNode.getOrDefault(node.node(), List.of())) {
      tenants = holding.end() > time ? tenants.with(holding.job(), holding.exclusive()) : tenants;
    }
    return new Snapshot.Free(
        node.node(),
        node.traits(),
        sign > 0 ? node.parts().plus(share.parts()) : node.parts().minus(share.parts()),
        node.memoryMb() + sign * share.memoryMb(),
        tenants);
  }
}
