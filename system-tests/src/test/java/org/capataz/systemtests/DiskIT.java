package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.capataz.client.CapatazException;
import org.capataz.client.Cluster;
import org.capataz.client.ConnectOptions;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Head nodes and nodes whose disk fills up or breaks, and is mended, while they run.
@Tag("machine")
final class DiskIT {

  private static final int MEGABYTE = 1 << 20;

  @RegisterExtension private final Site site = new Site();

  private Path disk = Path.of("");

  /// A small disk of its own in place of a folder that a program will use.
  private void mount(String folder) throws Exception {
    disk = Files.createDirectories(site.folder().resolve(folder));
    run("mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", disk.toString());
  }

  /// As above, with a file system of the kind that becomes read-only when it is damaged.
  private void mount(Path image) throws Exception {
    disk = Files.createDirectories(site.folder().resolve("head"));
    run("mount", "-o", "loop", image.toString(), disk.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    // Lazily, as the programs on it end later.
    run("umount", "--lazy", disk.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(exitCode(command)).isZero();
  }

  private static int exitCode(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /// Fills the disk, but for some megabytes.
  private void fill(int left) throws IOException {
    var size = disk.toFile().getUsableSpace() - (long) left * MEGABYTE;
    try (var out = Files.newOutputStream(disk.resolve("filler"))) {
      for (var piece = new byte[4096]; size > 0; size -= piece.length) {
        out.write(piece);
      }
      while (left == 0) {
        out.write(0);
        out.flush();
      }
    } catch (IOException full) {
      assertThat(left).isZero();
    }
  }

  private void makeRoom() throws IOException {
    Files.delete(disk.resolve("filler"));
  }

  private static JobDraft job(String command) {
    return JobBuilder.named("job").task(t -> t.commandLine(command)).build();
  }

  /// One that does not wait for the head node to recover.
  private static Cluster hasty(HeadProcess head) {
    return Cluster.connect(
        ConnectOptions.of(head.address())
            .withTokenFile(head.clientToken())
            .withUnreachableAfter(Duration.ofMillis(1)));
  }

  @Test
  void aFullDiskUnderTheHeadNodeHarmsNothingThatRunsAndIsOverWhenThereIsRoom() throws Exception {
    mount("head");
    var head = site.head();
    site.node(head, "n1", 2);
    var go = site.folder().resolve("go");
    try (var cluster = head.connect();
        var hasty = hasty(head)) {
      cluster.changeSettings(Map.of(ClusterParameter.FREE_SPACE_MARK, "16"), Map.of());
      var before = running(cluster, go);

      fill(8);
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(() -> cluster.submit(job("true")))
          .withMessageContaining("FreeSpaceMark")
          .matches(refused -> refused.code() == CapatazException.Code.REFUSED);

      makeRoom();
      fill(0);
      cluster.info();
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(
              () -> hasty.job(before.id()).modify(JobChange.of(JobProperty.PRIORITY, "Highest")))
          .withMessageContaining("cannot write");
      // It ends while nothing can be recorded.
      Files.createFile(go);
      Patience.until("its end", () -> site.reads(go, "") && noRun());
      assertThat(before.status().state()).isEqualTo(JobState.RUNNING);

      makeRoom();
      assertAllIsWell(cluster, before);
    }
  }

  /// A job that runs until there is a file, and then fails with 7.
  private static Job running(Cluster cluster, Path go) {
    var job = cluster.submit(job("until [ -e " + go + " ]; do sleep 0.1; done; exit 7"));
    Patience.until("a run", () -> job.status().state() == JobState.RUNNING);
    return job;
  }

  /// Whether that job ended as it had to, and others can run.
  private static void assertAllIsWell(Cluster cluster, Job before) throws InterruptedException {
    assertThat(before.await().state()).isEqualTo(JobState.FAILED);
    assertThat(before.instance(1, 0).exitCode()).hasValue(7);
    assertThat(before.instance(1, 0).attempt()).isEqualTo(1);
    assertThat(cluster.submit(job("true")).await().state()).isEqualTo(JobState.FINISHED);
  }

  private boolean noRun() {
    return ProcessHandle.allProcesses()
        .noneMatch(
            process -> process.info().commandLine().orElse("").contains(site.folder() + "/go"));
  }

  @Test
  void aDiskThatBreaksUnderTheHeadNodeIsMendedUnderIt() throws Exception {
    var image = site.folder().resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(128 * MEGABYTE);
    }
    run("mkfs.ext4", "-q", image.toString());
    mount(image);
    var head = site.head();
    site.node(head, "n1", 2);
    var go = site.folder().resolve("go");
    try (var cluster = head.connect();
        var hasty = hasty(head)) {
      cluster.changeSettings(Map.of(ClusterParameter.FREE_SPACE_MARK, "16"), Map.of());
      var before = running(cluster, go);

      run("mount", "-o", "remount,abort", disk.toString());
      assertThatExceptionOfType(CapatazException.class)
          .isThrownBy(() -> hasty.submit(job("true")))
          .withMessageContaining("Read-only file system");
      Files.createFile(go);
      Patience.until("its end", this::noRun);
      assertThat(before.status().state()).isEqualTo(JobState.RUNNING);

      Patience.until(
          "nobody who has files open there",
          () -> {
            try {
              return exitCode("umount", disk.toString()) == 0;
            } catch (IOException | InterruptedException broken) {
              throw new IllegalStateException(broken);
            }
          });
      // It says by 1 that it found something to mend.
      assertThat(exitCode("e2fsck", "-fy", image.toString())).isLessThan(2);
      mount(image);
      assertAllIsWell(cluster, before);
    }
  }

  @Test
  void aFullDiskUnderANodeHarmsNothingThatRunsThere() throws Exception {
    mount("n1");
    var head = site.head();
    var node = site.node(head, "n1", 1);
    var go = site.folder().resolve("go");
    try (var cluster = head.connect()) {
      Patience.until("a node", () -> !cluster.nodes().isEmpty());
      var running = running(cluster, go);
      var next =
          cluster.submit(
              JobBuilder.named("many").task(t -> t.commandLine("true").sweep(1, 300)).build());

      fill(0);
      Files.createFile(go);
      assertThat(running.await().state()).isEqualTo(JobState.FAILED);
      assertThat(running.instance(1, 0).exitCode()).hasValue(7);
      Patience.until("complaints", () -> node.hasSaid("until there is room again"));

      makeRoom();
      assertThat(next.await().taskCounts().finished()).isEqualTo(300);
      assertThat(next.instance(1, 300).attempt()).isEqualTo(1);
    }
  }
}
