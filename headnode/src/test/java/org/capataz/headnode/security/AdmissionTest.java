package org.capataz.headnode.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.JobSummary;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.wire.Overload;
import org.capataz.wire.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A head node's memory of 8 MB: 4 MB for clients, 1 MB for nodes and 128 KB for strangers, and
/// what is certain for each of three connections.
@Timeout(120)
class AdmissionTest {

  private static final long MEMORY = 8 << 20;
  private static final int CONNECTIONS = 3;

  /// A request of which two fit, but no three from one connection.
  private static final int MUCH = 150_000;

  private static final MethodDescriptor<CreateJobRequest, JobReply> CREATE =
      SchedulerGrpc.getCreateJobMethod();

  /// As the server sees it the same call, but its request has no end until it is given one.
  private static final MethodDescriptor<CreateJobRequest, JobReply> SLOWLY =
      CREATE.toBuilder().setType(MethodDescriptor.MethodType.CLIENT_STREAMING).build();

  private final AtomicLong now = new AtomicLong();
  private final Crowd crowd = new Crowd(CONNECTIONS, now::get);
  private final Admission admission = new Admission(crowd, MEMORY, now::get);
  private final BlockingQueue<StreamObserver<JobReply>> served = new LinkedBlockingQueue<>();
  private final BlockingQueue<NodeMessage> told = new LinkedBlockingQueue<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private volatile boolean known = true;

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /// Calls are by a client, or by nobody that is known.
  private final class Asking implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (!known) {
        crowd.refused(call);
        return next.startCall(call, headers);
      }
      crowd.know(call);
      var principal = new Principal("ana", Token.Kind.CLIENT, true);
      return Contexts.interceptCall(principal.asking(), call, headers, next);
    }
  }

  private int serve() throws IOException {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    opened.push(
        () -> {
          var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        });
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .channelFactory(() -> crowd.new Entrance())
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .intercept(admission)
            .intercept(new Asking())
            .addStreamTracerFactory(admission)
            .addService(
                new SchedulerGrpc.SchedulerImplBase() {
                  @Override
                  public void createJob(CreateJobRequest request, StreamObserver<JobReply> out) {
                    served.add(out);
                  }
                })
            .addService(
                new NodeLinkGrpc.NodeLinkImplBase() {
                  @Override
                  public StreamObserver<NodeMessage> connect(StreamObserver<HeadMessage> out) {
                    return new Heard<>() {
                      @Override
                      public void onNext(NodeMessage message) {
                        told.add(message);
                      }
                    };
                  }
                })
            .build()
            .start();
    opened.push(() -> server.shutdownNow().awaitTermination());
    return server.getPort();
  }

  private ManagedChannel connect(int port) {
    var channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build();
    opened.push(() -> channel.shutdownNow());
    return channel;
  }

  /// What came of a call.
  private static class Heard<A> implements StreamObserver<A> {
    private final CompletableFuture<A> answer = new CompletableFuture<>();
    private final CompletableFuture<StatusRuntimeException> refusal = new CompletableFuture<>();

    @Override
    public void onNext(A message) {
      answer.complete(message);
    }

    @Override
    public void onError(Throwable failure) {
      refusal.complete((StatusRuntimeException) failure);
    }

    @Override
    public void onCompleted() {}

    Status.Code code() {
      return refusal.join().getStatus().getCode();
    }
  }

  private static CreateJobRequest request(int bytes) {
    return CreateJobRequest.newBuilder().setRequestId(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static Heard<JobReply> create(Channel channel, int bytes) {
    var heard = new Heard<JobReply>();
    ClientCalls.asyncUnaryCall(channel.newCall(CREATE, CallOptions.DEFAULT), request(bytes), heard);
    return heard;
  }

  /// Sends a request, but not its end.
  private static Heard<JobReply> begin(Channel channel, int bytes) {
    var heard = new Heard<JobReply>();
    ClientCalls.asyncClientStreamingCall(channel.newCall(SLOWLY, CallOptions.DEFAULT), heard)
        .onNext(request(bytes));
    return heard;
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
      Thread.onSpinWait();
    }
  }

  private void answerNext(int bytes) throws InterruptedException {
    var out = served.take();
    out.onNext(
        JobReply.newBuilder().setJob(JobSummary.newBuilder().setName("x".repeat(bytes))).build());
    out.onCompleted();
  }

  private void assertServed(Channel channel) throws InterruptedException {
    var heard = create(channel, 16);
    answerNext(1);
    assertThat(heard.answer.join().getJob().getName()).isEqualTo("x");
  }

  private void awaitNothingTaken() {
    await(() -> admission.taken() == 0);
  }

  @Test
  void aCallGivesBackWhatItTook() throws Exception {
    var channel = connect(serve());

    assertServed(channel);

    awaitNothingTaken();
  }

  @Test
  void aRequestThatDoesNotGoOnComingEndsAndMayBeRepeated() throws Exception {
    var channel = connect(serve());
    var slow = begin(channel, 1000);
    // All of it, however many pieces it comes in: a later one would be waited for longer.
    await(() -> admission.taken() > Admission.CALL_BYTES + 1000 * Admission.EXPANSION);

    now.set(Admission.PATIENCE_NANOS);
    admission.endLateCalls();
    assertThat(slow.refusal).isNotDone();
    now.incrementAndGet();
    admission.endLateCalls();

    assertThat(slow.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(Overload.isReason(slow.refusal.join().getTrailers())).isTrue();
    assertThat(served).isEmpty();
    awaitNothingTaken();
    assertServed(channel);
  }

  @Test
  void aRequestThatHasComeMayBeServedForAnyTime() throws Exception {
    var channel = connect(serve());
    var heard = create(channel, 16);
    await(() -> !served.isEmpty());

    now.set(10 * Admission.PATIENCE_NANOS);
    admission.endLateCalls();

    answerNext(1);
    assertThat(heard.answer.join().getJob().getName()).isEqualTo("x");
  }

  @Test
  void whoSendsMoreThanIsLeftIsRefusedAndOthersAreServed() throws Exception {
    var port = serve();
    var greedy = connect(port);
    var first = begin(greedy, MUCH);
    await(() -> admission.taken() > MUCH * Admission.EXPANSION);
    var second = begin(greedy, MUCH);
    await(() -> admission.taken() > 2 * MUCH * Admission.EXPANSION);

    var third = begin(greedy, MUCH);

    assertThat(third.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(third.refusal.join()).hasMessageContaining("the head node has too much to do");
    assertThat(Overload.isReason(third.refusal.join().getTrailers())).isTrue();
    assertThat(first.refusal).isNotDone();
    assertThat(second.refusal).isNotDone();
    assertServed(connect(port));
    greedy.shutdownNow();
    awaitNothingTaken();
  }

  @Test
  void whoHasTooManyCallsIsRefusedAndOthersAreServed() throws Exception {
    var port = serve();
    var greedy = connect(port);
    var calls = new ArrayList<Heard<JobReply>>();
    while (calls.stream().noneMatch(call -> call.refusal.isDone())) {
      calls.add(create(greedy, 16));
    }

    assertThat(calls.stream().filter(call -> call.refusal.isDone()))
        .allSatisfy(call -> assertThat(call.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    var other = connect(port);
    var heard = create(other, 16);
    await(() -> heard.answer.isDone() || tryAnswer());
    assertThat(heard.answer.join().getJob().getName()).isEqualTo("x");
  }

  private boolean tryAnswer() {
    var next = served.poll();
    if (next != null) {
      next.onNext(JobReply.newBuilder().setJob(JobSummary.newBuilder().setName("x")).build());
      next.onCompleted();
    }
    return false;
  }

  @Test
  void anAnswerForWhichThereIsNoRoomIsNotSent() throws Exception {
    var channel = connect(serve());
    var heard = create(channel, 16);

    answerNext(3 << 20);

    assertThat(heard.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Overload.isReason(heard.refusal.join().getTrailers())).isTrue();
    awaitNothingTaken();
  }

  @Test
  void strangersTakeNothingFromClients() throws Exception {
    var port = serve();
    known = false;
    var stranger = begin(connect(port), MUCH);

    assertThat(stranger.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    known = true;
    assertServed(connect(port));
  }

  @Test
  void theMessagesOfAStreamTakeRoomWhileTheyComeAndNotLonger() throws Exception {
    var link = NodeLinkGrpc.newStub(connect(serve())).connect(new Heard<HeadMessage>());

    for (var i = 0; i < 10; i++) {
      link.onNext(said(MUCH / 3));
    }

    for (var i = 0; i < 10; i++) {
      told.take();
    }
    assertThat(admission.taken()).isEqualTo(Admission.CALL_BYTES);
    link.onCompleted();
  }

  private static NodeMessage said(int bytes) {
    return NodeMessage.newBuilder()
        .setOutput(OutputData.newBuilder().setData(ByteString.copyFrom(new byte[bytes])))
        .build();
  }

  @Test
  void aMessageOfAStreamForWhichThereIsNoRoomEndsIt() throws Exception {
    var heard = new Heard<HeadMessage>();
    var link = NodeLinkGrpc.newStub(connect(serve())).connect(heard);

    link.onNext(said(MUCH));

    assertThat(heard.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    awaitNothingTaken();
  }

  @Test
  void ofTooManyConnectionsTheOldestThatShowedNoTokenEnds() throws Exception {
    var port = serve();
    var client = connect(port);
    assertServed(client);
    var strangers = new ArrayList<Socket>();
    for (var i = 0; i < CONNECTIONS + 1; i++) {
      var stranger = new Socket(InetAddress.getLoopbackAddress(), port);
      opened.push(stranger);
      strangers.add(stranger);
      // What the server says first: it is being served.
      assertThat(stranger.getInputStream().read()).isNotNegative();
    }

    for (var gone : List.of(strangers.get(0), strangers.get(1))) {
      awaitEnd(gone);
    }
    assertServed(client);
  }

  /// Waits until the server ends a connection, whatever it says before.
  private static void awaitEnd(Socket socket) throws IOException {
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  @Test
  void whereAllAreKnownTheNextOneIsNotLetIn() throws Exception {
    var port = serve();
    for (var i = 0; i < CONNECTIONS; i++) {
      assertServed(connect(port));
    }

    try (var stranger = new Socket(InetAddress.getLoopbackAddress(), port)) {
      awaitEnd(stranger);
    }
  }

  @Test
  void aConnectionOfManyRefusedCallsEnds() throws Exception {
    var port = serve();
    known = false;
    var stranger = connect(port);
    var lost = false;
    while (!lost) {
      var heard = begin(stranger, MUCH);
      lost = heard.code() == Status.Code.UNAVAILABLE;
    }

    known = true;
    assertServed(stranger);
  }

  @Test
  void thereAreAsManyConnectionsAsMemoryAndFilesAreFor() {
    assertThat(Crowd.most(256L << 20)).isEqualTo(2048);
    assertThat(Crowd.most(0)).isEqualTo(64);
    assertThat(Crowd.most(Long.MAX_VALUE)).isLessThanOrEqualTo(16_384);
    assertThat(Crowd.window(256L << 20, 2048)).isEqualTo(64 * 1024);
    assertThat(Crowd.window(16L << 30, 16_384)).isEqualTo(512 * 1024);
  }
}
