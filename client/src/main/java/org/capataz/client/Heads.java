package org.capataz.client;

import io.grpc.Channel;

/// The head nodes of one cluster, of which one at a time is talked to.
interface Heads extends AutoCloseable {

  /// The way to the head node that is talked to now.
  ///
  /// @throws CapatazException if this was closed
  Channel channel();

  /// Tells that a call over this channel failed for want of a head node: the next call goes to the
  /// next one, or tries this one anew.
  void lost(Channel channel);

  /// Where they are, for messages.
  @Override
  String toString();

  @Override
  void close();
}
