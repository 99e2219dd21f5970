package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.capataz.computenode.NodeMain;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.proto.v1.AttemptReport;
import org.capataz.proto.v1.AttemptReport.Phase;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Launch;
import org.capataz.proto.v1.NodeMessage.ContentCase;
import org.capataz.proto.v1.Orders;
import org.capataz.proto.v1.OutputQuery;
import org.capataz.proto.v1.Placement;
import org.capataz.proto.v1.Start;
import org.capataz.proto.v1.Welcome;
import org.capataz.wire.Identities;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node as it is: keeper, agent and tasks are processes, the connection is a socket. The head
/// node is played by the test.
final class NodeProcessTest {

  private static final UUID CLUSTER = new UUID(1, 1);
  private static final AttemptId ATTEMPT = new AttemptId(CLUSTER, 5, new InstanceId(12, 2, 17), 1);

  @TempDir private Path root;
  private final FakeHead head = new FakeHead();
  private Server server;
  private Process node;

  @BeforeEach
  void start() throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = NettyServerBuilder.forAddress(loopback).addService(head).build().start();
    var token = root.resolve("token");
    TokenFiles.write(token, Token.create(Token.Kind.NODE, new SecureRandom()));
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            NodeMain.class.getName(),
            "--head=127.0.0.1:" + server.getPort(),
            "--name=n1",
            "--cores=2",
            "--data=" + root.resolve("node"));
    builder.environment().put("CAPATAZ_TOKEN_FILE", token.toString());
    builder.redirectErrorStream(true).redirectOutput(root.resolve("node.log").toFile());
    node = builder.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    node.descendants().forEach(ProcessHandle::destroyForcibly);
    node.destroyForcibly().waitFor();
    server.shutdownNow().awaitTermination();
  }

  @Test
  void anExitCodeArrivesThoughTheAgentWasKilledWhileItsTaskEnded() throws Exception {
    var first = welcomed();
    first.says(start("echo begun; until [ -e go ]; do sleep 0.02; done; exit 7"));
    report(first, Phase.RUNNING);
    var agent = agent();

    agent.destroyForcibly();
    end(agent);
    Files.createFile(root.resolve("go"));

    var second = head.connection();
    var hello = second.message(ContentCase.HELLO).getHello();
    assertThat(hello.getAttemptsList())
        .singleElement()
        .satisfies(
            report -> assertThat(Identities.ofMessage(report.getAttempt())).isEqualTo(ATTEMPT));
    second.says(welcome());
    var last = hello.getAttempts(0);
    var ended = last.getPhase() == Phase.ENDED ? last : report(second, Phase.ENDED);
    assertThat(ended.getEndReason()).isEqualTo(EndReason.EXITED.number());
    assertThat(ended.getExitCode()).isEqualTo(7);

    second.says(
        HeadMessage.newBuilder()
            .setOutputQuery(
                OutputQuery.newBuilder()
                    .setId(1)
                    .setAttempt(Identities.toMessage(ATTEMPT))
                    .setLimit(100))
            .build());
    assertThat(second.message(ContentCase.OUTPUT).getOutput().getData().toStringUtf8())
        .isEqualTo("begun\n");
  }

  @Test
  void aNodeThatIsStoppedSaysHowItsTasksEnded() throws Exception {
    var connection = welcomed();
    connection.says(start("exec sleep 600"));
    report(connection, Phase.RUNNING);

    node.destroy();

    var ended = report(connection, Phase.ENDED);
    assertThat(ended.getEndReason()).isEqualTo(EndReason.NODE_STOPPED.number());
    connection.says(
        HeadMessage.newBuilder()
            .setOrders(Orders.newBuilder().addAcknowledged(Identities.toMessage(ATTEMPT)))
            .build());
    assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).isZero();
    assertThat(root.resolve("node.log"))
        .content()
        .contains("node n1 (2 cores) connected to 127.0.0.1:" + server.getPort());
  }

  private FakeHead.Connection welcomed() throws InterruptedException {
    var connection = head.connection();
    connection.message(ContentCase.HELLO);
    connection.says(welcome());
    return connection;
  }

  /// The next report of the attempt in this phase.
  private static AttemptReport report(FakeHead.Connection connection, Phase phase)
      throws InterruptedException {
    while (true) {
      for (var report : connection.message(ContentCase.REPORT).getReport().getAttemptsList()) {
        if (report.getPhase() == phase) {
          return report;
        }
      }
    }
  }

  private ProcessHandle agent() {
    return node.children()
        .filter(child -> child.info().commandLine().orElse("").contains("AgentMain"))
        .findFirst()
        .orElseThrow();
  }

  private static void end(ProcessHandle process)
      throws InterruptedException, ExecutionException, TimeoutException {
    process.onExit().get(60, TimeUnit.SECONDS);
  }

  private HeadMessage start(String command) {
    return HeadMessage.newBuilder()
        .setOrders(
            Orders.newBuilder()
                .addLaunches(
                    Launch.newBuilder()
                        .setId(1)
                        .setCommandLine(command)
                        .setWorkDirectory(root.toString()))
                .addStarts(
                    Start.newBuilder()
                        .setAttempt(Identities.toMessage(ATTEMPT))
                        .setLaunch(1)
                        .addPlacements(Placement.newBuilder().setNode("n1").addCores(1))))
        .build();
  }

  private static HeadMessage welcome() {
    return HeadMessage.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setProtocol(1)
                .setCluster(Identities.toBytes(CLUSTER))
                .setClusterName("lab")
                .setEpoch(5)
                .setHeartbeatSeconds(600))
        .build();
  }
}
