package org.capataz.headnode.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.capataz.model.Limits;
import org.capataz.proto.v1.ClusterSummary;
import org.capataz.proto.v1.CreateJobRequest;
import org.capataz.proto.v1.GetClusterRequest;
import org.capataz.proto.v1.JobReply;
import org.capataz.proto.v1.NodeLinkGrpc;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.SchedulerGrpc;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.HeadChannel;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontDoorTest {

  private static final HeadAddress ANY_PORT = new HeadAddress("127.0.0.1", 0);

  @TempDir Path data;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final AtomicInteger messagesRead = new AtomicInteger();

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /// Counts how often a request is read.
  private final class Counting<Q> implements MethodDescriptor.Marshaller<Q> {

    private final MethodDescriptor.Marshaller<Q> counted;

    Counting(MethodDescriptor.Marshaller<Q> counted) {
      this.counted = counted;
    }

    @Override
    public InputStream stream(Q message) {
      return counted.stream(message);
    }

    @Override
    public Q parse(InputStream bytes) {
      messagesRead.incrementAndGet();
      return counted.parse(bytes);
    }
  }

  private <Q, A> MethodDescriptor<Q, A> counted(MethodDescriptor<Q, A> method) {
    return method.toBuilder(
            new Counting<>(method.getRequestMarshaller()), method.getResponseMarshaller())
        .build();
  }

  /// Starts a server whose cluster is named after who asks for it.
  private HeadAddress start(FrontDoor door) throws IOException {
    opened.push(door);
    var health = new HealthStatusManager();
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    var getCluster = counted(SchedulerGrpc.getGetClusterMethod());
    var createJob = counted(SchedulerGrpc.getCreateJobMethod());
    Server server =
        door.serverBuilder()
            .addService(
                ServerServiceDefinition.builder(SchedulerGrpc.SERVICE_NAME)
                    .addMethod(
                        getCluster,
                        ServerCalls.asyncUnaryCall(
                            (request, answer) -> {
                              answer.onNext(
                                  ClusterSummary.newBuilder()
                                      .setName(Principal.current().user())
                                      .build());
                              answer.onCompleted();
                            }))
                    .addMethod(
                        createJob,
                        ServerCalls.asyncUnaryCall(
                            (request, answer) -> {
                              answer.onNext(JobReply.getDefaultInstance());
                              answer.onCompleted();
                            }))
                    .build())
            .addService(new NodeLinkGrpc.NodeLinkImplBase() {})
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    opened.push(() -> server.shutdownNow().awaitTermination());
    return new HeadAddress("127.0.0.1", server.getPort());
  }

  private HeadAddress startPlain() throws IOException {
    return start(FrontDoor.open(data, ANY_PORT, InstantSource.system()));
  }

  private HeadAddress startEncrypted(Path folder) throws IOException {
    return start(FrontDoor.openEncrypted(folder, ANY_PORT, InstantSource.system()));
  }

  private HeadChannel connect(HeadAddress head, Token token) {
    var channel = HeadChannel.open(head, token, Runnable::run).orElseThrow();
    opened.push(channel);
    return channel;
  }

  private static Token token(Path data, Token.Kind kind) {
    return TokenFiles.read(kind, data.resolve("tokens").resolve(kind + ".token")).orElseThrow();
  }

  private static String clusterName(HeadChannel channel) {
    return SchedulerGrpc.newBlockingStub(channel.channel())
        .getCluster(GetClusterRequest.getDefaultInstance())
        .getName();
  }

  private static Status failure(Supplier<?> call) {
    try {
      throw new AssertionError("expected a refusal, but got " + call.get());
    } catch (StatusRuntimeException refused) {
      return refused.getStatus();
    }
  }

  @Test
  void whoHasTheTokenIsKnownToTheService() throws IOException {
    var channel = connect(startPlain(), token(data, Token.Kind.CLIENT));

    assertThat(clusterName(channel)).isEqualTo(System.getProperty("user.name"));
    assertThat(messagesRead).hasValue(1);
  }

  @Test
  void aWrongTokenIsRefusedBeforeTheMessageIsRead() throws IOException {
    var head = startPlain();
    var channel = connect(head, Token.create(Token.Kind.CLIENT, new SecureRandom()));

    var status = failure(() -> clusterName(channel));

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(status.getDescription())
        .isEqualTo(
            "expected the client token of this head node, but this is not it; copy client.token"
                + " again from the folder tokens of its data");
    assertThat(messagesRead).hasValue(0);
  }

  @Test
  void aLargeMessageWithoutTheTokenIsNotRead() throws IOException {
    var channel = connect(startPlain(), Token.create(Token.Kind.CLIENT, new SecureRandom()));
    var large =
        CreateJobRequest.newBuilder()
            .setRequestId(ByteString.copyFrom(new byte[Limits.JOB_BYTES / 2]))
            .build();

    var status = failure(() -> SchedulerGrpc.newBlockingStub(channel.channel()).createJob(large));

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(messagesRead).hasValue(0);
  }

  @Test
  void aMessageAboveTheLimitIsRefusedAndTheNextOneServed() throws IOException {
    var channel = connect(startPlain(), token(data, Token.Kind.CLIENT));
    var large =
        CreateJobRequest.newBuilder()
            .setRequestId(ByteString.copyFrom(new byte[Limits.JOB_BYTES + 1024 * 1024]))
            .build();

    var status = failure(() -> SchedulerGrpc.newBlockingStub(channel.channel()).createJob(large));

    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(messagesRead).hasValue(0);
    assertThat(clusterName(channel)).isEqualTo(System.getProperty("user.name"));
  }

  @Test
  void aNodesTokenIsNoClients() throws IOException {
    var head = startPlain();
    var node = connect(head, token(data, Token.Kind.NODE));
    var client = connect(head, token(data, Token.Kind.CLIENT));

    var asNode = failure(() -> clusterName(node));
    var asClient =
        failure(
            () ->
                ClientCalls.blockingServerStreamingCall(
                        client.channel(),
                        NodeLinkGrpc.getConnectMethod(),
                        CallOptions.DEFAULT,
                        NodeMessage.getDefaultInstance())
                    .hasNext());

    assertThat(asNode.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(asNode.getDescription()).contains("but this is its node token");
    assertThat(asClient.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(asClient.getDescription()).contains("but this is its client token");
    assertThat(messagesRead).hasValue(0);
  }

  @Test
  void healthIsOpenAndReflectionIsNot() throws IOException {
    var stranger = connect(startPlain(), Token.create(Token.Kind.CLIENT, new SecureRandom()));

    var health =
        HealthGrpc.newBlockingStub(stranger.channel())
            .check(HealthCheckRequest.getDefaultInstance());
    var reflection =
        failure(
            () ->
                ClientCalls.blockingServerStreamingCall(
                        stranger.channel(),
                        ServerReflectionGrpc.getServerReflectionInfoMethod(),
                        CallOptions.DEFAULT,
                        ServerReflectionRequest.getDefaultInstance())
                    .hasNext());

    assertThat(health.getStatus()).isEqualTo(ServingStatus.SERVING);
    assertThat(reflection.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aTokenWithFingerprintSpeaksTlsWithItsHeadNode() throws IOException {
    var head = startEncrypted(data);
    var token = token(data, Token.Kind.CLIENT);

    assertThat(token.isPlain()).isFalse();
    assertThat(clusterName(connect(head, token))).isEqualTo(System.getProperty("user.name"));
  }

  @Test
  void anotherHeadNodeIsNotTrustedAndGetsNoToken(@TempDir Path impostor) throws IOException {
    startEncrypted(data);
    var other = startEncrypted(impostor);
    var channel = connect(other, token(data, Token.Kind.CLIENT));

    var status = failure(() -> clusterName(channel));

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getCause())
        .hasRootCauseInstanceOf(CertificateException.class)
        .rootCause()
        .hasMessage("expected the head node that the token comes from, but another one answered");
    assertThat(messagesRead).hasValue(0);
  }

  @Test
  void noLogShowsTheToken() throws IOException {
    var logged = new ConcurrentLinkedQueue<String>();
    var listening = new LogHandler(logged);
    var root = Logger.getLogger("");
    var level = root.getLevel();
    root.setLevel(Level.ALL);
    root.addHandler(listening);
    opened.push(
        () -> {
          root.removeHandler(listening);
          root.setLevel(level);
        });
    var head = startPlain();
    var token = token(data, Token.Kind.CLIENT);

    clusterName(connect(head, token));

    assertThat(logged).isNotEmpty().noneMatch(line -> line.contains(token.bearer()));
  }

  private static final class LogHandler extends Handler {

    private final Queue<String> lines;

    LogHandler(Queue<String> lines) {
      this.lines = lines;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(new SimpleFormatter().format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void tlsServesNobodyInTheClear() throws IOException {
    var head = startEncrypted(data);
    var channel = connect(head, token(data, Token.Kind.CLIENT).withoutAuthority());

    assertThat(failure(() -> clusterName(channel)).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(messagesRead).hasValue(0);
  }

  @Test
  void aHeadNodeThatOthersCanReachSpeaksTls() throws IOException {
    var door = FrontDoor.open(data, new HeadAddress("0.0.0.0", 0), InstantSource.system());
    opened.push(door);

    assertThat(door.isEncrypted()).isTrue();
    assertThat(token(data, Token.Kind.NODE).isPlain()).isFalse();
  }

  @Test
  void publishedTokensAreFoundForEveryNameOfTheHeadNode(@TempDir Path home) throws IOException {
    var door = FrontDoor.open(data, ANY_PORT, InstantSource.system());
    var head = start(door);
    var files = new TokenFiles(Map.of(), home);

    door.publish(files, head.port());

    for (var name : List.of("127.0.0.1", "localhost")) {
      var found =
          files.find(Token.Kind.CLIENT, List.of(new HeadAddress(name, head.port()))).orElseThrow();
      assertThat(found.reveal()).isEqualTo(token(data, Token.Kind.CLIENT).reveal());
    }
  }

  @Test
  void nobodyIsCallingOutsideACall() {
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(Principal::current);
  }
}
