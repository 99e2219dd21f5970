package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Nodes that lose the head node, or are lost by it, for longer than `NodeLostRerunAfter` says. The
/// runs keep a ledger, in which each notes whether an earlier one is still there as it starts.
final class LeaseIT {

  private static final String RUN =
      "while read pid; do kill -0 $pid && echo both >> both; done < runs; echo $$ >> runs;"
          + " [ -e over ] || exec sleep 3600";

  @RegisterExtension private final Site site = new Site();

  @Test
  void aRunOnANodeThatIsCutOffHasEndedBeforeItStartsElsewhere() throws Exception {
    var head = site.head();
    var node = site.node(head, "n1", 1);
    var place = ledger("cut");
    try (var cluster = head.connect()) {
      Patience.until("a node", () -> !cluster.nodes().isEmpty());
      rerunAfter(cluster, "20");
      var job = submit(cluster, place);
      var first = onlyRun(place);
      site.node(head, "n2", 1);
      Patience.until("two nodes", () -> cluster.nodes().size() == 2);
      Files.createFile(place.resolve("over"));
      var agent = node.agent();

      signal("-STOP", agent);
      try {
        assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
        var run = job.instance(1, 0);
        assertThat(run.node()).isEqualTo("n2");
        assertThat(run.attempt()).isEqualTo(2);
        assertThat(ProcessHandle.of(first)).isEmpty();
        assertThat(Files.readAllLines(place.resolve("runs"))).hasSize(2);
        assertThat(place.resolve("both")).doesNotExist();
      } finally {
        signal("-CONT", agent);
      }
      Patience.until("the node is back", () -> cluster.node("n1").reachable());
    }
  }

  @Test
  void aHeadNodeThatIsAwayForLongCostsTheRunsWhoseLeasesAreShortAndNoOthers() throws Exception {
    var head = site.head();
    site.node(head, "n1", 2);
    var brief = ledger("brief");
    var patient = ledger("patient");
    try (var cluster = head.connect()) {
      Patience.until("a node", () -> !cluster.nodes().isEmpty());
      rerunAfter(cluster, "3600");
      var stays = submit(cluster, patient);
      var staying = onlyRun(patient);
      rerunAfter(cluster, "20");
      var goes = submit(cluster, brief);
      var going = onlyRun(brief);

      head.kill();
      Patience.until("the end of the lease", () -> ProcessHandle.of(going).isEmpty());
      head.startAgain();

      Patience.until("another run", () -> lines(brief).size() == 2);
      assertThat(goes.instance(1, 0).attempt()).isEqualTo(2);
      assertThat(stays.instance(1, 0).attempt()).isEqualTo(1);
      assertThat(ProcessHandle.of(staying)).isPresent();
      stays.cancel("");
      goes.cancel("");
      assertThat(stays.await().state()).isEqualTo(JobState.CANCELED);
      assertThat(goes.await().state()).isEqualTo(JobState.CANCELED);
    }
  }

  private static void rerunAfter(Cluster cluster, String seconds) {
    cluster.changeSettings(Map.of(ClusterParameter.NODE_LOST_RERUN_AFTER, seconds), Map.of());
  }

  private Path ledger(String name) throws IOException {
    var place = site.work(name);
    Files.createFile(place.resolve("runs"));
    return place;
  }

  private static Job submit(Cluster cluster, Path place) {
    return cluster.submit(
        JobBuilder.named("long")
            .task(t -> t.commandLine(RUN).workDirectory(place.toString()))
            .build());
  }

  /// The process of the first run.
  private static long onlyRun(Path place) {
    Patience.until("a run", () -> lines(place).size() == 1);
    return Long.parseLong(lines(place).getFirst());
  }

  private static List<String> lines(Path place) {
    try {
      var text = Files.readString(place.resolve("runs"));
      return text.endsWith("\n") ? text.lines().toList() : List.of();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
