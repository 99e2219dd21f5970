package org.capataz.headnode.sessions;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.model.AttemptId;
import org.capataz.model.CoreSet;
import org.capataz.model.Limits;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.capataz.model.Topology;
import org.capataz.proto.v1.AttemptReport;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Heartbeat;
import org.capataz.proto.v1.Hello;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.OutputQuery;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.wire.Identities;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the streams of compute nodes, and hands what they say to the engine.
public final class NodeLinkService extends NodeLinkGrpc.NodeLinkImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLinkService.class);
  private static final int MOST_TEXT = 8 * 1024;

  private final EngineLoop loop;
  private final Executor later;
  private final Map<Integer, NodeSession> sessions = new ConcurrentHashMap<>();

  /// Where nodes say that others reach them. A node that has not connected since this head node
  /// started is known by its name meanwhile.
  private final Map<Integer, String> addresses = new ConcurrentHashMap<>();

  private final BranchRelay relay;

  public NodeLinkService(EngineLoop loop) {
    this(
        loop,
        CompletableFuture.delayedExecutor(NodeSession.PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  /// @param later does what it is given when a node has had [NodeSession#PATIENCE] to answer
  NodeLinkService(EngineLoop loop, Executor later) {
    this.loop = loop;
    this.later = later;
    this.relay = new BranchRelay(loop, sessions::get);
  }

  /// Asks a node for a piece of what an attempt wrote. Completes exceptionally if the node is not
  /// connected, or does not answer.
  public CompletableFuture<OutputData> query(int node, AttemptId attempt, OutputQuery query) {
    var session = sessions.get(node);
    return session == null
        ? CompletableFuture.failedFuture(
            Status.UNAVAILABLE
                .withDescription("the node that keeps the output is not connected")
                .asRuntimeException())
        : session.query(name(node), attempt, query);
  }

  private String name(int node) {
    var view = loop.board().node(node);
    return view == null ? "" : view.name();
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<HeadMessage> out) {
    var session = new NodeSession(out, later, addresses::get);
    // With a handler, orders to a node that has just gone are dropped; without, they would throw
    // on the engine's thread.
    ((ServerCallStreamObserver<HeadMessage>) out).setOnCancelHandler(session::gone);
    return new Incoming(session);
  }

  /// One stream's messages, which come one after the other.
  private final class Incoming implements StreamObserver<NodeMessage> {
    private final NodeSession session;
    private @Nullable String name;
    private String address = "";
    private volatile int node;

    Incoming(NodeSession session) {
      this.session = session;
    }

    @Override
    public void onNext(NodeMessage message) {
      if (session.isClosed()) {
        // It was on its way when the stream was ended here.
        return;
      }
      try {
        switch (message.getContentCase()) {
          case HELLO -> hello(message.getHello());
          case REPORT -> report(message.getReport().getAttemptsList());
          case OUTPUT -> session.answered(message.getOutput());
          case BRANCH_REQUEST -> relay.request(node, message.getBranchRequest());
          case BRANCH_NEWS -> relay.news(node, message.getBranchNews());
          case HEARTBEAT -> heartbeat(message.getHeartbeat());
          case CONTENT_NOT_SET -> {}
        }
      } catch (IllegalArgumentException malformed) {
        session.fail(
            Status.INVALID_ARGUMENT.withDescription(
                "expected messages of this protocol, but " + malformed.getMessage()));
        leave();
      }
    }

    private void hello(Hello hello) {
      var refusal = refusal(hello);
      if (refusal != null) {
        // Nobody tells of the end of a stream that is ended here.
        leave();
        session.fail(Status.FAILED_PRECONDITION.withDescription(refusal));
        return;
      }
      name = hello.getName();
      address = hello.getAddress().isEmpty() ? hello.getName() : hello.getAddress();
      var found = hello.getInventory();
      var command =
          new Command.ConnectNode(
              Identities.uuid(hello.getNode()),
              hello.getName(),
              new NodeOffer(
                  topology(hello),
                  hello.getMemoryMb(),
                  new NodeOffer.Found(
                      found.getCores(),
                      found.getSockets(),
                      found.getMemoryMb(),
                      found.getGpusList(),
                      found.getOperatingSystem(),
                      found.getArchitecture()),
                  NodeSession.groups(hello.getGroupsList())),
              hello.getBootId(),
              reports(hello.getAttemptsList()));
      var _ =
          loop.connect(command, session)
              .whenComplete(
                  (result, failure) -> {
                    if (result instanceof Result.Ok<Integer>(var id)) {
                      node = id;
                      addresses.put(id, address);
                      sessions.put(id, session);
                      LOG.info("node {} connected with {} cores", name, command.offer().cores());
                    } else if (result instanceof Result.Refused<Integer>(var why)) {
                      session.fail(Status.FAILED_PRECONDITION.withDescription(why.message()));
                    }
                  });
    }

    /// @throws IllegalArgumentException if there can be no such node
    private static Topology topology(Hello hello) {
      if (hello.getSocketsCount() == 0) {
        return Topology.even(hello.getCores(), 1, hello.getGpus());
      }
      var sockets =
          hello.getSocketsList().stream()
              .map(cores -> cores.getWordsList().stream().mapToLong(Long::longValue).toArray())
              .map(CoreSet::ofWords)
              .toList();
      return new Topology(sockets, hello.getGpus());
    }

    private @Nullable String refusal(Hello hello) {
      if (name != null) {
        return "expected one greeting, but got a second one";
      }
      if (hello.getProtocol() < NodeSession.PROTOCOL) {
        return "expected a node that speaks protocol "
            + NodeSession.PROTOCOL
            + ", but it speaks "
            + hello.getProtocol()
            + "; use one version of Capataz on head node and compute nodes";
      }
      if (hello.getName().isBlank()
          || hello.getName().contains(",")
          || !(Text.name(hello.getName(), Limits.NAME) instanceof Result.Ok<String>)) {
        return "expected a node name without commas, but got '" + Text.shown(hello.getName()) + "'";
      }
      if (!hello.getAddress().isEmpty()
          && (hello.getAddress().chars().anyMatch(Character::isWhitespace)
              || !(Text.name(hello.getAddress(), Limits.NAME) instanceof Result.Ok<String>))) {
        return "expected a host name or an address, but got '"
            + Text.shown(hello.getAddress())
            + "'";
      }
      if (hello.getCores() < 1 || hello.getCores() > Limits.CORES) {
        return "expected 1 to " + Limits.CORES + " cores, but got " + hello.getCores();
      }
      return null;
    }

    /// An answer says that the node counts as connected: it is given from when the engine has let
    /// the node in to when this session ends, of which the engine hears afterwards.
    private void heartbeat(Heartbeat heartbeat) {
      if (node != 0) {
        session.pass(HeadMessage.newBuilder().setHeartbeat(heartbeat).build());
      }
    }

    private void report(List<AttemptReport> attempts) {
      if (node == 0) {
        throw new IllegalArgumentException("a report came before the greeting was accepted");
      }
      // Nobody waits: a report that could not be taken is said again with the next greeting.
      var _ = loop.ask(new Command.Report(node, reports(attempts)));
    }

    @Override
    public void onError(Throwable cause) {
      session.gone();
      leave();
    }

    @Override
    public void onCompleted() {
      leave();
      session.complete();
    }

    private void leave() {
      if (name != null) {
        if (node != 0 && sessions.remove(node, session)) {
          LOG.info("node {} disconnected", name);
        }
        loop.leave(session);
      }
    }
  }

  private static List<org.capataz.scheduler.engine.AttemptReport> reports(
      Collection<AttemptReport> messages) {
    return messages.stream().map(NodeLinkService::report).toList();
  }

  private static org.capataz.scheduler.engine.AttemptReport report(AttemptReport message) {
    var attempt = Identities.ofMessage(message.getAttempt());
    return switch (message.getPhase()) {
      case ACCEPTED -> new org.capataz.scheduler.engine.AttemptReport.Accepted(attempt);
      case RUNNING ->
          new org.capataz.scheduler.engine.AttemptReport.Running(
              attempt, Math.max(1, message.getStartTime()));
      case ENDED -> new org.capataz.scheduler.engine.AttemptReport.Ended(attempt, end(message));
      case UNRECOGNIZED -> throw new IllegalArgumentException("an attempt is in no known phase");
    };
  }

  private static AttemptEnd end(AttemptReport message) {
    return new AttemptEnd(
        NodeSession.reason(message.getEndReason()),
        message.getExitCode(),
        message.getStartTime(),
        message.getEndTime(),
        new AttemptEnd.Usage(
            message.getUserMicros(), message.getSystemMicros(), message.getMaxRssKib()),
        cut(message.getMessage()),
        cut(NodeSession.text(message.getStderrTail())));
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
  }
}
