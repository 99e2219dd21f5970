package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.NodeMessage.ContentCase;

/// A head node that says what the test says.
final class FakeHead extends NodeLinkGrpc.NodeLinkImplBase {

  /// A connection as the head node sees it.
  static final class Connection implements StreamObserver<NodeMessage> {
    private final BlockingQueue<NodeMessage> messages = new LinkedBlockingQueue<>();
    private final StreamObserver<HeadMessage> answers;

    Connection(StreamObserver<HeadMessage> answers) {
      this.answers = answers;
    }

    void says(HeadMessage message) {
      answers.onNext(message);
    }

    void fails(Throwable status) {
      answers.onError(status);
    }

    /// What the node said next.
    NodeMessage message(ContentCase kind) throws InterruptedException {
      var message = Objects.requireNonNull(messages.poll(60, TimeUnit.SECONDS));
      assertThat(message.getContentCase()).isEqualTo(kind);
      return message;
    }

    @Override
    public void onNext(NodeMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable lost) {}

    @Override
    public void onCompleted() {}
  }

  private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

  Connection connection() throws InterruptedException {
    return Objects.requireNonNull(connections.poll(60, TimeUnit.SECONDS));
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<HeadMessage> answers) {
    var connection = new Connection(answers);
    connections.add(connection);
    return connection;
  }
}
