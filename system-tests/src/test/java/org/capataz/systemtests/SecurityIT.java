package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.capataz.cli.CommandCall;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.HeadChannel;
import org.capataz.wire.Token;
import org.capataz.wire.TokenFiles;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who has not the right token gets nothing, on a loopback address too.
final class SecurityIT {

  private static final int NOT_ALLOWED = 4;

  @RegisterExtension private static final Site site = new Site();

  private static HeadProcess head;

  @BeforeAll
  static void start() {
    head = site.head();
  }

  @Test
  void aCommandWithoutTheClientTokenIsNotAllowed() throws Exception {
    var tokens = Files.createDirectory(site.folder().resolve("tokens"));
    var wrong = tokens.resolve("wrong");
    TokenFiles.write(wrong, Token.create(Token.Kind.CLIENT, new SecureRandom()));
    var disguised = disguised(head.nodeToken(), "node", "client", tokens.resolve("disguised"));

    for (var token : new Path[] {wrong, disguised, head.nodeToken()}) {
      var call = CommandCall.of(head.address(), token, site.folder(), "job", "submit", "true");

      assertThat(call.errors()).startsWith("capataz: ").contains("token").hasLineCount(1);
      assertThat(call.exitCode()).as(call.errors()).isEqualTo(NOT_ALLOWED);
      assertThat(call.output()).isEmpty();
    }
    var none =
        site.command(site.home(), Map.of("CAPATAZ_HEAD", head.address()), "job", "list").end();
    assertThat(none.errors()).contains("expected a client token").hasLineCount(1);
    assertThat(none.exitCode()).isEqualTo(NOT_ALLOWED);
    var allowed = call("job", "list", "--all", "-o", "id");
    assertThat(allowed).isEqualTo(new CommandCall(0, "", ""));
  }

  private static CommandCall call(String... arguments) {
    return CommandCall.of(head.address(), head.clientToken(), site.folder(), arguments);
  }

  @Test
  void aNodeWithTheClientTokenIsNotLetIn() throws Exception {
    var disguised =
        disguised(head.clientToken(), "client", "node", site.folder().resolve("disguised"));
    var node = new NodeProcess(site, head, disguised, "n1", 1);

    Patience.until("a refusal", () -> node.hasSaid("expected the node token"));

    assertThat(call("node", "list", "-o", "id").output()).isEmpty();
    node.stop();
  }

  /// A token of one kind made to look like the other.
  private static Path disguised(Path token, String is, String pretends, Path file)
      throws IOException {
    Files.writeString(file, Files.readString(token).replace("." + is + ".", "." + pretends + "."));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void healthIsOpenAndReflectionIsNot() throws Exception {
    var stranger = ManagedChannelBuilder.forTarget(head.address()).usePlaintext().build();
    try {
      assertThat(
              HealthGrpc.newBlockingStub(stranger)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
      assertThat(reflection(stranger)).isEqualTo(Status.Code.UNAUTHENTICATED);
    } finally {
      stranger.shutdownNow();
    }
    var token = TokenFiles.read(Token.Kind.CLIENT, head.clientToken()).orElseThrow();
    var address = HeadAddress.parse(head.address()).orElseThrow();
    try (var client = HeadChannel.open(address, token, Runnable::run).orElseThrow()) {
      assertThat(reflection(client.channel())).isEqualTo(Status.Code.OK);
    }
  }

  /// How a request for the list of services ends.
  private static Status.Code reflection(Channel channel) {
    var end = new CompletableFuture<Status.Code>();
    var requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<ServerReflectionResponse>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {}

                  @Override
                  public void onError(Throwable failure) {
                    end.complete(Status.fromThrowable(failure).getCode());
                  }

                  @Override
                  public void onCompleted() {
                    end.complete(Status.Code.OK);
                  }
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onCompleted();
    return end.join();
  }
}
