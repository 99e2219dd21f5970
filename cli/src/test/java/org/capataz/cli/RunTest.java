package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.capataz.client.Explanation.NodeFit;
import org.capataz.client.StandardStream;
import org.capataz.client.TaskCounts;
import org.capataz.model.InstanceId;
import org.capataz.model.JobState;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `capataz run`, with real processes in place of head node and compute node that do nothing but
/// live as long as they should.
class RunTest {

  private static final TaskCounts ONE_FINISHED = new TaskCounts(0, 0, 1, 0, 0);
  private static final TaskCounts ONE_FAILED = new TaskCounts(0, 0, 0, 1, 0);

  @TempDir private Path folder = Path.of("");
  private final TestWorld world = new TestWorld();

  @BeforeEach
  void prepare() throws IOException {
    world.directory = Files.createDirectory(folder.resolve("study")).toRealPath();
    world.variables.putAll(
        Map.of("XDG_STATE_HOME", folder.resolve("state").toString(), "CALLER", "ana"));
    launcher(
        """
        echo "$*" >> "$0.calls"
        [ "$1" = head ] && echo 'listening on 127.0.0.1:4711'
        cat > /dev/null
        echo "$1 stopped" >> "$0.calls"
        """);
    Files.writeString(
        world.directory.resolve("flow.xml"),
        """
        <Job Name="flow">
          <Tasks>
            <Task Name="prepare" CommandLine="./prepare"/>
            <Task Name="plot" DependsOn="prepare" CommandLine="./plot"/>
          </Tasks>
        </Job>
        """);
  }

