package org.capataz.scheduler.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.capataz.model.Demand;
import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.model.Priority;
import org.capataz.model.QueueRules;
import org.capataz.model.Resources;
import org.capataz.model.Span;

/// What a policy sees: read while it plans, and not kept.
public interface Snapshot {

  /// The end of what has no end.
  long NEVER = Long.MAX_VALUE;

  /// Microseconds since 1970.
  long now();

  /// What the administrator has chosen.
  QueueRules rules();

  /// The jobs that cannot go on without cores, first come first: queued ones, and running ones of
  /// which nothing runs.
  Iterable<Claim> claims();

  /// The same jobs, for an order in which they come by merit.
  Iterable<Candidate> candidates();

  /// The running jobs that could use more than they hold, first come first.
  Iterable<Claim> growing();

  /// The nodes that can take work and have cores that no job holds, [those with most free
  /// first][Free#MOST_FREE].
  Iterable<Free> free();

  /// How many cores of these no job holds.
  int freeCores();

  /// What no job holds of a node.
  Free free(int node);

  /// The jobs that hold something of a node.
  Collection<Integer> tenants(int node);

  /// What jobs hold of the nodes that can take work, and when they give it back at the latest: the
  /// one that ends first leading.
  Iterable<Holding> holdings();

  /// Whether any job keeps others from its nodes.
  boolean hasExclusive();

  /// The reservations of the plan before.
  Map<Integer, Long> reservations();

  /// Whether anything may have been given back since these were made.
  boolean hasMoreFree();

  /// What the cluster could hold if nothing ran.
  Largest largest();

  /// All nodes of the cluster, online or not, as they would be if nothing ran.
  List<Free> all();

  NodeTraits traits(int node);

  /// Cores that running jobs of at most that priority hold above their minimum, on some nodes.
  int reclaimable(Priority priority, IntPredicate nodes);

  /// How many licences of each counted feature no job holds. Others there are without end.
  Map<String, Integer> freeLicences();

  /// How many licences of each counted feature there are.
  Map<String, Integer> licences();

  /// What a job holds until it ends.
  ///
  /// @param end when it ends at the latest; [#NEVER] if it has no limit
  /// @param exclusive whether it keeps others from its nodes
  /// @param cores how many it holds
  record Holding(
      int job,
      long end,
      boolean exclusive,
      int cores,
      Iterable<Plan.Share> shares,
      Map<String, Integer> licences) {}

  /// A job's times, in microseconds since 1970.
  ///
  /// @param submitted when it came into the queue
  /// @param started from when its run time counts; 0 while it is queued
  /// @param runtimeSeconds the limit of its run time, 0 for none
  record Times(long submitted, long started, long runtimeSeconds) {

    /// When the job ends at the latest if it starts now, unless it has started already; [#NEVER] if
    /// it has no limit.
    public long end(long now) {
      var start = started == 0 ? now : started;
      return runtimeSeconds == 0 || runtimeSeconds > (NEVER - start) / 1_000_000
          ? NEVER
          : start + runtimeSeconds * 1_000_000;
    }
  }

  /// What a job asks for.
  ///
  /// @param held units that it holds already
  /// @param nodes where it holds them
  /// @param closed of these, where a run of it has no other beside it
  /// @param licences what it has yet to get of them
  record Claim(
      int job,
      Priority priority,
      Times times,
      int held,
      Collection<Integer> nodes,
      Collection<Integer> closed,
      Map<String, Integer> licences,
      Shape shape) {

    Barred barred() {
      return shape.barred;
    }

    Span units() {
      return shape.units;
    }

    public Resources resources() {
      return shape.resources;
    }

    Iterable<Piece> pieces() {
      return shape.pieces;
    }

    /// How many units it lacks to its minimum.
    int missing() {
      return shape.units.min() - held;
    }

    /// The same job, content with its minimum.
    Claim atMinimum() {
      return atMost(units().min());
    }

    /// The same job, content with no more than that.
    ///
    /// @param most at least its minimum
    public Claim atMost(int most) {
      var units = new Span(shape.units.min(), Math.min(shape.units.max(), most));
      return of(new Shape(shape.barred, units, shape.resources, shape.pieces));
    }

    /// The same job with another shape.
    public Claim of(Shape other) {
      return new Claim(job, priority, times, held, nodes, closed, licences, other);
    }
  }

  /// What claims that hold nothing have in common if they fare alike. Those of one and the same
  /// shape are known to be alike without a look at it.
  ///
  /// @param barred where it cannot get anything
  /// @param units what it may hold at least and at most
  /// @param pieces what it would run next, in order
  record Shape(Barred barred, Span units, Resources resources, Iterable<Piece> pieces) {}

  /// Nodes that a job cannot have, whatever is free there.
  ///
  /// @param unfit those that could not be prepared for it, which it does not get any more
  /// @param leaving those that it has to leave first
  record Barred(Set<Integer> unfit, Set<Integer> leaving) {

    public static final Barred NONE = new Barred(Set.of(), Set.of());

    boolean isNone() {
      return unfit.isEmpty() && leaving.isEmpty();
    }

    boolean admits(int node) {
      return !unfit.contains(node) && !leaving.contains(node);
    }
  }

  /// Like runs that may start now.
  ///
  /// @param widens whether one run should get up to its maximum of units, rather than leave them to
  ///   the next
  record Piece(Demand demand, int count, boolean widens) {}

  /// What no job holds of a node.
  record Free(int node, NodeTraits traits, Parts parts, int memoryMb, Tenants tenants) {

    /// Most free cores first, then most free memory, then by number.
    public static final Comparator<Free> MOST_FREE =
        Comparator.<Free>comparingInt(node -> -node.parts.cores().size())
            .thenComparingInt(node -> -node.memoryMb)
            .thenComparingInt(Free::node);
  }

  /// Who holds something of a node.
  ///
  /// @param only the one job that does; 0 for none, -1 for several
  /// @param exclusive whether it keeps the others out
  record Tenants(int only, boolean exclusive) {

    public static final int SEVERAL = -1;

    public static final Tenants NONE = new Tenants(0, false);

    /// Whether a job may come there, or take more.
    boolean admit(int job, boolean exclusively) {
      return only == 0 || only == job || !(exclusive || exclusively);
    }

    /// The tenants with one more.
    public Tenants with(int job, boolean exclusively) {
      return new Tenants(only == 0 || only == job ? job : SEVERAL, exclusive || exclusively);
    }
  }
}
