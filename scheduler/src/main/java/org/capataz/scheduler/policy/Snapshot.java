package org.capataz.scheduler.policy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.capataz.model.Demand;
import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.model.Priority;
import org.capataz.model.Resources;
import org.capataz.model.Span;

/// What a policy sees: read while it plans, and not kept.
public interface Snapshot {

  /// The jobs that cannot go on without cores, first come first: queued ones, and running ones of
  /// which nothing runs.
  Iterable<Claim> claims();

  /// The running jobs that could use more than they hold, first come first.
  Iterable<Claim> growing();

  /// The nodes that can take work and have cores that no job holds.
  List<Free> free();

  /// All nodes of the cluster, online or not, as they would be if nothing ran.
  List<Free> all();

  NodeTraits traits(int node);

  /// Cores that running jobs of at most that priority hold above their minimum, on some nodes.
  int reclaimable(Priority priority, IntPredicate nodes);

  /// How many licences of each counted feature no job holds. Others there are without end.
  Map<String, Integer> freeLicences();

  /// How many licences of each counted feature there are.
  Map<String, Integer> licences();

  /// What a job asks for.
  ///
  /// @param held units that it holds already
  /// @param nodes where it holds them
  /// @param closed of these, where a run of it has no other beside it
  /// @param barred where it cannot get anything
  /// @param units what it may hold at least and at most
  /// @param licences what it has yet to get of them
  /// @param pieces what it would run next, in order
  record Claim(
      int job,
      Priority priority,
      int held,
      Collection<Integer> nodes,
      Collection<Integer> closed,
      Barred barred,
      Span units,
      Resources resources,
      Map<String, Integer> licences,
      Iterable<Piece> pieces) {}

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
  record Free(int node, NodeTraits traits, Parts parts, int memoryMb, Tenants tenants) {}

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
