package org.capataz.computenode.agent;

import java.util.List;
import java.util.Optional;
import org.capataz.computenode.keeper.BranchNews;
import org.capataz.computenode.keeper.BranchRequest;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Request;

/// What an [AgentMachine] wants done, in this order.
sealed interface Action {

  /// Opens a connection and introduces the node.
  ///
  /// @param attempts all that are known and not acknowledged
  record Connect(
      NodeProfile profile, String bootId, List<OfAttempt> attempts, Optional<ClusterEpoch> seen)
      implements Action {}

  /// Closes the connection; nothing that it still says is to be heard.
  record Disconnect() implements Action {}

  /// Keeps the epoch on disk, before anything else is done.
  record Keep(ClusterEpoch seen) implements Action {}

  /// Tells the head node how attempts stand.
  record Send(List<OfAttempt> attempts) implements Action {}

  /// Tells the head node that the node lives; ends in [Input.Answering] if the head node does.
  ///
  /// @param nanos the present moment
  record Beat(long nanos) implements Action {}

  record Answer(OutputPiece piece) implements Action {}

  /// Passes on what a keeper asks of another. It may get lost: the keeper asks again.
  record Pass(BranchRequest request) implements Action {}

  /// Passes on what a keeper answers another.
  record PassNews(BranchNews news) implements Action {}

  /// Reads output, aside; ends in [Input.Answered].
  record Read(OutputQuery query) implements Action {}

  /// Asks this of the keeper.
  record Ask(Request request) implements Action {}

  /// Tells the operator.
  record Say(Level level, String line) implements Action {}

  enum Level {
    INFO,
    WARNING
  }
}
