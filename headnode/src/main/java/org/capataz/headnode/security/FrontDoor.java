package org.capataz.headnode.security;

import io.grpc.DecompressorRegistry;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.capataz.model.Limits;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.TokenFiles;
import org.capataz.wire.TransportLog;
import org.jspecify.annotations.Nullable;

/// Where the head node listens: without TLS on a loopback address and with TLS on any other, and
/// with a token wanted from whoever comes, the health service excepted.
///
/// Keys and certificates are in the folder `tls` of the head node's data, tokens in `tokens`; both
/// are made where they are missing.
public final class FrontDoor implements AutoCloseable {

  /// A job as large as it may be, and what comes with it.
  private static final int MOST_BYTES = Limits.JOB_BYTES + 64 * 1024;

  private static final int MOST_METADATA_BYTES = 16 * 1024;
  private static final int MOST_CALLS_PER_CONNECTION = 1000;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int CLOSE_SECONDS = 2;
  private static final int LOOK_SECONDS = 1;

  /// Calls that a client may give up in so many seconds. Each leaves work behind that no limit
  /// counts.
  private static final int MOST_RESETS = 1000;

  private static final int RESET_SECONDS = 10;

  private final HeadAddress listen;
  private final InetSocketAddress address;
  private final Tokens tokens;
  private final @Nullable SslContext tls;
  private final Crowd crowd;
  private final Admission admission;
  private final int mostBytes;
  private final int window;
  private final EventLoopGroup acceptors;
  private final EventLoopGroup workers;

  private FrontDoor(
      HeadAddress listen, InetSocketAddress address, Tokens tokens, @Nullable SslContext tls) {
    TransportLog.withoutHeaders();
    TransportLog.withoutClientsMistakes();
    this.listen = listen;
    this.address = address;
    this.tokens = tokens;
    this.tls = tls;
    var memory = Runtime.getRuntime().maxMemory();
    this.crowd = new Crowd(Crowd.most(memory), System::nanoTime);
    this.admission = new Admission(crowd, memory, System::nanoTime);
    this.mostBytes = (int) Math.min(MOST_BYTES, Admission.mostBytes(memory));
    this.window = Crowd.window(memory, crowd.most());
    this.acceptors = loops("capataz-accept", 1);
    this.workers = loops("capataz-io", 0);
    var _ =
        acceptors.scheduleWithFixedDelay(
            admission::endLateCalls, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private static EventLoopGroup loops(String name, int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  /// Prepares to listen; nothing is bound yet.
  ///
  /// @param data folder of the head node
  /// @throws IOException if a key or token cannot be read or made, or the host is unknown; the
  ///   message is one line for the administrator
  public static FrontDoor open(Path data, HeadAddress listen, InstantSource clock)
      throws IOException {
    var loopback = listen.loopback();
    if (loopback.isPresent()) {
      return new FrontDoor(
          listen,
          new InetSocketAddress(loopback.get(), listen.port()),
          Tokens.open(tokens(data), Optional.empty()),
          null);
    }
    return openEncrypted(data, listen, clock);
  }

  /// Prepares to listen with TLS, whatever the address.
  static FrontDoor openEncrypted(Path data, HeadAddress listen, InstantSource clock)
      throws IOException {
    var address = new InetSocketAddress(listen.host(), listen.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException(
          "expected an address of this machine, but the host " + listen.host() + " is unknown");
    }
    var folder = data.resolve("tls");
    try {
      var authority = Authority.open(folder, clock);
      var server = authority.server(folder, names(listen));
      var tls =
          GrpcSslContexts.configure(
                  SslContextBuilder.forServer(
                      server.key(), server.certificate(), authority.certificate()),
                  SslProvider.JDK)
              .protocols("TLSv1.3")
              .build();
      var tokens = Tokens.open(tokens(data), Optional.of(authority.certificate()));
      return new FrontDoor(listen, address, tokens, tls);
    } catch (GeneralSecurityException unusable) {
      throw new IOException(
          "expected usable keys and certificates in " + folder + ", but: " + unusable.getMessage(),
          unusable);
    }
  }

  private static Path tokens(Path data) {
    return data.resolve("tokens");
  }

  /// Names for the certificate. They are for other programs: ours look at the authority alone.
  private static Collection<String> names(HeadAddress listen) {
    Set<String> names = new LinkedHashSet<>();
    if (listen.isWildcard()) {
      names.add("localhost");
      names.add("127.0.0.1");
      hostName().ifPresent(names::add);
    } else {
      names.add(listen.host());
    }
    return names;
  }

  private static Optional<String> hostName() {
    try {
      return Optional.of(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
    } catch (UnknownHostException nameless) {
      return Optional.empty();
    }
  }

  /// A server that listens here, knows who is calling, and bounds what they can cost; what remains
  /// is to add services and an executor.
  public NettyServerBuilder serverBuilder() {
    var builder =
        NettyServerBuilder.forAddress(address)
            .channelFactory(() -> crowd.new Entrance())
            .bossEventLoopGroup(acceptors)
            .workerEventLoopGroup(workers)
            .intercept(admission)
            .intercept(new Doorkeeper(tokens, crowd))
            .addStreamTracerFactory(admission)
            // Who sends little could otherwise have much unpacked; our clients pack nothing.
            .decompressorRegistry(DecompressorRegistry.emptyInstance())
            .flowControlWindow(window)
            .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
            .maxInboundMessageSize(mostBytes)
            .maxInboundMetadataSize(MOST_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTime(20, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .maxConnectionIdle(15, TimeUnit.MINUTES);
    return tls == null ? builder : builder.sslContext(tls);
  }

  /// Whether it is TLS that is spoken here.
  public boolean isEncrypted() {
    return tls != null;
  }

  /// Puts the tokens where the commands of this user find them.
  ///
  /// @param port that was bound
  public void publish(TokenFiles files, int port) throws IOException {
    var heads = new LinkedHashSet<HeadAddress>();
    heads.add(listen.withPort(port));
    if (listen.host().equals("127.0.0.1")) {
      heads.add(new HeadAddress("localhost", port));
    }
    if (listen.isWildcard()) {
      heads.add(new HeadAddress("localhost", port));
      heads.add(new HeadAddress("127.0.0.1", port));
    }
    tokens.publish(files, heads);
  }

  /// Ends the threads of the listener; the server must have been shut down.
  @Override
  public void close() {
    var accepted = acceptors.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    var worked = workers.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    accepted.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    worked.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
