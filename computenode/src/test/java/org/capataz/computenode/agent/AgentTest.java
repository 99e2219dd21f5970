package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.Result;
import org.capataz.model.Topology;
import org.capataz.proto.v1.AttemptReport.Phase;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Launch;
import org.capataz.proto.v1.NodeMessage.ContentCase;
import org.capataz.proto.v1.Orders;
import org.capataz.proto.v1.Placement;
import org.capataz.proto.v1.Start;
import org.capataz.proto.v1.Stop;
import org.capataz.proto.v1.Welcome;
import org.capataz.wire.Identities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent between a head node over gRPC and a keeper, both played by the test.
final class AgentTest {

  private static final UUID CLUSTER = new UUID(1, 1);
  private static final AttemptId ATTEMPT = new AttemptId(CLUSTER, 5, new InstanceId(12, 2, 17), 1);
  private static final Machine MACHINE =
      new Machine(4, 1, 8000, List.of(), List.of(), "Linux", "amd64");
  private static final NodeProfile PROFILE =
      new NodeProfile(
          new UUID(3, 3),
          "n1",
          "n1.lab",
          MACHINE,
          Topology.flat(2),
          4000,
          List.of("fast"),
          List.of());

  @TempDir private Path data;
  private final FakeHead head = new FakeHead();
  private final FakeKeeper keeper = new FakeKeeper();
  private Server server = InProcessServerBuilder.forName("unused").build();
  private Thread agent = new Thread();

