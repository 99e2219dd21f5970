package org.capataz.model;

import java.util.List;

/// What a job waits for, and when it is over, apart from resources and tasks.
///
/// @param parents ids of the jobs that must have Finished before it starts
/// @param holdsOnParentFailure whether it stays in the queue when a parent fails or is canceled; if
///   not, it fails at once
/// @param holdUntil microseconds since 1970 before which it does not start; 0 for none
/// @param runUntilCanceled whether it keeps its minimum of resources when its tasks are done
public record JobRules(
    List<Integer> parents, boolean holdsOnParentFailure, long holdUntil, boolean runUntilCanceled) {

  public static final JobRules DEFAULT = new JobRules(List.of(), false, 0, false);

  public JobRules {
    parents = List.copyOf(parents);
  }
}
