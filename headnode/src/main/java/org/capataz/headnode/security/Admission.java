package org.capataz.headnode.security;

import com.google.protobuf.MessageLite;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.wire.Overload;
import org.jspecify.annotations.Nullable;

/// Bounds what all calls together cost in memory, and how long a request may take to come. A call
/// takes [Room] when it begins and as its request comes, piece by piece, and gives it back when it
/// is over. Where its connection may have no more it is refused with `RESOURCE_EXHAUSTED`, and told
/// to try again; the others go on. A request that does not go on coming ends with
/// `DEADLINE_EXCEEDED`.
///
/// gRPC itself assembles a request before it shows any of it to a service, at any speed, for as
/// many calls as there are.
final class Admission extends ServerStreamTracer.Factory implements ServerInterceptor {

  /// What a call costs that does nothing: its headers, its stream and the thread that waits.
  static final long CALL_BYTES = 16 * 1024;

  /// What a request costs for each of its bytes, from when it comes to when it is answered.
  static final long EXPANSION = 8;

  /// What a piece of a request costs, however small it is.
  private static final long PIECE_BYTES = 64;

  /// How long a request may be late.
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// A request's bytes in a second, below which it is late.
  static final long SLOWEST = 256 * 1024;

  private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / SLOWEST;

  private static final Context.Key<Stay> STAY = Context.key("stay");

  private static final Status BUSY =
      Status.RESOURCE_EXHAUSTED.withDescription(
          "expected room for the request, but the head node has too much to do just now; try again"
              + " later, with fewer or smaller requests at a time, or give it more memory (-Xmx)");

  private static final Status LATE =
      Status.DEADLINE_EXCEEDED.withDescription(
          "expected the rest of the request, but it did not come, or at less than "
              + SLOWEST / 1024
              + " KB a second");

  private final Crowd crowd;
  private final LongSupplier nanoTime;
  private final Room clients;
  private final Room nodes;
  private final Room strangers;

  /// Calls whose requests are coming.
  private final Set<Stay> requests = ConcurrentHashMap.newKeySet();

  /// @param memory bytes that this process may have
  /// @param nanoTime a clock that nobody sets
  Admission(Crowd crowd, long memory, LongSupplier nanoTime) {
    this.crowd = crowd;
    this.nanoTime = nanoTime;
    this.clients = new Room(memory / 4 / crowd.most(), memory / 2);
    this.nodes = new Room(memory / 8 / crowd.most(), memory / 8);
    this.strangers = new Room(0, memory / 64);
  }

  /// The largest request for which there can be room: half of what is common, and not all of that,
  /// for the smaller the pieces in which it comes the more it takes.
  static long mostBytes(long memory) {
    return memory / 40;
  }

  /// What is taken of all rooms.
  long taken() {
    return clients.taken() + nodes.taken() + strangers.taken();
  }

  /// Ends the calls whose requests are late. To be called every now and then.
  void endLateCalls() {
    var now = nanoTime.getAsLong();
    requests.forEach(stay -> stay.look(now));
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Stay();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var stay = Objects.requireNonNull(STAY.get());
    var type = call.getMethodDescriptor().getType();
    if (!stay.begin(share(call), type.clientSendsOneMessage() ? call : null)) {
      call.close(BUSY, Overload.trailers());
      return new ServerCall.Listener<>() {};
    }
    if (!type.clientSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    var answered = type.serverSendsOneMessage() ? new Answered<>(call, stay) : call;
    return new SimpleForwardingServerCallListener<>(next.startCall(answered, headers)) {
      @Override
      public void onHalfClose() {
        if (stay.hasCome()) {
          super.onHalfClose();
        }
      }
    };
  }

  private Room.Share share(ServerCall<?, ?> call) {
    var room =
        Principal.ifKnown().isEmpty()
            ? strangers
            : NodeLinkGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())
                ? nodes
                : clients;
    var connection = crowd.of(call);
    return connection == null ? new Room.Share(room) : connection.share(room);
  }

  /// One call, from its headers to its end.
  private final class Stay extends ServerStreamTracer {
    private Room.Share share = new Room.Share(strangers);
    private long taken;
    private boolean over;

    /// Its call, while the one request of it is coming: then nobody else ends it.
    private @Nullable ServerCall<?, ?> coming;

    /// When it is late.
    private long due;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(STAY, this);
    }

    /// @param one the call, if it has one request and no more
    /// @return whether there was room
    synchronized boolean begin(Room.Share of, @Nullable ServerCall<?, ?> one) {
      share = of;
      if (!take(CALL_BYTES)) {
        return false;
      }
      if (one != null) {
        coming = one;
        due = nanoTime.getAsLong() + PATIENCE_NANOS;
        requests.add(this);
      }
      return true;
    }

    synchronized boolean take(long bytes) {
      if (over || !share.take(bytes)) {
        return false;
      }
      taken += bytes;
      return true;
    }

    private synchronized void keep(long bytes) {
      share.giveBack(taken - bytes);
      taken = bytes;
    }

    @Override
    public synchronized void inboundWireSize(long bytes) {
      if (over) {
        return;
      }
      if (!take((bytes + PIECE_BYTES) * EXPANSION)) {
        if (!refuse(BUSY)) {
          // Of a stream the transport alone may end what others are using.
          throw BUSY.asRuntimeException();
        }
      } else if (coming != null) {
        // However fast it came so far, it must not stop now.
        due += Math.min(bytes * NANOS_PER_BYTE, nanoTime.getAsLong() + PATIENCE_NANOS - due);
      }
    }

    @Override
    public synchronized void inboundMessageRead(int number, long wireSize, long size) {
      if (coming == null && !over) {
        // The messages of a stream are dealt with one at a time.
        keep(CALL_BYTES);
      }
    }

    /// Refuses the call if its request is late.
    synchronized void look(long now) {
      if (now - due > 0) {
        refuse(LATE);
      }
    }

    /// Whether all of the request has come, in time.
    synchronized boolean hasCome() {
      coming = null;
      return requests.remove(this);
    }

    /// Ends the call if its request is coming.
    private boolean refuse(Status status) {
      var refused = coming;
      if (refused == null) {
        return false;
      }
      end();
      refused.close(status, Overload.trailers());
      return true;
    }

    @Override
    public void streamClosed(Status status) {
      end();
    }

    private synchronized void end() {
      over = true;
      coming = null;
      requests.remove(this);
      keep(0);
    }
  }

  /// A call whose one answer takes room too: it waits for a client that does not read it.
  private static final class Answered<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Stay stay;
    private boolean refused;

    Answered(ServerCall<Q, A> call, Stay stay) {
      super(call);
      this.stay = stay;
    }

    @Override
    public void sendMessage(A answer) {
      if (answer instanceof MessageLite message && !stay.take(message.getSerializedSize())) {
        refused = true;
        super.close(BUSY, Overload.trailers());
      } else {
        super.sendMessage(answer);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!refused) {
        super.close(status, trailers);
      }
    }
  }
}
