package org.capataz.headnode.security;

import com.sun.management.UnixOperatingSystemMXBean;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections that there are, of which there are never more than so many. Where one more
/// comes, the one that has shown no token for the longest goes: somebody who has one shows it at
/// once, so that strangers take each other's place and nobody else's.
final class Crowd {

  private static final Logger LOG = LoggerFactory.getLogger(Crowd.class);

  /// What a connection costs, with what the other end may send before anybody reads it.
  private static final long CONNECTION_BYTES = 128 * 1024;

  private static final int LEAST_WINDOW = 64 * 1024;
  private static final int MOST_WINDOW = 1024 * 1024;
  private static final int MOST = 16_384;
  private static final int LEAST = 64;

  /// File descriptors for the database, its copies, filters and Java itself.
  private static final int RESERVED_FILES = 256;

  /// Calls without the right token after which a connection ends. gRPC keeps something of each
  /// until the other end says that it is over.
  private static final int MOST_REFUSALS = 16;

  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final int most;
  private final LongSupplier nanoTime;
  private final Map<SocketAddress, One> all = new ConcurrentHashMap<>();

  /// Those that have shown no token, oldest first; also guards the rest.
  private final SequencedSet<One> strangers = new LinkedHashSet<>();

  private long silentUntil;

  /// @param most connections at a time
  /// @param nanoTime a clock that nobody sets
  Crowd(int most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
    this.silentUntil = nanoTime.getAsLong();
  }

  /// As many as this process has file descriptors and memory for.
  static int most(long heapBytes) {
    var files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() - RESERVED_FILES
            : MOST;
    return Math.clamp(Math.min(files, heapBytes / CONNECTION_BYTES), LEAST, MOST);
  }

  int most() {
    return most;
  }

  /// How many bytes the other end of a connection may send before anybody reads them: what all may
  /// send together is not more than half of the memory, where that is enough to be fast.
  static int window(long heapBytes, int most) {
    return Math.clamp(heapBytes / 2 / most, LEAST_WINDOW, MOST_WINDOW);
  }

  /// One connection.
  static final class One {
    private final Channel channel;
    private volatile boolean known;
    private final Map<Room, Room.Share> shares = new ConcurrentHashMap<>();
    private final AtomicInteger refusals = new AtomicInteger();

    private One(Channel channel) {
      this.channel = channel;
    }

    /// Ends it at once: in good order it would end when its calls have.
    private void end() {
      channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
    }

    /// What all its calls together have of a room.
    Room.Share share(Room room) {
      return shares.computeIfAbsent(room, Room.Share::new);
    }
  }

  /// A socket whose connections are counted as they come.
  final class Entrance extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      var number = super.doReadMessages(accepted);
      if (number <= 0 || came((Channel) accepted.getLast())) {
        return number;
      }
      ((Channel) accepted.removeLast()).unsafe().closeForcibly();
      return 0;
    }
  }

  /// Counts a connection until it is closed.
  ///
  /// @return whether it may stay
  boolean came(Channel channel) {
    var address = channel.remoteAddress();
    if (address == null || (all.size() >= most && !makeRoom())) {
      return false;
    }
    var one = new One(channel);
    all.put(address, one);
    synchronized (strangers) {
      strangers.add(one);
    }
    var _ = channel.closeFuture().addListener(closed -> left(address, one));
    return true;
  }

  private void left(SocketAddress address, One one) {
    all.remove(address, one);
    synchronized (strangers) {
      strangers.remove(one);
    }
  }

  private boolean makeRoom() {
    synchronized (strangers) {
      var now = nanoTime.getAsLong();
      if (now - silentUntil >= 0) {
        silentUntil = now + SILENCE_NANOS;
        LOG.warn(
            "there are more than {} connections; those that have shown no token are closed, oldest"
                + " first",
            most);
      }
      // One that came just now has no thread yet to end it.
      if (strangers.isEmpty() || !strangers.getFirst().channel.isRegistered()) {
        return false;
      }
      strangers.removeFirst().end();
      return true;
    }
  }

  /// The connection of a call, if it came by an [Entrance] and is still there.
  @Nullable One of(ServerCall<?, ?> call) {
    var address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return address == null ? null : all.get(address);
  }

  /// A call over the connection has shown a token.
  void know(ServerCall<?, ?> call) {
    var one = of(call);
    if (one != null && !one.known) {
      one.known = true;
      synchronized (strangers) {
        strangers.remove(one);
      }
    }
  }

  /// A call over the connection was refused for want of a token.
  void refused(ServerCall<?, ?> call) {
    var one = of(call);
    if (one != null && one.refusals.incrementAndGet() > MOST_REFUSALS) {
      one.end();
    }
  }
}
