package org.capataz.computenode.agent;

import java.time.Duration;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Request;

/// What an [AgentMachine] is told.
sealed interface Input {

  /// The keeper said this; an inventory comes first.
  record Reported(Report report) implements Input {}

  /// The head node took this node in.
  ///
  /// @param head its address, for people
  /// @param heartbeat how often it wants to hear of this node
  record Welcomed(String head, ClusterEpoch epoch, String clusterName, Duration heartbeat)
      implements Input {}

  /// The head node has answered the heartbeat of that time: then, or later, it had this node for
  /// connected.
  record Answering(long nanos) implements Input {}

  record Ordered(Orders orders) implements Input {}

  record Asked(OutputQuery query) implements Input {}

  /// Another node's keeper asks something of this one's, or answers it.
  record Passed(Request request) implements Input {}

  /// The answer to the query of this id.
  record Answered(OutputPiece piece) implements Input {}

  /// The connection ended, or could not be made.
  ///
  /// @param cause one line that names the head node
  /// @param refused whether the head node does not want this node as it is: to be mended by a
  ///   person, so there is no hurry
  record Disconnected(String cause, boolean refused) implements Input {}
}
