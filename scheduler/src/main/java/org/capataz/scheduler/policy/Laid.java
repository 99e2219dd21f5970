package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.model.Demand;
import org.capataz.model.Parts;
import org.capataz.model.Unit;

/// One claim, as it is laid into some nodes. A run that fits one node is laid on one node; only one
/// that is larger than every node, or that requires several, spans several.
final class Laid {

  private final Snapshot.Claim claim;
  private final Slots slots;
  private final Largest largest;
  private final Unit unit;
  private final Map<Slot, Taken> taken = new LinkedHashMap<>();
  private final Set<Slot> closed = new HashSet<>();
  private int units;
  private int cores;

  /// What is taken of a node.
  private static final class Taken {
    private final Slot.Mark before;
    private Parts parts = Parts.NONE;
    private int memoryMb;

    Taken(Slot slot) {
      before = slot.mark();
    }
  }

  Laid(Snapshot.Claim claim, Slots slots, Largest largest) {
    this.claim = claim;
    this.slots = slots;
    this.largest = largest;
    this.unit = claim.resources().unit();
  }

  /// Cores that it takes.
  int cores() {
    return cores;
  }

  /// Lays the next runs, as many as there is room for; answers whether there was for the first.
  boolean start() {
    var first = true;
    for (var piece : claim.pieces()) {
      var count = lay(piece);
      if (count == 0 && first) {
        return false;
      }
      first = false;
      if (count < piece.count()) {
        break;
      }
    }
    return true;
  }

  /// Lays the next runs, as many as there is room for.
  void next() {
    var _ = start();
  }

  /// Adds units for no run in particular up to the minimum; answers whether there were enough.
  boolean fill() {
    var needed = claim.missing() - units;
    for (var slot : slots) {
      if (needed <= 0) {
        break;
      }
      if (slot.isOpenTo(claim)) {
        var part = Math.min(needed, slot.count(unit));
        take(slot, part, 0);
        needed -= part;
      }
    }
    return needed <= 0;
  }

  private int lay(Snapshot.Piece piece) {
    var demand = piece.demand();
    if (!spans(claim, piece)
        && largest.fitsOneNode(claim.resources(), claim.barred().unfit(), demand)) {
      return layWhole(piece);
    }
    var count = 0;
    while (count < piece.count() && span(piece)) {
      count++;
    }
    return count;
  }

  /// Whether a run is meant for several nodes, even if one were enough.
  private static boolean spans(Snapshot.Claim claim, Snapshot.Piece piece) {
    var demand = piece.demand();
    return demand.nodes().required().size() > 1
        || (claim.resources().unit() == Unit.NODE && piece.widens() && demand.units().max() > 1);
  }

  private int within() {
    return claim.units().max() - claim.held() - units;
  }

  private int layWhole(Snapshot.Piece piece) {
    var demand = piece.demand();
    var each = demand.units().min();
    var memory = demand.memoryMb(each);
    var left = piece.count();
    for (var slot : slots.having(each)) {
      if (left == 0 || within() < each) {
        break;
      }
      if (slot.cores() < each || !isFor(slot, demand) || !mayBeRequired(slot, demand)) {
        continue;
      }
      var available = slot.count(unit);
      var count = Math.min(Math.min(left, available / each), within() / each);
      if (memory > 0) {
        count = Math.min(count, slot.memoryMb() / memory);
      }
      if (demand.nodes().exclusive()) {
        count = Math.min(count, 1);
      }
      if (piece.widens() && count == 1) {
        var width = Math.min(Math.min(demand.units().max(), available), within());
        width = Math.min(width, demand.unitsWithin(slot.memoryMb()));
        take(slot, width, demand.memoryMb(width));
      } else if (count > 0) {
        take(slot, count * each, count * memory);
      }
      close(slot, demand, count);
      left -= count;
    }
    return piece.count() - left;
  }

  private boolean isFor(Slot slot, Demand demand) {
    return slot.isOpenTo(claim)
        && demand.nodes().admits(slot.traits())
        && !claim.closed().contains(slot.node())
        && !closed.contains(slot)
        && !(demand.nodes().exclusive()
            && (claim.nodes().contains(slot.node()) || taken.containsKey(slot)));
  }

  private void close(Slot slot, Demand demand, int count) {
    if (demand.nodes().exclusive() && count > 0) {
      closed.add(slot);
    }
  }

  private static boolean mayBeRequired(Slot slot, Demand demand) {
    var required = demand.nodes().required();
    return required.isEmpty() || required.contains(slot.traits().name());
  }

  /// Lays one run over several nodes, if there is room: the required ones first.
  private boolean span(Snapshot.Piece piece) {
    var demand = piece.demand();
    var most = Math.min(piece.widens() ? demand.units().max() : demand.units().min(), within());
    var needed = demand.units().min();
    var required = new ArrayList<Slot>();
    var others = new ArrayList<Slot>();
    var found = 0;
    for (var slot : slots) {
      if (found >= most && demand.nodes().required().isEmpty()) {
        break;
      }
      var available = isFor(slot, demand) ? available(slot, demand) : 0;
      if (available > 0) {
        var isRequired = demand.nodes().required().contains(slot.traits().name());
        (isRequired ? required : others).add(slot);
        found += available;
      }
    }
    if (required.size() < demand.nodes().required().size() || needed > most) {
      return false;
    }
    var shares = Spread.over(required, others, slot -> available(slot, demand), needed, most);
    shares.forEach(
        (slot, part) -> {
          take(slot, part, demand.memoryMb(part));
          close(slot, demand, part);
        });
    return !shares.isEmpty();
  }

  private int available(Slot slot, Demand demand) {
    return Math.min(slot.count(unit), demand.unitsWithin(slot.memoryMb()));
  }

  private void take(Slot slot, int more, int memoryMb) {
    if (more == 0) {
      return;
    }
    var there = taken.computeIfAbsent(slot, Taken::new);
    var parts = slot.take(claim, more, memoryMb);
    there.parts = there.parts.plus(parts);
    there.memoryMb += memoryMb;
    units += more;
    cores += parts.cores().size();
  }

  /// Gives back all that it has taken.
  void undo() {
    taken.forEach((slot, there) -> slot.reset(there.before));
  }

  List<Plan.Share> shares() {
    var shares = new ArrayList<Plan.Share>(taken.size());
    taken.forEach(
        (slot, there) -> shares.add(new Plan.Share(slot.node(), there.parts, there.memoryMb)));
    return shares;
  }
}
