package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.policy.Largest;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.jspecify.annotations.Nullable;

/// What passes have from those before them. Nothing of it is stored: a head node that starts works
/// it out again.
///
/// What queued jobs ask for stays the same until something happens to them, and takes time to work
/// out: a pass looks at many jobs that then wait on, most of which are [at rest][Job#rest].
final class Memory {

  /// How many answers of [Largest] are kept.
  private static final int MOST_ANSWERS = 10_000;

  /// How many shapes of claims are kept.
  private static final int MOST_SHAPES = 10_000;

  private final Map<Integer, Snapshot.Claim> claims = new HashMap<>();
  private final Map<Snapshot.Shape, Snapshot.Shape> shapes = new HashMap<>();
  private @Nullable Largest largest;
  private Map<Integer, Long> reservations = Map.of();
  private long wakeup = Snapshot.NEVER;
  private boolean hasMoreFree;

  /// What a queued job asks for.
  Snapshot.Claim claim(Job queued) {
    var known = claims.get(queued.id());
    if (known == null) {
      var pieces = new ArrayList<Snapshot.Piece>(1);
      StateSnapshot.pieces(queued).forEachRemaining(pieces::add);
      known = StateSnapshot.claim(queued, pieces);
      known = known.of(shared(known.shape()));
      claims.put(queued.id(), known);
    }
    return known;
  }

  /// The one of all shapes that are equal, so that a pass need not compare them.
  private Snapshot.Shape shared(Snapshot.Shape shape) {
    if (shapes.size() >= MOST_SHAPES) {
      shapes.clear();
    }
    var known = shapes.putIfAbsent(shape, shape);
    return known == null ? shape : known;
  }

  /// What the cluster could hold, for who has no snapshot.
  Largest largest(ClusterState state) {
    return largest(new StateSnapshot(state, 0));
  }

  /// What the cluster could hold, by what it has learnt of its nodes.
  Largest largest(Snapshot snapshot) {
    var known = largest;
    if (known == null || known.answers() > MOST_ANSWERS) {
      known = new Largest(snapshot);
      largest = known;
    }
    return known;
  }

  Map<Integer, Long> reservations() {
    return reservations;
  }

  boolean hasMoreFree() {
    return hasMoreFree;
  }

  /// Takes notice of what happened.
  ///
  /// @param frees whether it lets a pass decide otherwise than before
  void heard(Event event, boolean frees) {
    if (event instanceof Event.OfJob ofJob && !(event instanceof Event.JobBlocked)) {
      claims.remove(ofJob.job());
    }
    if (event instanceof Event.OfNode || event instanceof Event.OfCluster) {
      largest = null;
    }
    if (event instanceof Event.ClockSet) {
      reservations = Map.of();
    }
    hasMoreFree |= frees && !(event instanceof Event.JobSubmitted);
  }

  /// Takes notice of what was planned.
  void planned(Plan plan, long now) {
    reservations = plan.reservations();
    hasMoreFree = false;
    wakeup = Snapshot.NEVER;
    for (var begin : reservations.values()) {
      wakeup = begin > now ? Math.min(wakeup, begin) : wakeup;
    }
  }

  /// When the next job is to start as planned.
  long wakeup() {
    return wakeup;
  }
}
