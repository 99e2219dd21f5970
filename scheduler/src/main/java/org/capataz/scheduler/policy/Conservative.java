package org.capataz.scheduler.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

  /// Of the first job that finds no node though its time has come.
  private @Nullable Reservation stuck;

  private Snapshot.@Nullable Claim first;

  /// A job in turn, and when it is to start.
  private static final class Entry {
    private final Snapshot.Claim claim;
    private final int cores;
    private long begin = Snapshot.NEVER;

    /// Whether it was found to find no node.
    private boolean isStuck;

    private boolean hasStarted;

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

  /// Makes the reservations, and lets those jobs start whose time has come.
  ///
  /// @return the first that has to wait; null if there is none
  Snapshot.@Nullable Claim start(Iterator<Snapshot.Claim> turns) {
    take(turns);
    var isRemade = snapshot.hasMoreFree() || hasLeft();
    boolean isFreed;
    do {
      isFreed = sweep(isRemade);
      // What was kept for one that finds no node may let others start, and all come earlier.
      isRemade = true;
    } while (isFreed);
    return first;
  }

  /// Whether a job that has a reservation is not in the queue any more.
  private boolean hasLeft() {
    var jobs = queue.stream().map(entry -> entry.claim.job()).collect(Collectors.toSet());
    return !jobs.containsAll(snapshot.reservations().keySet());
  }

  /// Looks at all jobs, one after the other.
  ///
  /// @param isRemade whether those that have reservations get others
  /// @return whether a job gave up a reservation whose time has come
  private boolean sweep(boolean isRemade) {
    var isFreed = false;
    var latest = snapshot.now();
    first = null;
    for (var entry : queue) {
      var before = entry.begin;
      if (before > snapshot.now() && (isRemade || before == Snapshot.NEVER) && !entry.isStuck) {
        put(entry, Snapshot.NEVER);
        put(entry, begin(entry, latest));
      }
      if (entry.begin <= snapshot.now() && !starts(entry) && hasCores(entry)) {
        // It finds no node. What it had for later it keeps.
        isFreed = true;
        entry.isStuck = true;
        put(entry, Snapshot.NEVER);
        put(entry, before > snapshot.now() ? before : Snapshot.NEVER);
        if (entry.begin == Snapshot.NEVER && stuck == null) {
          stuck = pass.reservation(entry.claim);
        }
      }
      if (!entry.hasStarted) {
        first = first == null ? entry.claim : first;
        latest = Math.max(latest, entry.begin);
      }
    }
    queue.removeIf(entry -> entry.hasStarted);
    return isFreed;
  }

  /// Lets a job start, if it may and can. Of those that are not first, only one that ends some
  /// time.
  private boolean starts(Entry entry) {
    var claim = queue.size() > 1 ? entry.claim.atMinimum() : entry.claim;
    entry.hasStarted =
        (first == null || (length(entry) != Snapshot.NEVER && !pass.isGathered(first)))
            && !pass.room().isFull()
            && pass.fit(claim, stuck, first != null);
    return entry.hasStarted;
  }

  /// Who lacks cores at its time gets them from jobs that are about to end.
  private boolean hasCores(Entry entry) {
    return entry.cores <= pass.room().freeCores();
  }

  /// When the jobs that wait are to start; not those of which nobody knows.
  Map<Integer, Long> reservations() {
    var begins = new HashMap<Integer, Long>();
    queue.forEach(entry -> begins.put(entry.claim.job(), entry.begin));
    return begins;
  }

  /// Takes the queue, and the reservations that there are.
  private void take(Iterator<Snapshot.Claim> turns) {
    var former = snapshot.reservations();
    Priority newcomer = null;
    while (turns.hasNext()) {
      var claim = turns.next();
      if (largest.couldEverHold(claim)) {
        queue.add(new Entry(claim, cores(claim)));
        var isNew = !former.containsKey(claim.job());
        newcomer = isNew && newcomer == null ? claim.priority() : newcomer;
      }
    }
    for (var entry : queue) {
      if (newcomer == null || entry.claim.priority().compareTo(newcomer) >= 0) {
        put(entry, former.getOrDefault(entry.claim.job(), Snapshot.NEVER));
      }
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
