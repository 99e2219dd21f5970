package org.capataz.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.capataz.model.EndReason;
import org.capataz.model.Result;
import org.capataz.proto.v1.AttemptReport;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Heartbeat;
import org.capataz.proto.v1.Hello;
import org.capataz.proto.v1.Inventory;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.Report;
import org.capataz.wire.HeadChannel;
import org.capataz.wire.Identities;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;

/// Compute nodes that start nothing: what they are to run has ended at once. Each has a connection
/// of its own, and says what a real one says.
final class SimulatedNodes {

  private static final int PROTOCOL = 1;
  private static final int MEMORY_MB = 65_536;
  private static final long MICROS_PER_MILLI = 1000;

  private final CountDownLatch welcomed;
  private final List<Link> links = new ArrayList<>();

  private SimulatedNodes(int count) {
    welcomed = new CountDownLatch(count);
  }

  /// Connects all of them, and serves until it is killed.
  ///
  /// @param arguments `HOST:PORT`, the token's file, how many nodes, cores of each
  public static void main(String[] arguments) throws Exception {
    var address = arguments[0].split(":", 2);
    var count = Integer.parseInt(arguments[2]);
    var cores = Integer.parseInt(arguments[3]);
    if (!(TokenFiles.read(Token.Kind.NODE, Path.of(arguments[1]))
        instanceof Result.Ok<Token>(var token))) {
      throw new IllegalArgumentException("expected a node's token in " + arguments[1]);
    }
    var headers = new Metadata();
    headers.put(HeadChannel.AUTHORIZATION, HeadChannel.BEARER + token.bearer());
    var loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    var nodes = new SimulatedNodes(count);
    for (var number = 1; number <= count; number++) {
      var channel =
          NettyChannelBuilder.forAddress(
                  new InetSocketAddress(address[0], Integer.parseInt(address[1])))
              .usePlaintext()
              .proxyDetector(target -> null)
              .channelType(NioSocketChannel.class, InetSocketAddress.class)
              .eventLoopGroup(loops)
              .directExecutor()
              .maxInboundMessageSize(16 << 20)
              .build();
      var link =
          nodes
          .new Link(
              ClientInterceptors.intercept(
                  channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
      nodes.links.add(link);
      link.send(hello(number, cores));
      // As nodes come when a cluster is switched on, not as a flood.
      if (number % 100 == 0) {
        Thread.sleep(100);
      }
    }
    nodes.welcomed.await();
    System.out.println("connected");
    var _ =
        Executors.newSingleThreadScheduledExecutor()
            .scheduleAtFixedRate(nodes::heartbeat, 1, 1, TimeUnit.SECONDS);
  }

  private int turn;

  /// A part of the nodes, so that each says every 30 s that it lives.
  private void heartbeat() {
    var message =
        NodeMessage.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().setSentNanos(System.nanoTime()))
            .build();
    for (var i = turn % 30; i < links.size(); i += 30) {
      links.get(i).send(message);
    }
    turn++;
  }

  private static NodeMessage hello(int number, int cores) {
    var name = "sim-" + number;
    return NodeMessage.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setProtocol(PROTOCOL)
                .setNode(Identities.toBytes(UUID.nameUUIDFromBytes(name.getBytes(UTF_8))))
                .setName(name)
                .setAddress(name)
                .setBootId("simulated")
                .setInventory(
                    Inventory.newBuilder()
                        .setCores(cores)
                        .setSockets(1)
                        .setMemoryMb(MEMORY_MB)
                        .setOperatingSystem("Linux")
                        .setArchitecture("amd64"))
                .setCores(cores)
                .setMemoryMb(MEMORY_MB))
        .build();
  }

  /// One node's stream.
  private final class Link implements StreamObserver<HeadMessage> {

    private final StreamObserver<NodeMessage> requests;

    Link(Channel channel) {
      // The head node says nothing before it is greeted.
      requests = NodeLinkGrpc.newStub(channel).connect(this);
    }

    synchronized void send(NodeMessage message) {
      requests.onNext(message);
    }

    @Override
    public void onNext(HeadMessage message) {
      switch (message.getContentCase()) {
        case WELCOME -> welcomed.countDown();
        case ORDERS -> {
          var starts = message.getOrders().getStartsList();
          if (!starts.isEmpty()) {
            var report = Report.newBuilder();
            var now = System.currentTimeMillis() * MICROS_PER_MILLI;
            for (var start : starts) {
              report.addAttempts(
                  AttemptReport.newBuilder()
                      .setAttempt(start.getAttempt())
                      .setPhase(AttemptReport.Phase.ENDED)
                      .setStartTime(now)
                      .setEndTime(now + 1)
                      .setEndReason(EndReason.EXITED.number())
                      .setUserMicros(400)
                      .setSystemMicros(600)
                      .setMaxRssKib(1500));
            }
            send(NodeMessage.newBuilder().setReport(report).build());
          }
        }
        case HEARTBEAT, OUTPUT_QUERY, BRANCH_REQUEST, BRANCH_NEWS, CONTENT_NOT_SET -> {}
      }
    }

    @Override
    public void onError(Throwable cause) {
      System.out.println("lost: " + cause);
    }

    @Override
    public void onCompleted() {
      System.out.println("ended");
    }
  }
}
