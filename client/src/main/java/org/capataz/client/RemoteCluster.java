package org.capataz.client;

/// The cluster behind a gRPC channel.
final class RemoteCluster {

  private RemoteCluster() {}

  static Cluster connect(ConnectOptions options) {
    if (options.heads().isBlank()) {
      throw new CapatazException(
          CapatazException.Code.REFUSED, "expected HOST:PORT, but the address is empty");
    }
    throw new CapatazException(
        CapatazException.Code.UNREACHABLE, "cannot connect to " + options.heads());
  }
}
