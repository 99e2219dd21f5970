package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.model.JobState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What `mpi-agent` starts on the other node of a task, without any MPI: as MPI launchers do, tasks
/// here find it, and the node's address, by their environment.
final class BranchIT {

  /// Sets `there` to the address of the second node.
  private static final String THERE =
      "there=$(sed -n '2s/:.*//p' $HYDRA_HOST_FILE); agent=$HYDRA_LAUNCHER_EXEC; ";

  @RegisterExtension private static final Site site = new Site();

  private static TwoNodes nodes;

  private Path place;

  @BeforeAll
  static void start() {
    grow();
    nodes = new TwoNodes(site);
  }

  /// Nodes may be started by something larger than what they run: the kernel counts its peak as
  /// theirs.
  private static void grow() {
    try (var arena = Arena.ofConfined()) {
      arena.allocate(500 << 20).fill((byte) 1);
    }
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void moveOn() throws IOException {
    place = nodes.moveOn();
  }

  private static Job submit(String script) {
    return nodes.submit(t -> t.command("sh", "-c", THERE + script));
  }

  private static InstanceStatus end(Job job) throws InterruptedException {
    job.await();
    return job.instance(1, 0);
  }

  @Test
  void aTaskLargerThanEveryNodeStartsACommandOnItsOtherNode() throws Exception {
    var job =
        submit(
            "set -- $CCP_NODES; echo $2 $4; $agent $there 'echo ${CAPATAZ_NODE##*/} $CCP_JOBID'");

    assertThat(end(job).exitCode()).hasValue(0);
    assertThat(job.status().state()).isEqualTo(JobState.FINISHED);
    var lines = TwoNodes.output(job).lines().toList();
    assertThat(lines.getFirst()).matches("n1 n2|n2 n1");
    assertThat(lines.getLast()).isEqualTo(lines.getFirst().substring(3) + " " + job.id());
  }

  @Test
  void theExitCodeAndWhatWasWrittenComeBackAndNothingIsQuotedTwice() throws Exception {
    var job =
        submit("$agent -x $there printf \"'%s|'\" \"'a  b'\" '$CCP_JOBID' '; echo oh >&2; exit 7'");

    assertThat(end(job).exitCode()).hasValue(7);
    assertThat(TwoNodes.output(job)).isEqualTo("a  b|" + job.id() + "|");
    assertThat(TwoNodes.errors(job)).isEqualTo("oh\n");
  }

  @Test
  void theTasksOwnVariablesAndDirectoryGoWithIt() throws Exception {
    var folder = site.work("elsewhere");
    var job =
        submit("cd " + folder + "; export COLOUR='light blue'; $agent $there 'pwd; echo $COLOUR'");

    end(job);
    assertThat(TwoNodes.output(job)).isEqualTo(folder + "\nlight blue\n");
  }

  @Test
  void aCommandThatCannotRunThereSaysWhy() throws Exception {
    var job = submit("mkdir gone; cd gone; rmdir ../gone; $agent $there true");

    assertThat(end(job).exitCode()).hasValue(255);
    assertThat(TwoNodes.errors(job))
        .contains("mpi-agent: on n")
        .contains("expected an absolute working directory");
    assertThat(end(submit("$agent $there true")).exitCode()).hasValue(0);
  }

  @Test
  void aHostThatIsNotOfTheTaskIsRefused() throws Exception {
    var job = submit("$agent 192.0.2.77 true");

    assertThat(end(job).exitCode()).hasValue(255);
    assertThat(TwoNodes.errors(job))
        .isEqualTo("mpi-agent: expected a node of this task, but '192.0.2.77' is none\n");
  }

  @Test
  void whatItUsesThereIsCountedAsTheTasks() throws Exception {
    // Until it has used 30 ticks of processor time itself, of a hundredth of a second each.
    var burn =
        "until [ $(cut -d\" \" -f14 /proc/$$/stat) -ge 30 ]; do i=0;"
            + " while [ $i -lt 20000 ]; do i=$((i+1)); done; done";
    // Much more than the keeper there, which hides what is less.
    var fill = "dd if=/dev/zero of=/dev/null bs=300M count=1 2>/dev/null; ";
    var job = submit("$agent $there '" + fill + burn + "'");

    var usage = end(job).usage();
    assertThat(usage.user()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    assertThat(usage.maxRssKib()).isBetween(300L * 1024, 310L * 1024);
  }

  @Test
  void itsOwnNodeIsServedOnTheSpot() throws Exception {
    var job = submit("$agent $(sed -n '1s/:.*//p' $HYDRA_HOST_FILE) 'echo here; exit 3'");

    assertThat(end(job).exitCode()).hasValue(3);
    assertThat(TwoNodes.output(job)).isEqualTo("here\n");
  }

  @Test
  void whatTheTaskLeavesOnItsOtherNodeEndsWithIt() throws Exception {
    var job =
        submit(
            "$agent $there 'echo > there; exec sleep 1000' & until [ -e there ]; do sleep 0.1;"
                + " done");

    assertThat(end(job).exitCode()).hasValue(0);
    assertThat(nodes.ofJob(job)).isEmpty();
    assertThat(nodes.cluster().nodes()).allMatch(node -> node.capacity().busyCores() == 0);
  }

  @Test
  void anEndThatComesBeforeTheCallerListensIsHeard() throws Exception {
    var late = Files.createDirectory(place.resolve("late"));
    for (var reader : List.of("cat", "head")) {
      var script =
          Files.writeString(
              late.resolve(reader),
              """
              #!/bin/sh
              for file; do :; done
              case $file in */answer) until [ -e "${file%%/*}/output" ]; do sleep 0.1; done ;; esac
              exec /usr/bin/%s "$@"
              """
                  .formatted(reader));
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    var job = submit("PATH=" + late + ":$PATH; export PATH; $agent $there 'echo heard; exit 4'");

    assertThat(end(job).exitCode()).hasValue(4);
    assertThat(TwoNodes.output(job)).isEqualTo("heard\n");
  }

  @Test
  void aCallerThatIsEndedEndsWhatItStarted() throws Exception {
    var job =
        submit(
            "$agent $there 'trap \"echo > ended\" EXIT; trap exit TERM; echo > there;"
                + " while :; do sleep 0.1; done' & until [ -e there ]; do sleep 0.1; done;"
                + " kill $!; wait $!; ls ended");

    assertThat(end(job).exitCode()).hasValue(0);
    assertThat(TwoNodes.output(job)).isEqualTo("ended\n");
  }

  @Test
  void aCallerThatIsKilledEndsWhatItStarted() throws Exception {
    var job =
        submit(
            "$agent $there 'trap \"echo > ended\" EXIT; trap exit TERM; echo > there;"
                + " while :; do sleep 0.1; done' & until [ -e there ]; do sleep 0.1; done;"
                + " kill -9 $!; until [ -e ended ]; do sleep 0.1; done");

    assertThat(end(job).exitCode()).hasValue(0);
  }

  @Test
  void aCancelEndsItOnBothNodes() throws Exception {
    var job = submit("$agent $there 'echo > there; exec sleep 1000'");
    nodes.awaitFile(place.resolve("there"));
    assertThat(nodes.ofJob(job)).isNotEmpty();

    job.cancel("enough");

    assertThat(job.await().state()).isEqualTo(JobState.CANCELED);
    nodes.awaitNothingOf(job);
  }

  @Test
  void theRunTimeLimitEndsItOnBothNodes() throws Exception {
    var job =
        nodes.submit(
            t ->
                t.command("sh", "-c", THERE + "$agent $there 'exec sleep 1000'")
                    .runtime(Duration.ofSeconds(2)));

    assertThat(job.await().state()).isEqualTo(JobState.FAILED);
    assertThat(job.instance(1, 0).message()).contains("run time");
    nodes.awaitNothingOf(job);
  }

  @Test
  void headNodeAndBothAgentsMayBeKilledMeanwhile() throws Exception {
    var job = submit("$agent $there 'echo > there; until [ -e go ]; do sleep 0.1; done; exit 5'");
    nodes.awaitFile(place.resolve("there"));

    nodes.kill();
    write("go");
    nodes.startHeadAgain();

    assertThat(end(job).exitCode()).hasValue(5);
  }

  @Test
  void aCallWhileTheHeadNodeIsAwayIsServedWhenItIsBack() throws Exception {
    var job = submit("echo > begun; until [ -e go ]; do sleep 0.1; done; $agent $there 'exit 6'");
    nodes.awaitFile(place.resolve("begun"));

    nodes.kill();
    write("go");
    nodes.startHeadAgain();

    assertThat(end(job).exitCode()).hasValue(6);
  }

  private void write(String name) throws IOException {
    Files.createFile(place.resolve(name));
  }
}
