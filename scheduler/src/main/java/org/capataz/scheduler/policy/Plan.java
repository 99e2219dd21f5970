package org.capataz.scheduler.policy;

import java.util.List;
import java.util.Optional;
import org.capataz.model.Priority;

/// What a policy proposes.
///
/// @param allotments in the order in which they are to be granted
/// @param reclaim jobs of at most this priority hand back what they hold above their minimum, as
///   their tasks end, for a job that waits; empty if that would help none
public record Plan(List<Allotment> allotments, Optional<Priority> reclaim) {

  /// Cores for one job: all of them, or none.
  public record Allotment(int job, List<Share> shares) {}

  /// Cores and memory of one node, beyond what the job holds there.
  public record Share(int node, int cores, int memoryMb) {}
}
