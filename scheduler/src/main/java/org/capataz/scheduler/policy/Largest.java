package org.capataz.scheduler.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.model.Demand;
import org.capataz.model.NodeFilter;
import org.capataz.model.Priority;
import org.capataz.model.Resources;
import org.capataz.model.Span;
import org.capataz.model.Unit;
import org.jspecify.annotations.Nullable;

/// What the cluster could hold if nothing ran: nodes that are offline or unreachable count, for
/// they may come back. Equal questions are answered once.
public final class Largest {

  private record Run(
      Unit unit,
      NodeFilter nodes,
      Set<Integer> unfit,
      Span units,
      int memoryMb,
      Demand.Nodes where) {
    Run {
      unfit = Set.copyOf(unfit);
    }
  }

  private record Ask(Resources resources, Set<Integer> unfit, Span units, List<Demand> next) {
    Ask {
      unfit = Set.copyOf(unfit);
    }
  }

  private final Snapshot snapshot;
  private final Map<Run, Boolean> fits = new HashMap<>();
  private final Map<Ask, Boolean> holds = new HashMap<>();
  private @Nullable List<Snapshot.Free> all;
  private @Nullable Room empty;

  public Largest(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  private List<Snapshot.Free> all() {
    var known = all;
    if (known == null) {
      known = snapshot.all().stream().sorted(Snapshot.Free.MOST_FREE).toList();
      all = known;
    }
    return known;
  }

  /// How many answers it keeps.
  public int answers() {
    return fits.size() + holds.size();
  }

  /// Whether the cluster has no more than one node.
  boolean hasOneNode() {
    return all().size() <= 1;
  }

  /// Whether some node that a job may be given, busy or not, is large enough for a run alone.
  ///
  /// @param unfit nodes that could not be prepared for its job
  public boolean fitsOneNode(Resources resources, Set<Integer> unfit, Demand demand) {
    var run =
        new Run(
            resources.unit(),
            resources.nodes(),
            unfit,
            demand.units(),
            demand.memoryMb(demand.units().min()),
            demand.nodes());
    return fits.computeIfAbsent(run, this::fits);
  }

  private boolean fits(Run run) {
    return all().stream()
        .anyMatch(
            node ->
                node.traits().topology().count(run.unit) >= run.units.min()
                    && node.traits().memoryMb() >= run.memoryMb
                    && (run.where.required().isEmpty()
                        || run.where.required().contains(node.traits().name()))
                    && run.where.admits(node.traits())
                    && run.nodes.admits(node.traits())
                    && !run.unfit.contains(node.node()));
  }

  /// Whether all nodes of the cluster together, but those that are unfit for its job, could give
  /// the claim its minimum and its next run. Where no node has ever registered, nothing is known to
  /// be too much.
  public boolean couldEverHold(Snapshot.Claim claim) {
    var next = claim.pieces().iterator();
    return couldEverHold(
        claim.resources(),
        claim.barred().unfit(),
        claim.units(),
        next.hasNext() ? List.of(next.next().demand()) : List.of());
  }

  /// Whether all nodes of the cluster together could hold the minimum of a job, and a run of it.
  public boolean couldEverHold(Resources resources, Span units, Demand demand) {
    return couldEverHold(resources, Set.of(), units, List.of(demand));
  }

  /// A job that runs until it is canceled may have nothing to run yet.
  private boolean couldEverHold(
      Resources resources, Set<Integer> unfit, Span units, List<Demand> next) {
    return holds.computeIfAbsent(new Ask(resources, unfit, units, next), this::holds);
  }

  private boolean holds(Ask ask) {
    if (all().isEmpty()) {
      return true;
    }
    var room = empty;
    if (room == null) {
      var nodes = all();
      room =
          new Room(
              snapshot,
              nodes.iterator(),
              nodes.stream().mapToInt(node -> node.parts().cores().size()).sum(),
              snapshot::free,
              snapshot.licences(),
              this);
      empty = room;
    }
    return room.couldFit(
        new Snapshot.Claim(
            1,
            Priority.NORMAL,
            new Snapshot.Times(0, 0, 0),
            0,
            List.of(),
            List.of(),
            ask.resources.licences(),
            new Snapshot.Shape(
                new Snapshot.Barred(ask.unfit, Set.of()),
                ask.units,
                ask.resources,
                ask.next.stream().map(demand -> new Snapshot.Piece(demand, 1, false)).toList())));
  }
}
