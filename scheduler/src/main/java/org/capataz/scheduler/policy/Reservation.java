package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.capataz.model.Demand;
import org.capataz.model.Unit;
import org.jspecify.annotations.Nullable;

/// When the first job in turn can start if running jobs end by their limits, and what may be taken
/// beyond that time without keeping it from it. Where nobody knows when enough of them end, it is
/// [Snapshot#NEVER], which every job with a limit ends before.
///
/// Where all that the job needs is a number of cores, wherever they are, cores are counted; else
/// the job is laid into what is free then.
final class Reservation {

  /// When a job ends that should have ended already.
  static final long SOON = 1_000_000;

  private final Snapshot snapshot;
  private final Snapshot.Claim first;
  private final long time;

  /// What is free at that time; null where cores are counted, or where it never comes.
  private final @Nullable Room room;

  private final Set<Integer> nodes;
  private int spareCores;

  private Reservation(
      Snapshot snapshot, Snapshot.Claim first, long time, @Nullable Room room, int spareCores) {
    this.snapshot = snapshot;
    this.first = first;
    this.time = time;
    this.room = room;
    var chosen = room == null ? null : room.nodesFor(first);
    this.nodes = chosen == null ? Set.of() : chosen;
    this.spareCores = spareCores;
  }

  /// @param freeCores how many are free now
  /// @param started what jobs hold that are starting now, which the snapshot does not know
  static Reservation of(
      Snapshot snapshot,
      Largest largest,
      Snapshot.Claim first,
      int freeCores,
      List<Snapshot.Holding> started) {
    var ends =
        new Merged<>(
            Comparator.comparingLong(Snapshot.Holding::end),
            snapshot.holdings().iterator(),
            // What it holds itself it keeps.
            holding -> holding.job() != first.job(),
            started.stream().sorted(Comparator.comparingLong(Snapshot.Holding::end)).iterator());
    var isShared =
        !snapshot.hasExclusive() && started.stream().noneMatch(Snapshot.Holding::exclusive);
    var needed = isShared ? coresNeeded(first, largest) : OptionalInt.empty();
    if (needed.isPresent()) {
      return counted(snapshot, first, needed.getAsInt(), freeCores, ends);
    }
    return placed(snapshot, new Outlook(snapshot, largest, started), first, freeCores, ends);
  }

  /// How many free cores are enough, be they where they may; empty if it matters where.
  private static OptionalInt coresNeeded(Snapshot.Claim claim, Largest largest) {
    var resources = claim.resources();
    if (resources.unit() != Unit.CORE
        || !resources.nodes().isAny()
        || resources.singleNode()
        || resources.exclusive()
        || !claim.barred().isNone()
        || !claim.licences().isEmpty()) {
      return OptionalInt.empty();
    }
    var pieces = claim.pieces().iterator();
    if (!pieces.hasNext()) {
      return OptionalInt.of(claim.missing());
    }
    var demand = pieces.next().demand();
    var one = demand.units().min();
    return demand.memoryMb(one) == 0
            && demand.nodes().equals(Demand.Nodes.ANY)
            && (one == 1
                || largest.hasOneNode()
                || !largest.fitsOneNode(resources, claim.barred().unfit(), demand))
        ? OptionalInt.of(Math.max(one, claim.missing()))
        : OptionalInt.empty();
  }

  private static Reservation counted(
      Snapshot snapshot,
      Snapshot.Claim first,
      int needed,
      int freeCores,
      Iterator<Snapshot.Holding> ends) {
    var now = snapshot.now();
    var time = now;
    var free = freeCores;
    while (ends.hasNext()) {
      var holding = ends.next();
      if (holding.end() == Snapshot.NEVER || (free >= needed && holding.end() > time)) {
        break;
      }
      time = Math.max(holding.end(), now + SOON);
      free += holding.cores();
    }
    return free >= needed
        ? new Reservation(snapshot, first, time, null, free - needed)
        : new Reservation(snapshot, first, Snapshot.NEVER, null, 0);
  }

  /// Finds the first end after which there is room; what has room then has it later too. Looks
  /// ahead in steps that double, for mostly it is near.
  private static Reservation placed(
      Snapshot snapshot,
      Outlook outlook,
      Snapshot.Claim first,
      int freeCores,
      Iterator<Snapshot.Holding> ends) {
    var ended = new ArrayList<Snapshot.Holding>();
    var free = freeCores;
    // So many that end are too few, and so many are enough.
    var few = 0;
    var enough = 0;
    while (enough == 0) {
      while ((ended.size() <= 2 * few || free < first.missing()) && ends.hasNext()) {
        var next = ends.next();
        if (next.end() == Snapshot.NEVER) {
          break;
        }
        ended.add(next);
        free += next.cores();
      }
      if (ended.size() == few) {
        return new Reservation(snapshot, first, Snapshot.NEVER, null, 0);
      }
      if (outlook.after(ended).couldFit(first)) {
        enough = ended.size();
      } else {
        few = ended.size();
      }
    }
    while (enough - few > 1) {
      var middle = (few + enough) >>> 1;
      if (outlook.after(ended.subList(0, middle)).couldFit(first)) {
        enough = middle;
      } else {
        few = middle;
      }
    }
    var time = ended.get(enough - 1).end();
    while (ends.hasNext() && ended.getLast().end() == time) {
      ended.add(ends.next());
    }
    ended.removeIf(holding -> holding.end() > time);
    return new Reservation(
        snapshot, first, Math.max(time, snapshot.now() + SOON), outlook.after(ended), 0);
  }

  long time() {
    return time;
  }

  /// Nodes that the job would be on, as far as that matters.
  Set<Integer> nodes() {
    return nodes;
  }

  /// Whether [#admits] could say yes to what a job gets, at a first look.
  boolean mayAdmit(Snapshot.Claim other) {
    return room != null
        || other.missing() <= spareCores
        || other.times().end(snapshot.now()) <= time;
  }

  /// Whether another job may hold something from now on; counts it in if so.
  boolean admits(Snapshot.Holding other) {
    if (other.end() <= time) {
      return true;
    }
    if (room != null) {
      return room.takeBeside(first, other);
    }
    var cores = other.cores();
    if (other.exclusive()) {
      // It has whole nodes to itself.
      cores = 0;
      for (var share : other.shares()) {
        cores += snapshot.traits(share.node()).topology().cores();
      }
    }
    if (cores > spareCores) {
      return false;
    }
    spareCores -= cores;
    return true;
  }
}
