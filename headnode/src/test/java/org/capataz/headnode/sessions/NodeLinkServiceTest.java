package org.capataz.headnode.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.capataz.headnode.loop.RunningLoop.job;
import static org.capataz.headnode.loop.RunningLoop.sweep;
import static org.capataz.headnode.loop.RunningLoop.task;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.InstanceId;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskProperty;
import org.capataz.proto.v1.AttemptReport;
import org.capataz.proto.v1.BranchNews;
import org.capataz.proto.v1.BranchRequest;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Heartbeat;
import org.capataz.proto.v1.Hello;
import org.capataz.proto.v1.Launch;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.Orders;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.OutputQuery;
import org.capataz.proto.v1.Placement;
import org.capataz.proto.v1.Report;
import org.capataz.proto.v1.Start;
import org.capataz.proto.v1.Variable;
import org.capataz.scheduler.engine.Command;
import org.capataz.wire.Identities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NodeLinkServiceTest {

  private static final int LAUNCHES_KEPT = 1024;

  @TempDir Path directory;

  /// What is to be done when a node has had its time to answer: when the test says so.
  private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();

  private RunningLoop running;
  private NodeLinkService service;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    running = new RunningLoop(directory);
    service = new NodeLinkService(running.loop(), late::add);
    var name = UUID.randomUUID().toString();
    server = InProcessServerBuilder.forName(name).addService(service).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    server.shutdownNow().awaitTermination();
    running.close();
  }

  /// A node's end of a stream.
  private final class Stream implements StreamObserver<HeadMessage> {
    private final BlockingQueue<HeadMessage> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final StreamObserver<NodeMessage> out = NodeLinkGrpc.newStub(channel).connect(this);

    @Override
    public void onNext(HeadMessage message) {
      heard.add(message);
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }

    Stream say(Hello.Builder hello) {
      out.onNext(NodeMessage.newBuilder().setHello(hello).build());
      return this;
    }

    Stream report(Start start, AttemptReport.Phase phase) {
      var attempt = AttemptReport.newBuilder().setAttempt(start.getAttempt()).setPhase(phase);
      out.onNext(
          NodeMessage.newBuilder().setReport(Report.newBuilder().addAttempts(attempt)).build());
      return this;
    }

    void beat(long sent) {
      var heartbeat = Heartbeat.newBuilder().setSentNanos(sent);
      out.onNext(NodeMessage.newBuilder().setHeartbeat(heartbeat).build());
    }

    Stream answer(long query) {
      var data = OutputData.newBuilder().setId(query);
      out.onNext(NodeMessage.newBuilder().setOutput(data).build());
      return this;
    }

    Stream welcomed() throws InterruptedException {
      assertThat(heard.take().hasWelcome()).isTrue();
      return this;
    }

    Orders orders() throws InterruptedException {
      var message = heard.take();
      assertThat(message.hasOrders()).isTrue();
      return message.getOrders();
    }

    void assertEnds(Status.Code code, String why) {
      var status = end.join();
      assertThat(status.getCode()).isEqualTo(code);
      assertThat(status.getDescription()).contains(why);
    }
  }

  private static Hello.Builder hello(String name, int cores) {
    return Hello.newBuilder()
        .setProtocol(1)
        .setNode(Identities.toBytes(new UUID(1, 1)))
        .setName(name)
        .setBootId("boot")
        .setCores(cores)
        .setMemoryMb(8000);
  }

  private boolean isReachable(int node) {
    return running
        .loop()
        .read(state -> Objects.requireNonNull(state.node(node)).reachable())
        .join();
  }

  private void assertNoNode() {
    assertThat(running.loop().<Integer>read(state -> state.nodes().size()).join()).isZero();
  }

  // Attempts of several nodes.

  @Test
  void everyNodeOfAnAttemptIsToldToStartItAndWhereTheOthersAre() throws Exception {
    var streams = twoNodesWithAJobForBoth();

    for (var stream : streams) {
      var start = stream.orders().getStarts(0);
      assertThat(start.getPlacementsList())
          .extracting(Placement::getNode, Placement::getAddress)
          .containsExactlyInAnyOrder(tuple("n1", "10.0.0.1"), tuple("n2", "10.0.0.2"));
    }
  }

  @Test
  void whatItsNodesSayToEachOtherIsPassedOn() throws Exception {
    var streams = twoNodesWithAJobForBoth();
    var start = streams.getFirst().orders().getStarts(0);
    streams.getLast().orders();
    var names = start.getPlacementsList().stream().map(Placement::getNode).toList();
    var lead = streams.get(names.getFirst().equals("n1") ? 0 : 1);
    var other = streams.get(names.getFirst().equals("n1") ? 1 : 0);
    var request =
        BranchRequest.newBuilder()
            .setAttempt(start.getAttempt())
            .setName("a")
            .setNode(names.getLast());
    var news = BranchNews.newBuilder().setAttempt(start.getAttempt()).setName("a");
    var stranger = start.getAttempt().toBuilder().setNumber(9);

    // None of these may be passed on: the last of each is, and is the first to arrive.
    lead.out.onNext(message(request.clone().setNode(names.getFirst())));
    lead.out.onNext(message(request.clone().setNode("n3")));
    lead.out.onNext(message(request.clone().setAttempt(stranger)));
    lead.out.onNext(message(request.clone()));
    assertThat(other.heard.take().getBranchRequest()).isEqualTo(request.build());
    other.out.onNext(message(request.clone().setNode(names.getFirst())));
    other.out.onNext(
        NodeMessage.newBuilder().setBranchNews(news.clone().setAttempt(stranger)).build());
    other.out.onNext(NodeMessage.newBuilder().setBranchNews(news).build());
    assertThat(lead.heard.take().getBranchNews()).isEqualTo(news.build());
  }

  private static NodeMessage message(BranchRequest.Builder request) {
    return NodeMessage.newBuilder().setBranchRequest(request).build();
  }

  private List<Stream> twoNodesWithAJobForBoth() throws InterruptedException {
    var first = new Stream().say(hello("n1", 2).setAddress("10.0.0.1")).welcomed();
    var second =
        new Stream()
            .say(hello("n2", 2).setNode(Identities.toBytes(new UUID(2, 2))).setAddress("10.0.0.2"))
            .welcomed();
    running.submit(job(task().with(TaskProperty.MIN_CORES, "4").with(TaskProperty.MAX_CORES, "4")));
    return List.of(first, second);
  }

  // Greetings.

  @Test
  void aGreetingIsAnsweredWithAWelcome() throws Exception {
    new Stream().say(hello("n1", 2)).welcomed();

    assertThat(isReachable(1)).isTrue();
  }

  @Test
  void aNameWithACommaIsRefused() {
    new Stream()
        .say(hello("a,b", 2))
        .assertEnds(Status.Code.FAILED_PRECONDITION, "without commas, but got 'a,b'");
    assertNoNode();
  }

  @Test
  void aNameOfBlanksIsRefused() {
    new Stream()
        .say(hello("  ", 2))
        .assertEnds(Status.Code.FAILED_PRECONDITION, "expected a node name");
    assertNoNode();
  }

  @Test
  void aNodeWithoutCoresIsRefused() {
    new Stream()
        .say(hello("n1", 0))
        .assertEnds(Status.Code.FAILED_PRECONDITION, "cores, but got 0");
    assertNoNode();
  }

  @Test
  void anOlderProtocolIsRefused() {
    new Stream()
        .say(hello("n1", 2).setProtocol(0))
        .assertEnds(Status.Code.FAILED_PRECONDITION, "speaks protocol 1, but it speaks 0");
    assertNoNode();
  }

  @Test
  void anIdentityThatIsNoneIsRefused() {
    new Stream()
        .say(hello("n1", 2).setNode(ByteString.copyFromUtf8("short")))
        .assertEnds(Status.Code.INVALID_ARGUMENT, "UUID of 16 bytes, but got 5");
    assertNoNode();
  }

  @Test
  void aGreetingBehindARefusedOneIsNotHeard() {
    new Stream()
        .say(hello("n1", 0))
        .say(hello("n1", 2))
        .assertEnds(Status.Code.FAILED_PRECONDITION, "cores, but got 0");
    assertNoNode();
  }

  @Test
  void aSecondGreetingEndsTheStreamAndTheNodeIsUnreachable() throws Exception {
    var stream = new Stream().say(hello("n1", 2)).welcomed();

    stream.say(hello("n1", 2)).assertEnds(Status.Code.FAILED_PRECONDITION, "one greeting");

    assertThat(isReachable(1)).isFalse();
  }

  @Test
  void aReportBeforeTheGreetingIsRefused() {
    new Stream()
        .report(Start.getDefaultInstance(), AttemptReport.Phase.RUNNING)
        .assertEnds(Status.Code.INVALID_ARGUMENT, "before the greeting");
  }

  @Test
  void anotherMachineUnderTheNameOfAConnectedNodeIsRefused() throws Exception {
    new Stream().say(hello("n1", 2)).welcomed();

    new Stream()
        .say(hello("n1", 2).setNode(Identities.toBytes(new UUID(2, 2))))
        .assertEnds(Status.Code.FAILED_PRECONDITION, "another machine");

    assertThat(isReachable(1)).isTrue();
  }

  @Test
  void aNodeThatHangsUpIsUnreachable() throws Exception {
    var stream = new Stream().say(hello("n1", 2)).welcomed();

    stream.out.onCompleted();

    assertThat(stream.end.join().isOk()).isTrue();
    assertThat(isReachable(1)).isFalse();
  }

  @Test
  void heartbeatsAreAnsweredOnceTheNodeIsIn() throws Exception {
    var stream = new Stream();
    stream.beat(7);
    stream.say(hello("n1", 2)).welcomed();

    stream.beat(8);

    assertThat(stream.heard.take().getHeartbeat().getSentNanos()).isEqualTo(8);
  }

  // Orders.

  @Test
  void aLaunchIsDescribedOncePerStream() throws Exception {
    running.submit(job(sweep(3)));
    var stream = new Stream().say(hello("n1", 1)).welcomed();
    var first = stream.orders();
    assertThat(first.getLaunchesList())
        .singleElement()
        .extracting(Launch::getCommandLine)
        .isEqualTo("work *");
    var start = first.getStarts(0);
    assertThat(start.getValuesList()).containsExactly("1");

    stream.report(start, AttemptReport.Phase.ENDED);
    var second = stream.orders();

    assertThat(second.getAcknowledgedList()).containsExactly(start.getAttempt());
    assertThat(second.getLaunchesList()).isEmpty();
    assertThat(second.getStartsList())
        .extracting(Start::getLaunch, again -> again.getValues(0))
        .containsExactly(tuple(start.getLaunch(), "2"));

    var again = new Stream().say(hello("n1", 1)).welcomed();
    assertThat(again.orders().getLaunchesList()).hasSize(1);
  }

  @Test
  void theClustersVariablesGoBeforeThoseOfTheJobAndAChangeDescribesTheLaunchAnew()
      throws Exception {
    running.carryOut(new Command.ChangeSettings(Map.of(), Map.of("SITE", "lab")));
    running.submit(job(sweep(3)).withEnvironment(Map.of("SITE", "mine")));
    var stream = new Stream().say(hello("n1", 1)).welcomed();
    var first = stream.orders();
    assertThat(first.getLaunches(0).getEnvironmentList())
        .extracting(Variable::getValue)
        .containsExactly("lab", "mine");

    running.carryOut(new Command.ChangeSettings(Map.of(), Map.of("SITE", "field")));
    stream.report(first.getStarts(0), AttemptReport.Phase.ENDED);
    var second = stream.orders();

    assertThat(second.getRetiredLaunchesList()).containsExactly(first.getStarts(0).getLaunch());
    assertThat(second.getLaunches(0).getEnvironmentList())
        .extracting(Variable::getValue)
        .containsExactly("field", "mine");
  }

  @Test
  void aStartSaysWhatTheRunMayUseOfTheMemoryOfItsNodes() throws Exception {
    running.submit(job(task().with(TaskProperty.MEMORY, "500")));
    running.submit(job(task()).withEnvironment(Map.of("CCP_MAXIMUMMEMORY", "300")));
    var first = new Stream().say(hello("n1", 2)).welcomed();
    assertThat(memoryLimits(first)).containsExactly(0, 300);
    first.out.onCompleted();
    assertThat(first.end.join().isOk()).isTrue();

    running.carryOut(
        new Command.ChangeSettings(
            Map.of(ClusterParameter.MEMORY_ENFORCEMENT, "Reserved"), Map.of()));

    assertThat(memoryLimits(new Stream().say(hello("n1", 2)).welcomed())).containsExactly(500, 300);
  }

  private static List<Integer> memoryLimits(Stream stream) throws InterruptedException {
    return stream.orders().getStartsList().stream()
        .map(start -> start.getPlacements(0).getMemoryLimitMb())
        .toList();
  }

  @Test
  void theRunsOfAnExclusiveJobAreNotToBeBound() throws Exception {
    running.submit(job(task()));
    assertThat(firstStart("n1", new UUID(1, 1)).getBind()).isTrue();
    running.submit(job(task()).with(JobProperty.IS_EXCLUSIVE, "true"));
    assertThat(firstStart("n2", new UUID(2, 2)).getBind()).isFalse();
  }

  private Start firstStart(String name, UUID node) throws InterruptedException {
    return new Stream()
        .say(hello(name, 1).setNode(Identities.toBytes(node)))
        .welcomed()
        .orders()
        .getStarts(0);
  }

  @Test
  void aRunThatRunsElsewhereAfterATimeHasALeaseOfHalfOfIt() throws Exception {
    running.carryOut(
        new Command.ChangeSettings(Map.of(ClusterParameter.NODE_LOST_RERUN_AFTER, "30"), Map.of()));
    running.submit(job(task()));

    assertThat(firstStart("n1", new UUID(1, 1)).getLeaseMicros()).isEqualTo(15_000_000);
  }

  @Test
  void aRetriedRunIsToldTheExitCodeOfTheOneBefore() throws Exception {
    running.submit(job(task()).with(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, "1"));
    var stream = new Stream().say(hello("n1", 1)).welcomed();
    var first = stream.orders().getStarts(0);
    assertThat(first.hasPreviousExitCode()).isFalse();

    var end =
        AttemptReport.newBuilder()
            .setAttempt(first.getAttempt())
            .setPhase(AttemptReport.Phase.ENDED)
            .setStartTime(1)
            .setEndTime(2)
            .setExitCode(75);
    stream.out.onNext(
        NodeMessage.newBuilder().setReport(Report.newBuilder().addAttempts(end)).build());

    assertThat(stream.orders().getStarts(0).getPreviousExitCode()).isEqualTo(75);
  }

  @Test
  void theLaunchUnusedForLongestIsRetiredForANewOne() throws Exception {
    var tasks = IntStream.rangeClosed(1, LAUNCHES_KEPT + 1).mapToObj(number -> task()).toList();
    var stream = new Stream().say(hello("n1", 1025)).welcomed();

    running.submit(JobDraft.EMPTY.withTasks(tasks));

    var launches = new ArrayList<Long>();
    List<Long> retired = List.of();
    while (launches.size() < tasks.size()) {
      var orders = stream.orders();
      orders.getLaunchesList().forEach(launch -> launches.add(launch.getId()));
      retired = orders.getRetiredLaunchesList();
    }
    assertThat(launches).doesNotHaveDuplicates();
    assertThat(retired).containsExactly(launches.getFirst());
  }

  // Output.

  @Test
  void aQuestionForOutputIsAnsweredByTheNode() throws Exception {
    var stream = new Stream().say(hello("n1", 1)).welcomed();
    var attempt = new AttemptId(new UUID(1, 1), 1, new InstanceId(1, 1, 0), 1);

    var answer = service.query(1, attempt, OutputQuery.newBuilder().setOffset(3).build());
    var query = stream.heard.take().getOutputQuery();
    assertThat(query.getOffset()).isEqualTo(3);
    assertThat(Identities.ofMessage(query.getAttempt())).isEqualTo(attempt);
    var data =
        OutputData.newBuilder().setId(query.getId()).setData(ByteString.copyFromUtf8("x")).build();
    stream.out.onNext(NodeMessage.newBuilder().setOutput(data).build());

    assertThat(answer.get()).isEqualTo(data);
  }

  @Test
  void aQuestionToANodeThatHangsUpIsNotLeftOpen() throws Exception {
    var stream = new Stream().say(hello("n1", 1)).welcomed();
    var attempt = new AttemptId(new UUID(1, 1), 1, new InstanceId(1, 1, 0), 1);
    var answer = service.query(1, attempt, OutputQuery.getDefaultInstance());

    stream.out.onCompleted();

    assertThat(answer.handle((data, failure) -> failure).join())
        .extracting(Status::fromThrowable)
        .extracting(Status::getCode)
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aNodeThatStaysConnectedAndDoesNotAnswerIsNamedAndNotWaitedForForEver() throws Exception {
    var stream = new Stream().say(hello("n1", 1)).welcomed();
    var attempt = new AttemptId(new UUID(1, 1), 1, new InstanceId(1, 1, 0), 1);
    var answer = service.query(1, attempt, OutputQuery.getDefaultInstance());
    var id = stream.heard.take().getOutputQuery().getId();
    assertThat(answer).isNotDone();

    late.remove().run();

    var status = Status.fromThrowable(answer.handle((data, failure) -> failure).join());
    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription())
        .startsWith("expected output from node n1, but it has not answered for 30 s");

    // What comes after all harms nobody, and the next question is asked as ever.
    var next = service.query(1, attempt, OutputQuery.getDefaultInstance());
    var second = stream.heard.take().getOutputQuery().getId();
    stream.answer(id).answer(second);
    assertThat(next.get().getId()).isEqualTo(second);

    late.remove().run();
    assertThat(next.get().getId()).isEqualTo(second);
  }
}
