package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.capataz.systemtests.CommandProcess.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A cluster on an address that is not loopback, in a network namespace of its own.
@Tag("machine")
final class EncryptionIT {

  private static final String NETWORK = "capataz-" + ProcessHandle.current().pid();
  private static final String HOST = "10.77.0.1";
  private static final int NOT_ALLOWED = 4;

  @RegisterExtension private final Site site = new Site(List.of("ip", "netns", "exec", NETWORK));

  @BeforeAll
  static void makeTheNetwork() throws Exception {
    ip("netns", "add", NETWORK);
    ip("-n", NETWORK, "link", "set", "lo", "up");
    ip("-n", NETWORK, "link", "add", "near", "type", "veth", "peer", "name", "far");
    ip("-n", NETWORK, "address", "add", HOST + "/24", "dev", "near");
    ip("-n", NETWORK, "link", "set", "near", "up");
    ip("-n", NETWORK, "link", "set", "far", "up");
  }

  @AfterAll
  static void removeTheNetwork() throws Exception {
    ip("netns", "delete", NETWORK);
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    var command = new ProcessBuilder("ip");
    command.command().addAll(List.of(arguments));
    assertThat(command.inheritIO().start().waitFor()).isZero();
  }

  @Test
  void nodeAndClientJoinByTokenAndTrustThatHeadNodeAlone() throws Exception {
    var head = HeadProcess.start(site, "head", HOST + ":5800");
    var other = HeadProcess.start(site, "other", HOST + ":5801");
    site.node(head, "n1", 2);

    var submitted = call(head, head.clientToken(), "job", "submit", "-q", "echo", "hello");
    assertThat(submitted.output()).as(submitted.errors()).isEqualTo("1\n");
    assertThat(call(head, head.clientToken(), "job", "wait", "1").exitCode()).isZero();
    assertThat(call(head, head.clientToken(), "job", "output", "1").output()).isEqualTo("hello\n");

    var elsewhere = mixed(head.clientToken(), other.clientToken());
    var refused = call(head, elsewhere, "job", "list");
    assertThat(refused.errors()).hasLineCount(1);
    assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(NOT_ALLOWED);

    var node = new NodeProcess(site, head, mixed(head.nodeToken(), other.nodeToken()), "n2", 2);
    Patience.until("a refusal", () -> node.hasSaid("another one answered"));
    assertThat(call(head, head.clientToken(), "node", "list", "-o", "id").output())
        .isEqualTo("n1\n");
    node.stop();
  }

  private Outcome call(HeadProcess head, Path token, String... arguments) throws Exception {
    return site.command(
            site.folder(),
            Map.of("CAPATAZ_HEAD", head.address(), "CAPATAZ_TOKEN_FILE", token.toString()),
            arguments)
        .end();
  }

  /// The secret of one token with the authority of another.
  private Path mixed(Path secret, Path authority) throws IOException {
    var text = Files.readString(secret);
    var file = Files.createTempFile(site.folder(), "mixed", ".token");
    Files.writeString(
        file,
        text.substring(0, text.lastIndexOf('.'))
            + Files.readString(authority).substring(text.lastIndexOf('.')));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
