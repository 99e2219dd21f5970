package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.capataz.cli.CommandCall;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A node that is upgraded while its tasks run.
final class UpgradeIT {

  /// Two runs, each until its file is there.
  private static final String COMMAND =
      "echo * >> starts; until [ -e go-* ]; do sleep 0.05; done; echo output of *; exit 7";

  @RegisterExtension private final Site site = new Site();

  private HeadProcess head;
  private Cluster cluster;
  private NodeProcess node;
  private Path place;
  private Path former;
  private Job job;

  @BeforeEach
  void start() throws IOException {
    head = site.head();
    cluster = head.connect();
    place = site.work("place");
    former = Installation.copy(site.folder().resolve("capataz-1"));
    link(former);
    node = NodeProcess.installed(site, head, site.folder().resolve("capataz/bin/capataz"));
    job =
        cluster.submit(
            JobBuilder.named("long")
                .task(t -> t.commandLine(COMMAND).sweep(1, 2).workDirectory(place.toString()))
                .build());
    Patience.until("two starts", () -> site.reads(place.resolve("starts"), "1\n"));
    Patience.until("two starts", () -> site.reads(place.resolve("starts"), "2\n"));
  }

  @AfterEach
  void disconnect() {
    cluster.close();
  }

  @Test
  void afterAHangupTheAgentIsOfTheInstallationThatTheLinkNamesNow() throws Exception {
    var before = node.agent();
    var next = Installation.copy(site.folder().resolve("capataz-2"));
    var jar = ofAnotherVersion(next);
    link(next);
    Site.delete(former);

    node.hangUp();
    go(1);

    before.onExit().join();
    isFrom(jar, node.agent());
    go(2);
    allIsReported();
  }

  @Test
  void anAgentThatDiesIsFollowedByOneOfTheVersionThatWasUnpackedOverItsOwn() throws Exception {
    var before = node.agent();
    var jar = ofAnotherVersion(former);

    before.destroyForcibly();
    go(1);

    before.onExit().join();
    Patience.until("another agent", () -> node.findAgent().isPresent());
    isFrom(jar, node.agent());
    go(2);
    allIsReported();
  }

  @Test
  void anAgentThatCannotSpeakWithTheKeeperChangesNothingUntilTheFormerOneIsBack() throws Exception {
    var agent = node.agent();
    var launcher = site.work("another").resolve("bin/capataz");
    Files.createDirectory(launcher.getParent());
    Files.writeString(launcher, "#!/bin/sh\nprintf capagt99\nexec cat\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    link(site.work("another"));
    var why =
        "expected the agent that "
            + site.folder().resolve("capataz/bin/capataz")
            + " starts to speak version 01 of what keeper and agent say, but it speaks version 99;"
            + " tasks go on; mend or put back the installation and send SIGHUP, or restart the node"
            + " when nothing runs on it\n";

    node.hangUp();
    Patience.until("a refusal", () -> node.hasSaid("the agent is not replaced: " + why));
    assertThat(node.agent()).isEqualTo(agent);
    go(1);
    Patience.until("the end of a run", () -> job.instance(1, 1).state() == TaskState.FAILED);

    agent.destroyForcibly();
    Patience.until("another refusal", () -> node.hasSaid("cannot run the agent: " + why));
    go(2);
    link(former);
    node.hangUp();
    allIsReported();
  }

  /// Unpacks another version over an installation. By its name it would come before the present
  /// one.
  ///
  /// @return its program
  private static Path ofAnotherVersion(Path installation) throws IOException {
    var lib = installation.resolve("lib");
    var program = lib.resolve("capataz-computenode-0.0-other.jar");
    try (var jars = Files.newDirectoryStream(lib, "capataz-computenode-*.jar")) {
      Files.copy(jars.iterator().next(), program);
    }
    Files.writeString(lib.resolve("build"), "0.0-other-1\n");
    return program;
  }

  private void link(Path installation) throws IOException {
    var link = Files.createSymbolicLink(site.folder().resolve("next"), installation);
    Files.move(link, site.folder().resolve("capataz"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void isFrom(Path jar, ProcessHandle agent) {
    assertThat(Path.of("/proc", Long.toString(agent.pid()), "cmdline"))
        .content()
        .contains(jar.toString());
  }

  private void go(int run) throws IOException {
    Files.createFile(place.resolve("go-" + run));
  }

  private void allIsReported() throws Exception {
    job.await();
    assertThat(Files.readAllLines(place.resolve("starts"))).containsExactlyInAnyOrder("1", "2");
    for (var run : List.of(1, 2)) {
      var status = job.instance(1, run);
      assertThat(status.exitCode()).hasValue(7);
      assertThat(status.attempt()).isEqualTo(1);
      assertThat(status.usage().user().plus(status.usage().system())).isPositive();
      assertThat(
              CommandCall.of(
                  head.address(), head.clientToken(), site.folder(), "job", "output", "1.1." + run))
          .isEqualTo(new CommandCall(0, "output of " + run + "\n", ""));
    }
    assertThat(node.stop()).isZero();
  }
}
