package org.capataz.computenode.agent;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.function.Consumer;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.jspecify.annotations.Nullable;

/// The connection to the head node: at most one at a time. What arrives goes to the inbox, one
/// message at a time, so that a head node cannot say more than the agent can take in.
///
/// Thread: the agent's, but for the callbacks.
final class HeadLink {

  /// Something that arrived.
  ///
  /// @param session by which connection; one that is not current is not to be heard any more
  record Arrival(Input input, Object session) {}

  private final HeadNodes heads;
  private final Consumer<Arrival> inbox;
  private @Nullable Session current;

  HeadLink(HeadNodes heads, Consumer<Arrival> inbox) {
    this.heads = heads;
    this.inbox = inbox;
  }

  /// Connects and says hello; how that went is heard later.
  void open(Action.Connect connect) {
    close();
    var session = new Session();
    current = session;
    switch (heads.next()) {
      case Result.Ok<HeadNodes.Way>(var way) -> session.begin(way, connect);
      case Result.Refused<HeadNodes.Way>(Refusal(var _, var message)) ->
          session.disconnected(message, true);
    }
  }

  /// Whether what arrived is still to be heard.
  boolean isCurrent(Arrival arrival) {
    return arrival.session() == current;
  }

  /// Lets the head node say one thing more.
  void requestNext() {
    if (current != null) {
      current.requestNext();
    }
  }

  void send(NodeMessage message) {
    if (current != null) {
      current.send(message);
    }
  }

  void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  /// One connection, from the attempt to make it to its loss.
  private final class Session implements ClientResponseObserver<NodeMessage, HeadMessage> {

    private HeadNodes.@Nullable Way way;
    private @Nullable ClientCallStreamObserver<NodeMessage> requests;
    private volatile boolean welcomed;

    void begin(HeadNodes.Way chosen, Action.Connect connect) {
      way = chosen;
      var _ = NodeLinkGrpc.newStub(chosen.channel()).connect(this);
      send(NodeMessages.hello(connect));
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<NodeMessage> stream) {
      requests = stream;
      stream.disableAutoRequestWithInitial(1);
    }

    void requestNext() {
      if (requests != null) {
        requests.request(1);
      }
    }

    void send(NodeMessage message) {
      if (requests != null) {
        requests.onNext(message);
      }
    }

    void close() {
      if (requests != null) {
        requests.cancel("the node has closed the connection", null);
      }
      if (way != null) {
        Thread.startVirtualThread(way.close());
      }
    }

    @Override
    public void onNext(HeadMessage message) {
      try {
        arrived(input(message));
      } catch (IllegalArgumentException broken) {
        disconnected(
            "expected messages of this protocol from "
                + address()
                + ", but: "
                + broken.getMessage(),
            true);
      }
    }

    private Input input(HeadMessage message) {
      return switch (message.getContentCase()) {
        case WELCOME -> {
          welcomed = true;
          yield NodeMessages.ofMessage(message.getWelcome(), address());
        }
        case HEARTBEAT -> new Input.Answering(message.getHeartbeat().getSentNanos());
        case ORDERS -> new Input.Ordered(NodeMessages.ofMessage(message.getOrders()));
        case BRANCH_REQUEST ->
            new Input.Passed(
                new Request.Serve(BranchMessages.ofMessage(message.getBranchRequest())));
        case BRANCH_NEWS ->
            new Input.Passed(new Request.Hear(BranchMessages.ofMessage(message.getBranchNews())));
        case OUTPUT_QUERY -> new Input.Asked(NodeMessages.ofMessage(message.getOutputQuery()));
        case CONTENT_NOT_SET -> throw new IllegalArgumentException("it is of another version");
      };
    }

    @Override
    public void onError(Throwable failure) {
      var status = Status.fromThrowable(failure);
      var refused = isRefusal(status.getCode());
      disconnected(
          (refused ? "refused by " : welcomed ? "lost the connection to " : "cannot connect to ")
              + address()
              + ": "
              + description(status)
              + (refused ? "" : "; trying again"),
          refused);
    }

    @Override
    public void onCompleted() {
      disconnected(address() + " ended the connection; trying again", false);
    }

    private void disconnected(String cause, boolean refused) {
      arrived(new Input.Disconnected(cause.replaceAll("\\R", " "), refused));
    }

    private void arrived(Input input) {
      inbox.accept(new Arrival(input, this));
    }

    private String address() {
      return way == null ? "the head node" : way.address();
    }
  }

  /// Whether the head node does not want this node as it is, so that there is no hurry to try
  /// again.
  private static boolean isRefusal(Status.Code code) {
    return switch (code) {
      case UNAUTHENTICATED,
          PERMISSION_DENIED,
          ALREADY_EXISTS,
          INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          UNIMPLEMENTED ->
          true;
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          NOT_FOUND,
          RESOURCE_EXHAUSTED,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS ->
          false;
    };
  }

  /// What the head node said, or the deepest cause: "io exception" helps nobody.
  private static String description(Status status) {
    var description = status.getDescription();
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause != null && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return description == null ? status.getCode().toString() : description;
  }
}
