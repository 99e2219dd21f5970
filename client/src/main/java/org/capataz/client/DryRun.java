package org.capataz.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What would become of a job if it were submitted now.
///
/// @param reason one word for programs on what it would wait for, such as `NotEnoughResource`;
///   `None` if it would start at once
/// @param sentence one sentence for people
/// @param jobsAhead jobs that would come before it in the queue
/// @param places what it would start with, now or later; empty where that is not known
/// @param startTime when it would start at the latest, by the run-time limits of the jobs that run
///   or are ahead of it; empty where that is not known
/// @param cores what it may hold, in its unit; it holds nothing yet
/// @param instances runs of all its tasks
public record DryRun(
    String reason,
    String sentence,
    int jobsAhead,
    List<Place> places,
    Optional<Instant> startTime,
    Cores cores,
    long instances) {

  /// What it would hold of a node.
  public record Place(String node, int cores, int gpus) {}

  public DryRun {
    places = List.copyOf(places);
  }
}
