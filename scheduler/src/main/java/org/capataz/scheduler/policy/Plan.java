package org.capataz.scheduler.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.capataz.model.Parts;
import org.capataz.model.Priority;

/// What a policy proposes.
///
/// @param allotments in the order in which they are to be granted
/// @param reclaim what is to be gathered for a job that waits; empty if that would help none
/// @param reservations when jobs that wait are to start, by id, in microseconds since 1970;
///   [Snapshot#NEVER] where nobody knows. The next plan is to be made when the first of these comes
public record Plan(
    List<Allotment> allotments, Optional<Reclaim> reclaim, Map<Integer, Long> reservations) {

  /// Shares for one job: all of them, or none.
  ///
  /// @param overtakes whether a job waits that is before it in turn
  public record Allotment(int job, List<Share> shares, boolean overtakes) {}

  /// Cores, GPUs and memory of one node, beyond what the job holds there.
  public record Share(int node, Parts parts, int memoryMb) {}

  /// Jobs of at most this priority hand back what they hold above their minimum, as their tasks
  /// end.
  ///
  /// @param nodes where; everywhere if empty
  public record Reclaim(Priority upTo, Set<Integer> nodes) {

    public boolean concerns(Priority priority, int node) {
      return priority.compareTo(upTo) <= 0 && (nodes.isEmpty() || nodes.contains(node));
    }
  }
}
