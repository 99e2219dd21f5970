package org.capataz.client;

import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.HeadChannel;
import org.capataz.wire.Token;

/// Head nodes reached over the network. A channel connects at its first call only, so that those of
/// head nodes that are never needed cost next to nothing.
final class NetworkHeads implements Heads {

  private final List<HeadAddress> addresses;
  private final List<HeadChannel> channels;
  private volatile int current;
  private volatile boolean closed;

  private NetworkHeads(List<HeadAddress> addresses, List<HeadChannel> channels) {
    this.addresses = addresses;
    this.channels = channels;
  }

  /// @throws CapatazException if the token may not be sent to one of them
  static NetworkHeads open(List<HeadAddress> addresses, Token token) {
    var channels = new ArrayList<HeadChannel>();
    for (var address : addresses) {
      // Callbacks only wake the thread that waits for the answer, so that they need none.
      switch (HeadChannel.open(address, token, Runnable::run)) {
        case Result.Ok<HeadChannel>(var channel) -> channels.add(channel);
        case Result.Refused<HeadChannel>(var refusal) -> {
          channels.forEach(HeadChannel::close);
          throw Failures.of(refusal);
        }
      }
    }
    return new NetworkHeads(addresses, channels);
  }

  @Override
  public Channel channel() {
    if (closed) {
      throw new CapatazException(Code.FAILED, "expected an open cluster, but it was closed");
    }
    return channels.get(current).channel();
  }

  @Override
  public synchronized void lost(Channel channel) {
    if (channels.get(current).channel().equals(channel)) {
      current = (current + 1) % channels.size();
      channels.get(current).resetBackoff();
    }
  }

  @Override
  public String toString() {
    return shown(addresses);
  }

  static String shown(List<HeadAddress> addresses) {
    return addresses.stream().map(HeadAddress::toString).collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    closed = true;
    channels.forEach(HeadChannel::close);
  }
}
