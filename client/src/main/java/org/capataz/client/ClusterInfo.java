package org.capataz.client;

import java.util.Map;
import java.util.UUID;
import org.capataz.model.JobState;

/// What a cluster says of itself.
///
/// @param epoch raised at each start of the head node
/// @param version of the head node's program
/// @param sequence of the latest event; [WatchOptions#after] goes on from there
/// @param jobs how many jobs are in each state; a state that is absent has none
public record ClusterInfo(
    String name, UUID uuid, long epoch, String version, long sequence, Map<JobState, Long> jobs) {

  public ClusterInfo {
    jobs = Map.copyOf(jobs);
  }
}
