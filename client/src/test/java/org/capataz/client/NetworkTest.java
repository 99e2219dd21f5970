package org.capataz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.capataz.client.FakeScheduler.event;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.FakeScheduler.Telling;
import org.capataz.model.JobState;
import org.capataz.proto.v1.WatchRequest;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The client over real connections on the loopback address.
@Timeout(60)
class NetworkTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;

  private final List<Server> servers = new ArrayList<>();
  private Path tokenFile;

  @BeforeEach
  void writeToken() throws IOException {
    tokenFile = folder.resolve("client.token");
    TokenFiles.write(tokenFile, Token.create(Token.Kind.CLIENT, new SecureRandom()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (var server : servers) {
      server.shutdownNow().awaitTermination();
    }
  }

  private Server start(FakeScheduler head, int port) throws IOException {
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress(LOOPBACK, port))
            .addService(head)
            .build()
            .start();
    servers.add(server);
    return server;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  private ConnectOptions options(int... ports) {
    var heads = new ArrayList<String>();
    for (var port : ports) {
      heads.add("127.0.0.1:" + port);
    }
    return ConnectOptions.of(String.join(",", heads)).withTokenFile(tokenFile);
  }

  private static CapatazException failure(Runnable request) {
    try {
      request.run();
    } catch (CapatazException failure) {
      return failure;
    }
    throw new AssertionError("expected a failure, but there was none");
  }

  @Test
  void aWatchOutlivesItsHeadNode() throws Exception {
    var first = new FakeScheduler();
    first.put(1, JobState.RUNNING);
    first.tellings.add(new Telling(List.of(event(3, 1, JobState.RUNNING)), null));
    var second = new FakeScheduler();
    second.tellings.add(new Telling(List.of(event(4, 1, JobState.FINISHED)), null));
    var server = start(first, 0);
    var port = server.getPort();

    try (var cluster = Cluster.connect(options(port));
        var watch = cluster.job(1).watch(WatchOptions.fromNow())) {
      assertThat(watch.next().sequence()).isEqualTo(3);
      server.shutdownNow().awaitTermination();
      start(second, port);

      assertThat(watch.next().sequence()).isEqualTo(4);
    }
    assertThat(second.watched).extracting(WatchRequest::getAfter).containsExactly(3L);
  }

  @Test
  void theNextHeadNodeIsAskedWhereTheFirstIsDown() throws IOException {
    var head = new FakeScheduler();
    var server = start(head, 0);

    try (var cluster = Cluster.connect(options(freePort(), server.getPort()))) {
      assertThat(cluster.nodes()).hasSize(2);
    }
  }

  @Test
  void aHeadNodeThatIsDownIsNamed() throws IOException {
    var port = freePort();

    try (var cluster = Cluster.connect(options(port).withUnreachableAfter(Duration.ofMillis(1)))) {
      var failure = failure(cluster::nodes);

      assertThat(failure.code()).isEqualTo(Code.UNREACHABLE);
      assertThat(failure)
          .hasMessage(
              "expected a head node at 127.0.0.1:" + port + ", but none answers; is it running?");
    }
  }

  @Test
  void aClosedClusterLeavesNoThreadAndAnswersNothing() throws Exception {
    var head = new FakeScheduler();
    head.put(1, JobState.RUNNING);
    head.tellings.add(new Telling(List.of(event(3, 1, JobState.RUNNING)), null));
    var cluster = Cluster.connect(options(start(head, 0).getPort()));
    var watch = cluster.job(1).watch(WatchOptions.fromNow());
    watch.next();

    cluster.close();

    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("capataz-connection")) {
        assertThat(thread.join(Duration.ofSeconds(30))).as(thread.getName()).isTrue();
      }
    }
    assertThatExceptionOfType(CapatazException.class).isThrownBy(watch::hasNext);
    assertThatExceptionOfType(CapatazException.class)
        .isThrownBy(cluster::nodes)
        .withMessage("expected an open cluster, but it was closed");
  }

  @Test
  void aTokenForLoopbackIsNotSentToAnotherMachine() {
    var failure =
        failure(
            () -> Cluster.connect(ConnectOptions.of("192.0.2.1").withTokenFile(tokenFile)).close());

    assertThat(failure.code()).isEqualTo(Code.NOT_ALLOWED);
    assertThat(failure)
        .hasMessageStartingWith("expected a token with a fingerprint for 192.0.2.1:5800");
  }

  @Test
  void whatIsNoTokenIsRefusedWithoutBeingShown() throws IOException {
    Files.writeString(tokenFile, "swordfish");

    assertThat(failure(() -> Cluster.connect(options(1)).close()))
        .hasMessageStartingWith(tokenFile + ": expected a token")
        .message()
        .doesNotContain("swordfish");
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    var failure = failure(() -> Cluster.connect("head:port").close());

    assertThat(failure.code()).isEqualTo(Code.REFUSED);
    assertThat(failure).hasMessageEndingWith("but got 'head:port'");
  }
}
