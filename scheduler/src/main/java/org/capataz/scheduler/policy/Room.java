package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.capataz.model.NodeFilter;
import org.capataz.model.NodeOrder;
import org.jspecify.annotations.Nullable;

/// What is free in one pass, and how claims are laid into it: candidate nodes with most free cores
/// first, unless their job orders them otherwise.
final class Room {

  /// Candidates that several claims may have in common.
  private record Choice(NodeFilter nodes, List<NodeOrder> order) {}

  private final Snapshot snapshot;
  private final Largest largest;
  private final Slots slots;
  private final IntFunction<Snapshot.Free> freeOf;
  private final Map<Choice, Slots> candidates = new HashMap<>();
  private final Map<String, Integer> licences;
  private @Nullable Map<Integer, Slot> byNode;
  private int freeCores;

  /// @param free the nodes to lay into, those with most free cores first
  /// @param freeCores how many these have
  /// @param freeOf what is free of one of them
  /// @param licences how many are free of each counted feature
  Room(
      Snapshot snapshot,
      Iterator<Snapshot.Free> free,
      int freeCores,
      IntFunction<Snapshot.Free> freeOf,
      Map<String, Integer> licences,
      Largest largest) {
    this.snapshot = snapshot;
    this.largest = largest;
    this.freeCores = freeCores;
    this.freeOf = freeOf;
    this.licences = new HashMap<>(licences);
    slots =
        Slots.mostFreeFirst(
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return free.hasNext();
              }

              @Override
              public Slot next() {
                var node = free.next();
                var known = byNode == null ? null : byNode.get(node.node());
                return known == null ? new Slot(node) : known;
              }
            });
  }

  boolean isFull() {
    return freeCores == 0;
  }

  int freeCores() {
    return freeCores;
  }

  // Candidates.

  private Slots candidates(NodeFilter nodes, List<NodeOrder> order) {
    return nodes.isAny() && order.isEmpty()
        ? slots
        : candidates.computeIfAbsent(new Choice(nodes, order), this::select);
  }

  private Slots select(Choice choice) {
    var selected = only(slots, slot -> choice.nodes.admits(slot.traits()));
    var comparator = choice.order.stream().map(Room::by).reduce(Comparator::thenComparing);
    // The sort is stable: among equals, those with most free come first.
    comparator.ifPresent(selected::sort);
    return Slots.of(selected);
  }

  private static List<Slot> only(Slots slots, Predicate<Slot> wanted) {
    var chosen = new ArrayList<Slot>();
    for (var slot : slots) {
      if (wanted.test(slot)) {
        chosen.add(slot);
      }
    }
    return chosen;
  }

  private static Comparator<Slot> by(NodeOrder order) {
    Comparator<Slot> ascending =
        switch (order.key()) {
          case CORES -> Comparator.comparingInt(slot -> slot.traits().topology().cores());
          case MEMORY -> Comparator.comparingInt(slot -> slot.traits().memoryMb());
        };
    return order.ascending() ? ascending : ascending.reversed();
  }

  /// The sets of nodes to try one after the other.
  private List<Slots> alternatives(Snapshot.Claim claim) {
    var resources = claim.resources();
    if (resources.nodes().isAny() && resources.order().isEmpty() && !resources.singleNode()) {
      return List.of(admitted(slots, claim));
    }
    var alternatives = new ArrayList<Slots>();
    var choices = resources.nodes().alternatives();
    for (var nodes : choices) {
      if (choices.size() == 1
          || claim.nodes().stream().allMatch(held -> nodes.admits(snapshot.traits(held)))) {
        alternatives.add(admitted(candidates(nodes, resources.order()), claim));
      }
    }
    return resources.singleNode() ? single(alternatives, claim) : alternatives;
  }

  private static Slots admitted(Slots slots, Snapshot.Claim claim) {
    var barred = claim.barred();
    return barred.isNone() ? slots : Slots.of(only(slots, slot -> barred.admits(slot.node())));
  }

  /// Each node alone that has enough.
  private static List<Slots> single(List<Slots> alternatives, Snapshot.Claim claim) {
    var single = new ArrayList<Slots>();
    for (var slots : alternatives) {
      for (var slot : slots.having(claim.missing())) {
        if ((claim.nodes().isEmpty() || claim.nodes().contains(slot.node()))
            && slot.count(claim.resources().unit()) >= claim.missing()) {
          single.add(Slots.of(List.of(slot)));
        }
      }
    }
    return single;
  }

  // Laying.

  /// Lays a claim that has to reach its minimum and run something; null, and nothing taken, if it
  /// cannot.
  @Nullable List<Plan.Share> fit(Snapshot.Claim claim) {
    return fit(claim, Set.of(), shares -> true);
  }

  /// The same, on some nodes only where others do not suffice, and only if somebody agrees.
  @Nullable List<Plan.Share> fit(
      Snapshot.Claim claim, Set<Integer> avoided, Predicate<List<Plan.Share>> agreed) {
    var laid = tryToFit(claim, avoided);
    if (laid == null) {
      return null;
    }
    var shares = laid.shares();
    if (!agreed.test(shares)) {
      undo(laid);
      return null;
    }
    takeLicences(claim.licences());
    slots.settle();
    return shares;
  }

  private void takeLicences(Map<String, Integer> taken) {
    taken.forEach(
        (feature, amount) -> licences.computeIfPresent(feature, (f, left) -> left - amount));
  }

  /// Whether a claim could be laid; takes nothing.
  boolean couldFit(Snapshot.Claim claim) {
    return nodesFor(claim) != null;
  }

  /// The nodes where a claim would be laid, null if it cannot be; takes nothing.
  @Nullable Set<Integer> nodesFor(Snapshot.Claim claim) {
    var laid = tryToFit(claim, Set.of());
    if (laid == null) {
      return null;
    }
    undo(laid);
    return laid.shares().stream().map(Plan.Share::node).collect(Collectors.toSet());
  }

  /// Takes what a job is to hold, if a claim could still be laid beside it; else nothing.
  boolean takeBeside(Snapshot.Claim claim, Snapshot.Holding more) {
    var marks = new HashMap<Slot, Slot.Mark>();
    for (var share : more.shares()) {
      var slot = slot(share.node());
      marks.put(slot, slot.mark());
      slot.take(more, share);
      freeCores -= share.parts().cores().size();
    }
    takeLicences(more.licences());
    if (couldFit(claim)) {
      return true;
    }
    marks.forEach(Slot::reset);
    freeCores += more.cores();
    more.licences()
        .forEach(
            (feature, amount) -> licences.computeIfPresent(feature, (f, left) -> left + amount));
    return false;
  }

  private Slot slot(int node) {
    var known = byNode;
    if (known == null) {
      known = new HashMap<>();
      for (var slot : slots.known()) {
        known.put(slot.node(), slot);
      }
      byNode = known;
    }
    return known.computeIfAbsent(node, id -> new Slot(freeOf.apply(id)));
  }

  private @Nullable Laid tryToFit(Snapshot.Claim claim, Set<Integer> avoided) {
    if (claim.missing() > freeCores || lacksLicences(claim)) {
      return null;
    }
    for (var nodes : alternatives(claim)) {
      var laid = new Laid(claim, avoiding(avoided, nodes), largest);
      var fits = laid.start() && laid.fill();
      freeCores -= laid.cores();
      if (fits) {
        return laid;
      }
      undo(laid);
    }
    return null;
  }

  private static Slots avoiding(Set<Integer> avoided, Slots nodes) {
    if (avoided.isEmpty()) {
      return nodes;
    }
    var inOrder = only(nodes, slot -> !avoided.contains(slot.node()));
    inOrder.addAll(only(nodes, slot -> avoided.contains(slot.node())));
    return Slots.of(inOrder);
  }

  private boolean lacksLicences(Snapshot.Claim claim) {
    return claim.licences().entrySet().stream()
        .anyMatch(
            needed ->
                licences.getOrDefault(needed.getKey(), Integer.MAX_VALUE) < needed.getValue());
  }

  private void undo(Laid laid) {
    freeCores += laid.cores();
    laid.undo();
  }

  /// Lays as much of a running job's next runs as there is room for, outside of what is gathered
  /// for others.
  List<Plan.Share> grow(Snapshot.Claim claim, Optional<Plan.Reclaim> gathered) {
    for (var nodes : alternatives(claim)) {
      var laid = new Laid(claim, open(nodes, claim, gathered), largest);
      laid.next();
      freeCores -= laid.cores();
      if (laid.cores() > 0) {
        slots.settle();
        return laid.shares();
      }
    }
    return List.of();
  }

  private static Slots open(Slots nodes, Snapshot.Claim claim, Optional<Plan.Reclaim> gathered) {
    if (gathered.isEmpty() || claim.priority().compareTo(gathered.get().upTo()) > 0) {
      return nodes;
    }
    var kept = gathered.get().nodes();
    return Slots.of(kept.isEmpty() ? List.of() : only(nodes, slot -> !kept.contains(slot.node())));
  }

  /// What is to be gathered for a claim that has to wait: nothing, if what is free on its
  /// candidates and what others hold there above their minimum would not be enough.
  Optional<Plan.Reclaim> gather(Snapshot.Claim claim) {
    if (lacksLicences(claim)) {
      return Optional.empty();
    }
    var missing = claim.missing();
    var resources = claim.resources();
    if (resources.nodes().isAny() && claim.barred().isNone()) {
      return freeCores + snapshot.reclaimable(claim.priority(), node -> true) >= missing
          ? Optional.of(new Plan.Reclaim(claim.priority(), Set.of()))
          : Optional.empty();
    }
    var nodes = new HashSet<Integer>();
    for (var node : snapshot.all()) {
      if (resources.nodes().admits(node.traits()) && claim.barred().admits(node.node())) {
        nodes.add(node.node());
      }
    }
    var free = 0;
    for (var slot : admitted(candidates(resources.nodes(), List.of()), claim)) {
      free += slot.cores();
    }
    return free + snapshot.reclaimable(claim.priority(), nodes::contains) >= missing
        ? Optional.of(new Plan.Reclaim(claim.priority(), nodes))
        : Optional.empty();
  }
}
