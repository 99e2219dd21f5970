package org.capataz.client;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Head nodes in this process, of which each lost call leads to the next.
final class FakeHeads implements Heads {

  private final List<Server> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private int current;
  int lost;

  FakeHeads(FakeScheduler... schedulers) throws IOException {
    for (var scheduler : schedulers) {
      var name = UUID.randomUUID().toString();
      servers.add(
          InProcessServerBuilder.forName(name)
              .directExecutor()
              .addService(scheduler)
              .build()
              .start());
      channels.add(InProcessChannelBuilder.forName(name).directExecutor().build());
    }
  }

  /// A head node where nobody listens, before the others.
  FakeHeads withSilentFirst() {
    channels.addFirst(
        InProcessChannelBuilder.forName(UUID.randomUUID().toString()).directExecutor().build());
    return this;
  }

  @Override
  public synchronized Channel channel() {
    return channels.get(current);
  }

  @Override
  public synchronized void lost(Channel channel) {
    lost++;
    current = (current + 1) % channels.size();
  }

  @Override
  public String toString() {
    return "fake:5800";
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    servers.forEach(Server::shutdownNow);
  }
}
