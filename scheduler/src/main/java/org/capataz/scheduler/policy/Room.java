package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.Demand;
import org.jspecify.annotations.Nullable;

/// The free cores of one pass, and how claims are laid into them: the nodes with most free cores
/// first. A run that fits one node is laid on one node; only one that is larger than every node
/// spans several.
final class Room {

  /// A node's free cores as the pass uses them up.
  private static final class Slot {
    private final int node;
    private int cores;
    private int memoryMb;

    Slot(Snapshot.Free free) {
      node = free.node();
      cores = free.cores();
      memoryMb = free.memoryMb();
    }

    boolean holds(Demand demand) {
      return cores >= demand.cores().min() && memoryMb >= demand.memoryMb();
    }

    void take(int moreCores, int moreMemoryMb) {
      cores -= moreCores;
      memoryMb -= moreMemoryMb;
    }
  }

  private final Snapshot snapshot;
  private final List<Slot> slots = new ArrayList<>();
  private int freeCores;

  Room(Snapshot snapshot) {
    this.snapshot = snapshot;
    for (var free : snapshot.free()) {
      slots.add(new Slot(free));
      freeCores += free.cores();
    }
    slots.sort(
        Comparator.<Slot>comparingInt(slot -> -slot.cores)
            .thenComparingInt(slot -> -slot.memoryMb)
            .thenComparingInt(slot -> slot.node));
  }

  boolean isFull() {
    return freeCores == 0;
  }

  /// Whether what is free, and what others hold above their minimum, would be enough for it.
  boolean couldGather(Snapshot.Claim claim) {
    var free =
        slots.stream()
            .filter(slot -> !claim.barred().contains(slot.node))
            .mapToInt(slot -> slot.cores)
            .sum();
    return free + snapshot.reclaimable(claim.priority()) >= claim.cores().min() - claim.held();
  }

  /// Lays a claim that has to reach its minimum and run something; null, and nothing taken, if it
  /// cannot.
  @Nullable List<Plan.Share> fit(Snapshot.Claim claim) {
    var laid = new Laid(claim);
    var first = true;
    for (var piece : claim.pieces()) {
      var limit = claim.cores().max() - claim.held() - laid.cores;
      var count = laid.lay(piece, limit);
      if (count == 0 && first) {
        laid.undo();
        return null;
      }
      first = false;
      if (count < piece.count()) {
        break;
      }
    }
    if (!laid.fill(claim.cores().min() - claim.held() - laid.cores)) {
      laid.undo();
      return null;
    }
    return laid.shares();
  }

  /// Lays as much of a running job's next runs as there is room for.
  List<Plan.Share> grow(Snapshot.Claim claim) {
    var laid = new Laid(claim);
    for (var piece : claim.pieces()) {
      if (laid.lay(piece, claim.cores().max() - claim.held() - laid.cores) < piece.count()) {
        break;
      }
    }
    return laid.shares();
  }

  /// What has been laid for one claim.
  private final class Laid {
    private final Map<Slot, Plan.Share> taken = new LinkedHashMap<>();
    private final List<Slot> slots;
    private int cores;

    Laid(Snapshot.Claim claim) {
      slots =
          claim.barred().isEmpty()
              ? Room.this.slots
              : Room.this.slots.stream()
                  .filter(slot -> !claim.barred().contains(slot.node))
                  .toList();
    }

    /// Lays as many runs of a piece as fit within `limit` cores; answers how many.
    int lay(Snapshot.Piece piece, int limit) {
      if (snapshot.fitsOneNode(piece.demand())) {
        return layWhole(piece, limit);
      }
      var count = 0;
      while (count < piece.count()
          && span(piece.demand(), limit - count * piece.demand().cores().min())) {
        count++;
      }
      return count;
    }

    private int layWhole(Snapshot.Piece piece, int limit) {
      var demand = piece.demand();
      var each = demand.cores().min();
      var left = piece.count();
      var within = limit;
      for (var slot : slots) {
        if (left == 0 || within < each) {
          break;
        }
        if (slot.holds(demand)) {
          var count = Math.min(Math.min(left, slot.cores / each), within / each);
          if (demand.memoryMb() > 0) {
            count = Math.min(count, slot.memoryMb / demand.memoryMb());
          }
          var width = count * each;
          if (piece.widens() && count == 1) {
            width = Math.min(Math.min(demand.cores().max(), slot.cores), within);
          }
          take(slot, width, count * demand.memoryMb());
          left -= count;
          within -= width;
        }
      }
      return piece.count() - left;
    }

    /// Lays one run over several nodes, if there is room.
    private boolean span(Demand demand, int limit) {
      var needed = demand.cores().min();
      var usable =
          slots.stream()
              .filter(slot -> slot.cores > 0 && slot.memoryMb >= demand.memoryMb())
              .toList();
      if (needed > limit || usable.stream().mapToInt(slot -> slot.cores).sum() < needed) {
        return false;
      }
      for (var slot : usable) {
        if (needed > 0) {
          var part = Math.min(needed, slot.cores);
          take(slot, part, demand.memoryMb());
          needed -= part;
        }
      }
      return true;
    }

    /// Adds cores for no run in particular; answers whether there were enough.
    boolean fill(int missing) {
      var needed = missing;
      for (var slot : slots) {
        if (needed > 0 && slot.cores > 0) {
          var part = Math.min(needed, slot.cores);
          take(slot, part, 0);
          needed -= part;
        }
      }
      return needed <= 0;
    }

    private void take(Slot slot, int moreCores, int moreMemoryMb) {
      slot.take(moreCores, moreMemoryMb);
      freeCores -= moreCores;
      cores += moreCores;
      taken.merge(
          slot,
          new Plan.Share(slot.node, moreCores, moreMemoryMb),
          (a, b) -> new Plan.Share(slot.node, a.cores() + b.cores(), a.memoryMb() + b.memoryMb()));
    }

    void undo() {
      taken.forEach(
          (slot, share) -> {
            slot.take(-share.cores(), -share.memoryMb());
            freeCores += share.cores();
          });
    }

    List<Plan.Share> shares() {
      return List.copyOf(taken.values());
    }
  }
}
