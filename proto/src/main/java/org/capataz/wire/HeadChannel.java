package org.capataz.wire;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.MetadataUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.capataz.model.Limits;
import org.capataz.model.Refusal;
import org.capataz.model.Result;

/// A connection to one head node, made at the first call and made again when it is lost. Each call
/// over it presents the token.
///
/// The token decides how: one with a fingerprint is sent over TLS alone, to the head node that the
/// fingerprint names; one without is sent in the clear, and therefore to a loopback address alone.
///
/// The channel has an event loop of its own, for Netty's shared one outlives all channels and holds
/// up the end of a Java process by some 300 ms.
public final class HeadChannel implements AutoCloseable {

  public static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  public static final String BEARER = "Bearer ";

  /// A job as large as it may be, and what is said of it.
  private static final int MOST_BYTES = Limits.JOB_BYTES + 1024 * 1024;

  private static final int CONNECT_MILLIS = 5000;
  private static final int KEEPALIVE_SECONDS = 20;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;
  private static final int CLOSE_SECONDS = 2;

  private final ManagedChannel connection;
  private final EventLoopGroup loop;
  private final Channel channel;

  private HeadChannel(ManagedChannel connection, EventLoopGroup loop, Token token) {
    this.connection = connection;
    this.loop = loop;
    var headers = new Metadata();
    headers.put(AUTHORIZATION, BEARER + token.bearer());
    this.channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /// Prepares a connection. Nothing is sent yet.
  ///
  /// @param executor runs the callbacks of asynchronous calls
  /// @return refused if the token would be sent in the clear to another machine
  public static Result<HeadChannel> open(HeadAddress head, Token token, Executor executor) {
    TransportLog.withoutHeaders();
    var loopback = head.loopback();
    if (token.isPlain() && loopback.isEmpty()) {
      return Result.refused(
          new Refusal(
              Refusal.Code.NOT_ALLOWED,
              "expected a token with a fingerprint for "
                  + head
                  + ", but this one is for a head node that listens on a loopback address alone;"
                  + " copy the token again from a head node that listens on other addresses"));
    }
    var loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("capataz-connection", true), NioIoHandler.newFactory());
    var builder =
        (token.isPlain() ? plain(loopback.get(), head.port()) : encrypted(head, token))
            .channelType(NioSocketChannel.class, InetSocketAddress.class)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .eventLoopGroup(loop)
            .executor(executor)
            .disableRetry()
            .maxInboundMessageSize(MOST_BYTES)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return Result.ok(new HeadChannel(builder.build(), loop, token));
  }

  /// A proxy would carry the token off this machine, so that none is asked for.
  private static NettyChannelBuilder plain(InetAddress loopback, int port) {
    return NettyChannelBuilder.forAddress(new InetSocketAddress(loopback, port))
        .usePlaintext()
        .proxyDetector(target -> null);
  }

  private static NettyChannelBuilder encrypted(HeadAddress head, Token token) {
    return NettyChannelBuilder.forAddress(head.host(), head.port()).sslContext(trusting(token));
  }

  /// The JDK's TLS: Netty's own would unpack a native library at every start.
  private static SslContext trusting(Token token) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
          .trustManager(new PinnedTrust(token))
          .protocols("TLSv1.3")
          .build();
    } catch (SSLException broken) {
      throw new IllegalStateException("expected TLS 1.3 in this Java, but there is none", broken);
    }
  }

  public Channel channel() {
    return channel;
  }

  /// Connects at the next call, even if the last attempt failed a moment ago.
  public void resetBackoff() {
    connection.resetConnectBackoff();
  }

  /// Ends all calls and threads of the connection, waiting for them a little.
  @Override
  public void close() {
    connection.shutdownNow();
    loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
