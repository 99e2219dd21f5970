package org.capataz.client;

import java.util.List;

/// Why a job is not running.
///
/// @param reason one word for programs, such as `NotEnoughResource`; newer head nodes know more
/// @param sentence one sentence for people, which names what would start the job
/// @param jobsAhead jobs that come before it in the queue
public record Explanation(
    JobStatus job, String reason, String sentence, int jobsAhead, List<NodeFit> nodes) {

  public Explanation {
    nodes = List.copyOf(nodes);
  }

  /// Whether a node can run the job's next task.
  ///
  /// @param fit `fits`, `busy`, `offline`, `unreachable` or `never`; newer head nodes know more
  /// @param detail what is missing; may be empty
  public record NodeFit(String node, String fit, String detail) {}
}
