package org.capataz.scheduler.policy;

import java.util.List;
import java.util.Set;
import org.capataz.model.Demand;
import org.capataz.model.Priority;
import org.capataz.model.Span;

/// What a policy sees: read while it plans, and not kept.
public interface Snapshot {

  /// The jobs that cannot go on without cores, first come first: queued ones, and running ones of
  /// which nothing runs.
  Iterable<Claim> claims();

  /// The running jobs that could use more cores than they hold, first come first.
  Iterable<Claim> growing();

  /// The nodes that can take work and have cores that no job holds.
  List<Free> free();

  /// Cores that running jobs of at most that priority hold above their minimum.
  int reclaimable(Priority priority);

  /// Whether all nodes of the cluster together, online or not, could give the claim its minimum and
  /// its next run. Where no node has ever registered, nothing is known to be too much.
  boolean couldEverHold(Claim claim);

  /// Whether some node of the cluster, busy or not, is large enough for it alone.
  boolean fitsOneNode(Demand demand);

  /// What a job asks for.
  ///
  /// @param held cores that it holds already
  /// @param cores what it may hold at least and at most
  /// @param barred nodes that it cannot have now
  /// @param pieces what it would run next, in order
  record Claim(
      int job,
      Priority priority,
      int held,
      Span cores,
      Set<Integer> barred,
      Iterable<Piece> pieces) {}

  /// Like runs that may start now.
  ///
  /// @param widens whether one run should get up to its maximum of cores, rather than leave them to
  ///   the next
  record Piece(Demand demand, int count, boolean widens) {}

  /// What no job holds of a node.
  record Free(int node, int cores, int memoryMb) {}
}
