package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.capataz.model.Priority;
import org.capataz.model.Unit;
import org.jspecify.annotations.Nullable;

/// Gives every job in turn a reservation, for the first time at which it delays none before it;
/// whenever something was given back they are made anew, one after the other and never later. Only
/// a job of a higher priority that comes into the queue pushes others back.
///
/// Reservations count cores. If a job whose time has come needs more than a number of them, and has
/// to wait on, others start only as far as they do not delay it ([Reservation]).
final class Conservative {

  private final Snapshot snapshot;
  private final Pass pass;
  private final Largest largest;
  private final Calendar calendar;
  private final List<Entry> queue = new ArrayList<>();
  private @Nullable Reservation stuck;

  /// A job in turn, and when it is to start.
  private static final class Entry {
    private final Snapshot.Claim claim;
    private final int cores;
    private long begin = Snapshot.NEVER;

    /// Whether its time has come, but it cannot start.
    private boolean isStuck;

    Entry(Snapshot.Claim claim, int cores) {
      this.claim = claim;
      this.cores = cores;
    }
  }

  Conservative(Snapshot snapshot, Pass pass, Largest largest) {
    this.snapshot = snapshot;
    this.pass = pass;
    this.largest = largest;
    calendar = new Calendar(snapshot.now(), pass.room().freeCores());
    for (var holding : snapshot.holdings()) {
      if (holding.end() != Snapshot.NEVER) {
        var end = Math.max(holding.end(), snapshot.now() + Reservation.SOON);
        calendar.add(end, Snapshot.NEVER, holding.cores());
      }
    }
  }

  /// Lets those jobs start whose time has come.
  ///
  /// @return the first that has to wait; null if there is none
  Snapshot.@Nullable Claim start(Iterator<Snapshot.Claim> turns) {
    reserve(turns);
    Snapshot.Claim first;
    var isStuck = false;
    do {
      if (isStuck) {
        // What was kept for those that are stuck may let others start, and all come earlier.
        remake(true);
      }
      isStuck = false;
      first = null;
      for (var entry : List.copyOf(queue)) {
        var isDue = isDue(entry, first);
        if (isDue && first != null && pass.isGathered(first)) {
          return first;
        }
        var claim = queue.size() > 1 ? entry.claim.atMinimum() : entry.claim;
        if (isDue && pass.fit(claim, stuck)) {
          queue.remove(entry);
          continue;
        }
        first = first == null ? entry.claim : first;
        if (isDue) {
          isStuck = true;
          stuck = stuck == null ? pass.reservation(entry.claim) : stuck;
          entry.isStuck = true;
          put(entry, Snapshot.NEVER);
        }
      }
    } while (isStuck);
    return first;
  }

  /// Whether a job is to start now. Of those that are not first, only one that ends some time.
  private boolean isDue(Entry entry, Snapshot.@Nullable Claim first) {
    return entry.begin <= snapshot.now()
        && !pass.room().isFull()
        && (first == null || length(entry) != Snapshot.NEVER);
  }

  /// When the jobs that wait are to start; not those of which nobody knows.
  Map<Integer, Long> reservations() {
    var begins = new HashMap<Integer, Long>();
    queue.forEach(entry -> begins.put(entry.claim.job(), entry.begin));
    return begins;
  }

  private void reserve(Iterator<Snapshot.Claim> turns) {
    var former = snapshot.reservations();
    Priority newcomer = null;
    while (turns.hasNext()) {
      var claim = turns.next();
      var isNew = !former.containsKey(claim.job());
      if (!isNew || largest.couldEverHold(claim)) {
        queue.add(new Entry(claim, cores(claim)));
        newcomer = isNew && newcomer == null ? claim.priority() : newcomer;
      }
    }
    for (var entry : queue) {
      if (newcomer == null || entry.claim.priority().compareTo(newcomer) >= 0) {
        put(entry, former.getOrDefault(entry.claim.job(), Snapshot.NEVER));
      }
    }
    remake(snapshot.hasMoreFree());
  }

  /// Makes reservations, one after the other.
  ///
  /// @param all not only for those that have none
  private void remake(boolean all) {
    var latest = snapshot.now();
    for (var entry : queue) {
      if (!entry.isStuck
          && (entry.begin == Snapshot.NEVER || (all && entry.begin > snapshot.now()))) {
        put(entry, Snapshot.NEVER);
        put(entry, begin(entry, latest));
      }
      latest = Math.max(latest, entry.begin);
    }
  }

  /// A job without a limit starts before none that is before it in turn.
  private long begin(Entry entry, long latest) {
    var length = length(entry);
    var from = length == Snapshot.NEVER ? latest : snapshot.now();
    return from == Snapshot.NEVER ? from : calendar.first(entry.cores, from, length);
  }

  private long length(Entry entry) {
    var end = entry.claim.times().end(snapshot.now());
    return end == Snapshot.NEVER ? end : Math.max(1, end - snapshot.now());
  }

  /// Changes when a job is to start.
  private void put(Entry entry, long begin) {
    change(entry, entry.cores);
    entry.begin = begin;
    change(entry, -entry.cores);
  }

  private void change(Entry entry, int cores) {
    if (entry.begin != Snapshot.NEVER) {
      var length = length(entry);
      var end = length > Snapshot.NEVER - entry.begin ? Snapshot.NEVER : entry.begin + length;
      calendar.add(entry.begin, end, cores);
    }
  }

  /// How many cores a job needs to start, at a guess where its units have different ones.
  private int cores(Snapshot.Claim claim) {
    var units = claim.missing();
    if (claim.resources().unit() == Unit.CORE) {
      return units;
    }
    return units * perUnit(claim.resources().unit());
  }

  private int perUnit(Unit unit) {
    return snapshot.all().stream()
        .map(node -> node.traits().topology())
        .filter(node -> node.count(unit) > 0)
        .mapToInt(node -> node.cores() / node.count(unit))
        .min()
        .orElse(1);
  }
}
