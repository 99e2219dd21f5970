package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capataz.model.QueueRules;
import org.jspecify.annotations.Nullable;

/// One look at the queue. One use each.
final class Pass {

  private final Snapshot snapshot;
  private final QueueRules rules;
  private final Largest largest;
  private final Room room;
  private final List<Plan.Allotment> allotments = new ArrayList<>();

  /// What the jobs hold that have just been given something.
  private final List<Snapshot.Holding> started = new ArrayList<>();

  Pass(Snapshot snapshot) {
    this.snapshot = snapshot;
    rules = snapshot.rules();
    largest = snapshot.largest();
    room =
        new Room(
            snapshot,
            snapshot.free().iterator(),
            snapshot.freeCores(),
            snapshot::free,
            snapshot.freeLicences(),
            largest);
  }

  Plan plan() {
    return rules.policy() == QueueRules.Policy.CONSERVATIVE && rules.backfills()
        ? conservative()
        : inTurn(Turns.of(snapshot));
  }

  private Plan inTurn(Iterator<Snapshot.Claim> turns) {
    var first = startInTurn(turns);
    if (first != null && rules.backfills() && !isGathered(first)) {
      backfill(first, turns);
    }
    return plan(first, Map.of());
  }

  private Plan conservative() {
    var conservative = new Conservative(snapshot, this, largest);
    var turns = Turns.of(snapshot);
    var first =
        conservative.start(
            rules.lookahead() < 0 ? turns : new Bounded<>(turns, rules.lookahead() + 1));
    return plan(first, conservative.reservations());
  }

  private Plan plan(Snapshot.@Nullable Claim first, Map<Integer, Long> reservations) {
    // Running jobs must not grow into what the first waiting job is gathering; where it can gather
    // nothing, holding cores back for it would only idle them.
    var reclaim = first == null ? Optional.<Plan.Reclaim>empty() : room.gather(first);
    grow(reclaim);
    return new Plan(allotments, reclaim, reservations);
  }

  Room room() {
    return room;
  }

  /// Lets jobs start until one has to wait, which it answers with.
  private Snapshot.@Nullable Claim startInTurn(Iterator<Snapshot.Claim> turns) {
    while (turns.hasNext()) {
      var claim = turns.next();
      if ((room.isFull() || !fit(claim, null, false)) && largest.couldEverHold(claim)) {
        return claim;
      }
    }
    return null;
  }

  private void allot(Snapshot.Claim claim, List<Plan.Share> shares, boolean overtakes) {
    allotments.add(new Plan.Allotment(claim.job(), shares, overtakes));
    started.add(holding(claim, shares));
  }

  private Snapshot.Holding holding(Snapshot.Claim claim, List<Plan.Share> shares) {
    return new Snapshot.Holding(
        claim.job(),
        claim.times().end(snapshot.now()),
        claim.resources().exclusive(),
        shares.stream().mapToInt(share -> share.parts().cores().size()).sum(),
        shares,
        claim.licences());
  }

  /// Whether others are about to hand something back for the first job in turn. Nobody knows when;
  /// who started in it meanwhile would have it wait for longer.
  boolean isGathered(Snapshot.Claim first) {
    return room.gather(first)
        .filter(
            reclaim ->
                snapshot.reclaimable(reclaim.upTo(), node -> reclaim.concerns(reclaim.upTo(), node))
                    > 0)
        .isPresent();
  }

  // Backfill.

  /// Lets jobs start that do not delay the first one.
  private void backfill(Snapshot.Claim first, Iterator<Snapshot.Claim> turns) {
    Reservation reservation = null;
    var hopelessNow = Collections.<Snapshot.Shape>newSetFromMap(new IdentityHashMap<>());
    var hopelessBeyond = Collections.<Snapshot.Shape>newSetFromMap(new IdentityHashMap<>());
    var candidates = candidates(turns);
    while (!room.isFull() && candidates.hasNext()) {
      var claim = candidates.next();
      var end = claim.times().end(snapshot.now());
      if (end == Snapshot.NEVER || claim.missing() > room.freeCores()) {
        continue;
      }
      if (reservation == null) {
        reservation = reservation(first);
      }
      var hopeless = end > reservation.time() ? hopelessBeyond : hopelessNow;
      if (hopeless.contains(claim.shape())) {
        continue;
      }
      var isElastic = claim.units().max() > claim.units().min();
      if (!fit(claim, reservation, true)
          && !(isElastic && fit(claim.atMinimum(), reservation, true))) {
        hopeless.add(claim.shape());
      }
    }
  }

  Reservation reservation(Snapshot.Claim first) {
    return Reservation.of(snapshot, largest, first, room.freeCores(), started);
  }

  /// Lets a job start, if there is room for it, and a reservation is left as it is.
  ///
  /// @param overtakes whether a job waits that is before it in turn
  boolean fit(Snapshot.Claim claim, @Nullable Reservation reservation, boolean overtakes) {
    if (reservation != null && !reservation.mayAdmit(claim)) {
      return false;
    }
    var shares =
        reservation == null
            ? room.fit(claim)
            : room.fit(
                claim,
                claim.times().end(snapshot.now()) > reservation.time()
                    ? reservation.nodes()
                    : Set.of(),
                possible -> reservation.admits(holding(claim, possible)));
    if (shares != null) {
      allot(claim, shares, overtakes);
    }
    return shares != null;
  }

  private Iterator<Snapshot.Claim> candidates(Iterator<Snapshot.Claim> turns) {
    var within = rules.lookahead() < 0 ? turns : new Bounded<>(turns, rules.lookahead());
    if (rules.policy() != QueueRules.Policy.EASY_SJBF) {
      return within;
    }
    var shortest = new ArrayList<Snapshot.Claim>();
    within.forEachRemaining(shortest::add);
    shortest.sort(
        Comparator.comparing(Snapshot.Claim::priority)
            .reversed()
            .thenComparingLong(claim -> claim.times().end(snapshot.now())));
    return shortest.iterator();
  }

  /// As many of some as there may be.
  private static final class Bounded<T> implements Iterator<T> {
    private final Iterator<T> all;
    private int left;

    Bounded(Iterator<T> all, int most) {
      this.all = all;
      left = most;
    }

    @Override
    public boolean hasNext() {
      return left > 0 && all.hasNext();
    }

    @Override
    public T next() {
      left--;
      return all.next();
    }
  }

  // Growth.

  private void grow(Optional<Plan.Reclaim> reclaim) {
    for (var claim : snapshot.growing()) {
      if (room.isFull()) {
        break;
      }
      var shares = room.grow(claim, reclaim);
      if (!shares.isEmpty()) {
        allotments.add(new Plan.Allotment(claim.job(), shares, false));
      }
    }
  }
}
