package org.capataz.wire;

import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/// Keeps tokens out of the log. At level DEBUG the transport writes down every header that it sends
/// or gets, so that whoever looked for a fault at that level would find everybody's token as well.
public final class TransportLog {

  /// Held here, for a logger that nobody holds forgets its level.
  private static final List<Logger> SHOWING_HEADERS =
      Stream.of("NettyServerHandler", "NettyClientHandler")
          .map(name -> Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty." + name))
          .toList();

  /// Where the transport tells, with a stack trace each time, of what clients do wrong.
  private static final List<Logger> TELLING_OF_CLIENTS =
      Stream.of("NettyServerHandler", "NettyServerStream", "NettyServerTransport.connections")
          .map(name -> Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty." + name))
          .toList();

  private TransportLog() {}

  /// Sends what Netty logs to the log that gRPC itself writes to, the JDK's, and stops what would
  /// show headers, at whatever level the rest is logged. To be called before anything connects.
  public static void withoutHeaders() {
    SHOWING_HEADERS.forEach(logger -> logger.setLevel(Level.INFO));
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
  }

  /// Stops what every client, or stranger, can have written to a server's log as often as they
  /// like.
  public static void withoutClientsMistakes() {
    TELLING_OF_CLIENTS.forEach(logger -> logger.setLevel(Level.SEVERE));
  }
}
