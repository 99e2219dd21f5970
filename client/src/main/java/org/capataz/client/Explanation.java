package org.capataz.client;

import java.util.List;
import java.util.Optional;

/// Why a job is not running.
///
/// @param reason one word for programs, such as `NotEnoughResource`; newer head nodes know more
/// @param sentence one sentence for people, which names what would start the job
/// @param jobsAhead jobs that come before it in the queue
/// @param place of a queued job that only resources keep from starting, from 1; 0 where that is not
///   known
/// @param merit empty unless QueueOrder is multifactor
public record Explanation(
    JobStatus job,
    String reason,
    String sentence,
    int jobsAhead,
    List<NodeFit> nodes,
    int place,
    Optional<Merit> merit) {

  public Explanation {
    nodes = List.copyOf(nodes);
  }

  /// An explanation of a job that has no place in the queue.
  public Explanation(
      JobStatus job, String reason, String sentence, int jobsAhead, List<NodeFit> nodes) {
    this(job, reason, sentence, jobsAhead, nodes, 0, Optional.empty());
  }

  /// Whether a node can run the job's next task.
  ///
  /// @param fit `fits`, `busy`, `offline`, `unreachable` or `never`; newer head nodes know more
  /// @param detail what is missing; may be empty
  public record NodeFit(String node, String fit, String detail) {}
}