  private void launcher(String script) throws IOException {
    var file = folder.resolve("launcher");
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    world.variables.put("CAPATAZ_LAUNCHER", file.toString());
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("launcher.calls"));
  }

  private Path data() throws IOException {
    try (var runs = Files.list(folder.resolve("state/capataz/runs"))) {
      return runs.findFirst().orElseThrow();
    }
  }

  /// The job will have gone through these, for who watches it.
  private void willEnd(JobState state, TaskCounts counts) {
    world.cluster.whenSubmitted =
        job -> {
          job.future.add(job.status(JobState.RUNNING, new TaskCounts(0, 1, 0, 0, 0)));
          job.future.add(job.status(state, counts));
          job.instances.add(
              FakeCluster.instance(
                  new InstanceId(job.id(), 1, 0),
                  state == JobState.FINISHED ? TaskState.FINISHED : TaskState.FAILED,
                  OptionalInt.of(state == JobState.FINISHED ? 0 : 3),
                  state == JobState.FINISHED ? "" : "exit code 3",
                  "first line\nlast line\n"));
          job.outputs.put("1.0 OUTPUT", "out\n");
          job.outputs.put("1.0 ERROR", "err\n");
          job.outputs.put("2.0 OUTPUT", "the curve\n");
        };
  }

  @Test
  void aCommandsOutputAndExitCodeAreOurs() throws IOException {
    willEnd(JobState.FAILED, ONE_FAILED);

    assertThat(world.run("run", "--", "./model", "--fast")).isEqualTo(3);

    assertThat(world.out()).isEqualTo("out\n");
    assertThat(world.err())
        .isEqualTo("capataz: starting a cluster of its own; data in " + data() + "\nerr\n");
    var task = world.cluster.only().draft().tasks().getFirst();
    assertThat(task.get(TaskProperty.COMMAND_LINE)).contains("./model --fast");
    assertThat(task.get(TaskProperty.WORK_DIRECTORY)).contains(world.directory.toString());
    assertThat(world.cluster.only().draft().environment()).containsEntry("CALLER", "ana");
  }

  @Test
  void quietlyNothingIsAdded() {
    willEnd(JobState.FINISHED, ONE_FINISHED);

    assertThat(world.run("run", "-q", "--", "./model")).isZero();

    assertThat(world.out()).isEqualTo("out\n");
    assertThat(world.err()).isEqualTo("err\n");
  }

  @Test
  void aFilesLastTaskIsHeardAndItsEndIsTold() {
    willEnd(JobState.FINISHED, new TaskCounts(0, 0, 2, 0, 0));

    assertThat(world.run("run", "flow.xml")).isZero();

    assertThat(world.out()).isEqualTo("the curve\n");
    assertThat(world.err())
        .contains("job 12 Finished after 1m25s: 2 of 2 tasks finished")
        .contains("its tasks ran in " + world.directory);
  }

  @Test
  void whatFailedIsShownWithItsLastWordsAndTheWayOn() {
    willEnd(JobState.FAILED, new TaskCounts(0, 0, 0, 2, 0));

    assertThat(world.run("run", "flow.xml")).isEqualTo(1);

    assertThat(world.err())
        .contains("job 12 Failed after 1m25s: 0 of 2 tasks finished, 2 failed")
        .contains("  12.1.0 failed on n1: exit code 3\n    first line\n    last line\n")
        .contains("'capataz run --resume' runs again what did not finish");
  }

  @Test
  void aSweepIsHeardInTheOrderOfItsIndexes() {
    willEnd(JobState.FINISHED, new TaskCounts(0, 0, 2, 0, 0));
    world.cluster.whenSubmitted =
        world.cluster.whenSubmitted.andThen(
            job -> {
              job.instances.clear();
              for (var index = 1; index <= 3; index++) {
                var id = new InstanceId(job.id(), 1, index);
                job.instances.add(
                    FakeCluster.instance(id, TaskState.FINISHED, OptionalInt.of(0), "", ""));
                job.outputs.put("1." + index + " OUTPUT", "value " + index + "\n");
              }
            });

    assertThat(world.run("run", "--sweep", "1-3", "--", "./model", "*")).isZero();

    assertThat(world.out()).isEqualTo("value 1\nvalue 2\nvalue 3\n");
  }

  @Test
  void theResultIsWrittenForProgramsWhereTheyAskForIt() {
    willEnd(JobState.FINISHED, ONE_FINISHED);

    assertThat(world.run("run", "-o", "id", "flow.xml")).isZero();

    assertThat(world.out()).isEqualTo("12\n");
    assertThat(world.err()).contains("the curve");
  }

  @Test
  void headNodeAndNodeAreStartedWithALifelineAndStopped() throws IOException {
    willEnd(JobState.FINISHED, ONE_FINISHED);

    world.run("run", "--", "true");

    assertThat(calls())
        .containsExactly(
            "head start --data " + data() + "/head --listen 127.0.0.1:0 --private --lifeline",
            "node start --head 127.0.0.1:4711 --data " + data() + "/node --lifeline",
            "node stopped",
            "head stopped");
    var options = world.cluster.connections.getFirst();
    assertThat(options.heads()).isEqualTo("127.0.0.1:4711");
    assertThat(options.tokenFile()).contains(data().resolve("head/tokens/client.token"));
    assertThat(Files.getPosixFilePermissions(data()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aHeadNodeThatDoesNotStartIsNamedWithItsLog() throws IOException {
    launcher("echo 'expected a free disk, but it is full' >&2; exit 1\n");

    assertThat(world.run("run", "--", "true")).isEqualTo(1);

    assertThat(world.err())
        .contains("expected the head node to run, but it ended")
        .contains("expected a free disk, but it is full")
        .contains(data().resolve("head.log").toString());
  }

  @Test
  void aNodeThatEndsEndsTheRun() throws IOException {
    launcher(
        """
        [ "$1" = head ] && { echo 'listening on 127.0.0.1:4711'; cat > /dev/null; exit; }
        echo 'expected cores, but there are none' >&2
        """);

    assertThat(world.run("run", "--", "true")).isEqualTo(1);

    assertThat(world.err())
        .contains(
            "expected the compute node to run, but it ended: expected cores, but there are none");
  }

  @Test
  void anInterruptCancelsTheJobAndWaitsForItsEnd() throws IOException {
    world.cluster.whenSubmitted = job -> job.whenWatched = () -> world.signals.accept(2);

    assertThat(world.run("run", "flow.xml")).isEqualTo(130);

    assertThat(world.cluster.only().asked).containsExactly("submit", "cancel interrupted");
    assertThat(world.err()).contains("canceling job 12").contains("job 12 Canceled");
    assertThat(calls()).contains("node stopped", "head stopped");
  }

  @Test
  void anInterruptThatComesTooLateForTheJobStillEndsTheRun() {
    willEnd(JobState.FINISHED, ONE_FINISHED);
    world.cluster.whenSubmitted =
        world.cluster.whenSubmitted.andThen(
            job -> {
              job.cancelRefused = true;
              job.whenWatched = () -> world.signals.accept(2);
            });

    assertThat(world.run("run", "flow.xml")).isEqualTo(130);

    assertThat(world.err()).contains("job 12 Finished").doesNotContain("expected");
  }

  @Test
  void aReaderThatGoesAwayEndsTheJobAsABrokenPipeEndsACommand() {
    world.readerHasGone = true;
    world.cluster.whenSubmitted =
        job -> {
          job.outputs.put("1.0 OUTPUT", "out\n");
          job.endless = StandardStream.ERROR;
        };

    assertThat(world.run("run", "--", "yes")).isEqualTo(141);

    assertThat(world.cluster.only().asked).containsExactly("submit", "cancel interrupted");
  }

  @Test
  void aTerminationHasItsOwnExitCode() {
    world.cluster.whenSubmitted = job -> job.whenWatched = () -> world.signals.accept(15);

    assertThat(world.run("run", "--", "sleep", "60")).isEqualTo(143);
  }

  @Test
  void aJobThatDoesNotEndWhenCanceledIsNotWaitedForLongerThanPromised() {
    world.tick = Duration.ofSeconds(1);
    world.cluster.whenSubmitted =
        job ->
            job.whenWatched =
                () -> {
                  world.signals.accept(2);
                  job.future.clear();
                  job.state = JobState.CANCELING;
                };

    assertThat(world.run("run", "flow.xml")).isEqualTo(130);
  }

  @Test
  void onARunningClusterAnInterruptLeavesTheJobAlone() {
    world.cluster.whenSubmitted = job -> job.whenWatched = () -> world.signals.accept(2);

    assertThat(world.run("run", "--head", "h:1", "flow.xml")).isEqualTo(130);

    assertThat(world.cluster.only().asked).containsExactly("submit");
    assertThat(world.err()).contains("job 12 goes on; follow it with 'capataz job wait 12'");
    assertThat(world.cluster.connections.getFirst().heads()).isEqualTo("h:1");
    assertThat(world.cluster.only().draft().environment()).isEmpty();
  }

  @Test
  void whatDidNotFinishIsResumed() throws IOException {
    willEnd(JobState.FAILED, ONE_FAILED);
    world.run("run", "flow.xml");
    var job = world.cluster.only();
    job.future.add(job.status(JobState.FINISHED, ONE_FINISHED));

    assertThat(world.run("run", "--resume")).as(world.err()).isZero();

    assertThat(job.asked).containsExactly("submit", "requeue UNFINISHED");
    assertThat(world.err()).contains("going on with job 12");
    assertThat(world.cluster.jobs).hasSize(1);
  }

  @Test
  void whatFinishedNeedsNoResumption() throws IOException {
    willEnd(JobState.FINISHED, ONE_FINISHED);
    world.run("run", "flow.xml");
    Files.delete(folder.resolve("launcher.calls"));

    assertThat(world.run("run", "--resume")).isZero();

    assertThat(world.err()).contains("nothing to resume").contains("job 12 Finished");
    assertThat(folder.resolve("launcher.calls")).doesNotExist();
  }

  @Test
  void withoutAnEarlierRunThereIsNothingToResume() {
    assertThat(world.run("run", "--resume")).isEqualTo(3);
    assertThat(world.run("run", "--resume", "--data", "empty")).isEqualTo(3);

    assertThat(world.err()).contains("expected an earlier run to resume").hasLineCount(2);
  }

  @Test
  void theJobOfARunThatWasKilledDoesNotStartAgainBesideANewOne() {
    world.cluster.nextId = 3;
    var left = world.cluster.add(org.capataz.model.JobDraft.EMPTY);
    left.state = JobState.RUNNING;
    willEnd(JobState.FINISHED, ONE_FINISHED);

    assertThat(world.run("run", "--", "true")).isZero();

    assertThat(left.asked).containsExactly("cancel its run was ended");
  }

  @Test
  void aJobThatNoNodeCouldEverRunIsRefusedAndNotWaitedFor() {
    world.tick = Duration.ofSeconds(2);
    world.cluster.whenSubmitted = job -> job.fits = List.of(new NodeFit("n1", "never", "2 cores"));
    world.cluster.whenSubmitted =
        world.cluster.whenSubmitted.andThen(job -> job.future.add(job.status()));

    assertThat(world.run("run", "flow.xml")).isEqualTo(2);

    assertThat(world.err()).contains("It needs 4 cores, but 2 are free.");
    assertThat(world.cluster.only().state).isEqualTo(JobState.CANCELED);
  }

  @Test
  void withoutTheLauncherItSaysSo() {
    world.variables.remove("CAPATAZ_LAUNCHER");

    assertThat(world.run("run", "--", "true")).isEqualTo(1);

    assertThat(world.err()).contains("expected to be started by the script bin/capataz");
  }
}