  @BeforeEach
  void begin() throws IOException {
    var name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).directExecutor().addService(head).build().start();
    HeadNodes heads =
        () -> {
          var channel = InProcessChannelBuilder.forName(name).directExecutor().build();
          return Result.ok(new HeadNodes.Way("head:5800", channel, channel::shutdownNow));
        };
    var executions =
        new Executions(
            "n1",
            new Login("ana", data.toString(), "/bin/sh", "C", "/tmp"),
            List.of(),
            new ParallelFiles(data),
            List.of());
    var directory = new NodeDirectory(Files.createDirectories(data.resolve("node")));
    var machine = new AgentMachine(PROFILE, executions, directory.seen(), new SplittableRandom(1));
    var subject =
        new Agent(
            keeper, heads, machine, directory, new OutputReader(executions, data.resolve("node")));
    agent =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    subject.run();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
  }

  @AfterEach
  void end() throws InterruptedException {
    keeper.close();
    assertThat(agent.join(Duration.ofSeconds(60))).as("ends when the keeper is gone").isTrue();
    server.shutdownNow();
  }

  @Test
  void theNodeIntroducesItself() throws InterruptedException {
    var hello = inventory(running()).message(ContentCase.HELLO).getHello();

    assertThat(Identities.uuid(hello.getNode())).isEqualTo(new UUID(3, 3));
    assertThat(hello.getName()).isEqualTo("n1");
    assertThat(hello.getAddress()).isEqualTo("n1.lab");
    assertThat(hello.getBootId()).isEqualTo("boot");
    assertThat(hello.getCores()).isEqualTo(2);
    assertThat(hello.getMemoryMb()).isEqualTo(4000);
    assertThat(hello.getInventory().getCores()).isEqualTo(4);
    assertThat(hello.getGroupsList()).containsExactly("fast");
    assertThat(hello.getProtocol()).isEqualTo(1);
    assertThat(hello.getEpoch()).isZero();
    assertThat(hello.getAttemptsList())
        .singleElement()
        .satisfies(
            report -> {
              assertThat(Identities.ofMessage(report.getAttempt())).isEqualTo(ATTEMPT);
              assertThat(report.getPhase()).isEqualTo(Phase.RUNNING);
              assertThat(report.getPid()).isEqualTo(4711);
            });
  }

  @Test
  void anAttemptRunsAndItsEndIsAcknowledged() throws InterruptedException {
    var connection = connected();
    connection.says(
        orders(
            Orders.newBuilder()
                .addLaunches(
                    Launch.newBuilder().setId(1).setCommandLine("work *").addPlaceholders("*"))
                .addStarts(start().addValues("42"))));

    var start = keeper.request(Request.Start.class);
    assertThat(start.attempt()).isEqualTo(ATTEMPT);
    assertThat(start.execution().arguments()).containsExactly("work", "42");
    assertThat(start.execution().environment()).containsEntry("CCP_CLUSTER_NAME", "lab");

    keeper.says(killed());
    var report = connection.message(ContentCase.REPORT).getReport().getAttempts(0);
    assertThat(report.getPhase()).isEqualTo(Phase.ENDED);
    assertThat(report.getExitCode()).isEqualTo(137);
    assertThat(report.getSignal()).isEqualTo(9);
    assertThat(report.getStderrTail().toStringUtf8()).isEqualTo("out of luck\n");
    assertThat(report.getUserMicros()).isEqualTo(30);

    connection.says(orders(Orders.newBuilder().addAcknowledged(Identities.toMessage(ATTEMPT))));
    assertThat(keeper.request(Request.Acknowledge.class).attempts()).containsExactly(ATTEMPT);
  }

  @Test
  void aStopCarriesItsReasonToTheKeeper() throws InterruptedException {
    var connection = inventory(running());
    connection.message(ContentCase.HELLO);
    connection.says(welcome(5));
    connection.says(
        orders(
            Orders.newBuilder()
                .addStops(
                    Stop.newBuilder()
                        .setAttempt(Identities.toMessage(ATTEMPT))
                        .setEndReason(EndReason.CANCELED.number())
                        .setMessage("canceled by ana")
                        .setGraceMicros(1_500_500))));

    assertThat(keeper.request(Request.Stop.class))
        .isEqualTo(new Request.Stop(ATTEMPT, EndReason.CANCELED, "canceled by ana", 1_501));
  }

  @Test
  void afterALossTheNodeComesBackWithWhatWasNotAcknowledged() throws InterruptedException {
    var first = connected();
    keeper.says(killed());
    first.message(ContentCase.REPORT);
    first.fails(Status.UNAVAILABLE.asRuntimeException());

    var hello = head.connection().message(ContentCase.HELLO).getHello();

    assertThat(hello.getAttemptsList())
        .singleElement()
        .satisfies(report -> assertThat(report.getPhase()).isEqualTo(Phase.ENDED));
    assertThat(hello.getEpoch()).isEqualTo(5);
    assertThat(Identities.uuid(hello.getCluster())).isEqualTo(CLUSTER);
  }

  @Test
  void theEpochIsOnDiskWhenTheFirstTaskStarts() throws InterruptedException, IOException {
    var connection = connected();
    connection.says(
        orders(
            Orders.newBuilder()
                .addLaunches(Launch.newBuilder().setId(1).setCommandLine("true"))
                .addStarts(start())));
    keeper.request(Request.Start.class);

    assertThat(new NodeDirectory(data.resolve("node")).seen())
        .contains(new ClusterEpoch(CLUSTER, 5));
  }

  @Test
  void outputIsReadForTheHeadNode() throws InterruptedException, IOException {
    Files.writeString(data.resolve("out.txt"), "result\n");
    var connection = connected();
    connection.says(
        HeadMessage.newBuilder()
            .setOutputQuery(
                org.capataz.proto.v1.OutputQuery.newBuilder()
                    .setId(8)
                    .setAttempt(Identities.toMessage(ATTEMPT))
                    .setLimit(100)
                    .setPath("out.txt"))
            .build());

    var output = connection.message(ContentCase.OUTPUT).getOutput();

    assertThat(output.getId()).isEqualTo(8);
    assertThat(output.getData().toStringUtf8()).isEqualTo("result\n");
    assertThat(output.getAtEnd()).isTrue();
  }

  @Test
  void aHeadNodeThatMakesNoSenseIsLeftAndTheAgentLives() throws InterruptedException {
    var connection = inventory();
    connection.message(ContentCase.HELLO);
    connection.says(
        HeadMessage.newBuilder()
            .setWelcome(Welcome.newBuilder().setProtocol(1).setCluster(ByteString.EMPTY))
            .build());
    keeper.says(new Report.Stopping());

    assertThat(agent.isAlive()).isTrue();
  }

  private FakeHead.Connection inventory(Report.OfAttempt... attempts) throws InterruptedException {
    keeper.request(Request.ListAttempts.class);
    keeper.says(new Report.Inventory("boot", List.of(attempts)));
    return head.connection();
  }

  private FakeHead.Connection connected() throws InterruptedException {
    var connection = inventory();
    connection.message(ContentCase.HELLO);
    connection.says(welcome(5));
    return connection;
  }

  private static HeadMessage welcome(long epoch) {
    return HeadMessage.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setProtocol(1)
                .setCluster(Identities.toBytes(CLUSTER))
                .setClusterName("lab")
                .setEpoch(epoch)
                .setHeartbeatSeconds(600))
        .build();
  }

  private static HeadMessage orders(Orders.Builder orders) {
    return HeadMessage.newBuilder().setOrders(orders).build();
  }

  private static Start.Builder start() {
    return Start.newBuilder()
        .setAttempt(Identities.toMessage(ATTEMPT))
        .setLaunch(1)
        .addPlacements(Placement.newBuilder().setNode("n1").addCores(0b11));
  }

  private static Running running() {
    return new Running(ATTEMPT, new ProcessId(4711, 5), 1_000, false);
  }

  private static Ended killed() {
    var usage = new ResourceUsage(30, 40, 50);
    var outcome = new Outcome(new ExitStatus.Killed(9), 1_000, 2_000, usage, "out of luck\n");
    return new Ended(ATTEMPT, EndReason.EXITED, "", outcome);
  }
}
