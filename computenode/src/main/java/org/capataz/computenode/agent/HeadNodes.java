package org.capataz.computenode.agent;

import io.grpc.Channel;
import org.capataz.model.Result;

/// The head nodes of a cluster, of which one serves.
@FunctionalInterface
public interface HeadNodes {

  /// The way to one of them: another one each time, in turn. Thread: the agent's.
  ///
  /// @return refused if there is no way, for instance for want of a token; one line for the
  ///   operator
  Result<Way> next();

  /// A channel to be used for one connection.
  ///
  /// @param address of the head node, for people
  /// @param close ends the channel; may take a moment
  record Way(String address, Channel channel, Runnable close) {}
}
