package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.capataz.computenode.keeper.TaskOutput.Stream;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A keeper with real processes.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeeperTest {

  /// Starts a process that nobody waits for, by the command that is put in, and waits for it.
  private static final String DAEMON =
      "(%s sh -c 'echo $$ >new; mv new left; exec sleep 1000' &) ; until [ -e left ]; do :; done";

  /// Takes the first processor that is allowed out of a process's status.
  private static final String ALLOWED = "(?s).*Cpus_allowed_list:\\s*(\\d+).*";

  private static final Map<String, String> MINE =
      Map.of("PATH", "/usr/bin:/bin", "HERE", "n1", "NOT", "true");

  @TempDir Path directory;

  private DataDirectory data;
  private Keeper keeper;
  private Agent agent;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    data = DataDirectory.open(directory.resolve("node"));
    keeper = new Keeper(data, OutputLimits.DEFAULT);
    var reports = new LinkedBlockingQueue<Report>();
    keeper.connect(reports::add);
    agent = new Agent(directory, keeper::accept, reports);
    assertThat(agent.inventory()).isEmpty();
    agent.end(agent.start(0, "mkfifo ready"));
    agent.acknowledge(Agent.attempt(0));
  }

  @AfterEach
  void stop() throws IOException {
    keeper.close();
    data.close();
  }

  @Test
  void anExitCodeIsReported() throws Exception {
    var ended = agent.end(agent.start(1, "exit 42"));

    assertThat(ended.reason()).isEqualTo(EndReason.EXITED);
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Code(42));
    assertThat(ended.outcome().startMicros()).isPositive();
    assertThat(ended.outcome().endMicros()).isGreaterThanOrEqualTo(ended.outcome().startMicros());
  }

  @Test
  void anAttemptThatFailsShowsTheEndOfItsStandardError() throws Exception {
    var ended = agent.end(agent.start(1, "seq 10000 >&2; echo 'no such grid: größer' >&2; exit 1"));

    assertThat(ended.outcome().errorTail()).hasSizeLessThanOrEqualTo(2048);
    assertThat(ended.outcome().errorTail()).endsWith("10000\nno such grid: größer\n");
  }

  @Test
  void anAttemptThatSucceedsShowsNoStandardError() throws Exception {
    assertThat(agent.end(agent.start(1, "echo warning >&2")).outcome().errorTail()).isEmpty();
  }

  @Test
  void aProgramThatIsMissingIsAFailedStartThatSaysSo() throws Exception {
    var execution =
        new Execution(
            List.of("no-such-program"),
            Map.of("PATH", "/bin"),
            "/",
            Execution.Streams.UNNAMED,
            new Execution.Limits(0, 0));
    var ended = agent.end(agent.start(1, execution));

    assertThat(ended.reason()).isEqualTo(EndReason.START_FAILED);
    assertThat(ended.message())
        .isEqualTo(
            "expected the program 'no-such-program' in the task's PATH (/bin), but it is in none"
                + " of these directories");
    assertThat(ended.outcome().startMicros()).isZero();
  }

  @Test
  void namedStreamsAreTheUsersFiles() throws Exception {
    Files.writeString(directory.resolve("in"), "hello");
    var execution =
        new Execution(
            List.of("/bin/sh", "-c", "cat; echo no >&2; exit 1"),
            Map.of(),
            directory.toString(),
            new Execution.Streams("in", "out", "err"),
            new Execution.Limits(0, 0));
    var ended = agent.end(agent.start(1, execution));

    assertThat(directory.resolve("out")).hasContent("hello");
    assertThat(directory.resolve("err")).hasContent("no");
    assertThat(ended.outcome().errorTail()).isEqualTo("no\n");
  }

  @Test
  void aBranchHasTheVariablesAndTheProcessorsOfItsNode() throws Exception {
    var first = Files.readString(Path.of("/proc/self/status")).replaceAll(ALLOWED, "$1");
    var attempt = Agent.attempt(1);
    var script =
        "grep -q \"^Cpus_allowed_list:[^0-9]*"
            + first
            + "$\" /proc/self/status; echo $? $HERE $NOT";
    var command = new BranchRequest.Command(script, MINE, directory.toString());
    var id = new BranchId(attempt, "a");

    keeper.accept(
        new Request.Hold(
            attempt,
            Map.of("HERE", "n2", "NOT", ""),
            new Execution.Limits(0, 10_000),
            List.of(Integer.parseInt(first))));
    keeper.accept(new Request.Serve(new BranchRequest(id, "n2", false, Optional.of(command))));

    var served = agent.await(Report.Served.class, news -> news.news().end().isPresent());
    assertThat(served.news().end().orElseThrow().output()).isEqualTo("0 n2\n");
    agent.stop(attempt, 1000);
    agent.end(attempt);
  }

  @Test
  void aStoppedAttemptMayCleanUp() throws Exception {
    var attempt = startReady(1, "trap 'echo cleaned; exit 5' TERM");
    agent.stop(attempt, 60_000);

    var ended = agent.end(attempt);
    assertThat(ended.reason()).isEqualTo(EndReason.CANCELED);
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Code(5));
    assertThat(output(attempt, Stream.OUT)).isEqualTo("cleaned\n");
  }

  @Test
  void anAttemptThatIgnoresTermIsKilledAfterTheGrace() throws Exception {
    var attempt = startReady(1, "trap '' TERM");
    agent.stop(attempt, 100);

    var ended = agent.end(attempt);
    assertThat(ended.reason()).isEqualTo(EndReason.CANCELED);
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Killed(9));
  }

  @Test
  void anAttemptThatIsSuspendedCanBeStopped() throws Exception {
    var attempt = agent.start(1, "(sleep 0.01; echo >ready) & kill -STOP $$");
    awaitReady();
    agent.stop(attempt, 60_000);

    assertThat(agent.end(attempt).outcome().status()).isEqualTo(new ExitStatus.Killed(15));
  }

  @Test
  void anAttemptIsEndedAtItsRunTimeLimit() throws Exception {
    var attempt = agent.start(1, agent.script("sleep 1000", new Execution.Limits(100, 60_000)));

    assertThat(agent.end(attempt).reason()).isEqualTo(EndReason.TIME_LIMIT);
  }

  @Test
  void whatAnAttemptLeavesInItsGroupEndsWithIt() throws Exception {
    assertLeftoverEnds("sleep 1000 & echo $! >left");
  }

  @Test
  void whatAnAttemptLeavesInASessionOfItsOwnEndsWithIt() throws Exception {
    assertLeftoverEnds(
        "setsid sh -c 'echo $$ >new; mv new left; exec sleep 1000' & while [ ! -e left ]; do :;"
            + " done");
  }

  @Test
  void whatALeftoverHasStartedInItsTurnEndsToo() throws Exception {
    assertLeftoverEnds(
        "setsid sh -c 'setsid sleep 1000 & echo $! >new; mv new left; wait' & while [ ! -e left ];"
            + " do :; done");
  }

  /// The kernel shows no environment, and so no mark, of a process that executes a program.
  @Test
  void aLeftoverThatExecutesOneProgramAfterAnotherEndsToo() throws Exception {
    Files.writeString(directory.resolve("again"), "exec sh again");
    for (var i = 1; i <= 100; i++) {
      agent.end(agent.start(i, "setsid sh again & echo $! >left"));
      left().ifPresent(process -> process.onExit().join());
    }
  }

  @Test
  void aDaemonLivesAsLongAsItsAttempt() throws Exception {
    var attempt = startReady(1, DAEMON.formatted("setsid"));
    for (var i = 10; i < 20; i++) {
      agent.end(agent.start(i, "exit 0"));
    }
    var daemon = left().orElseThrow();

    agent.stop(attempt, 0);
    agent.end(attempt);
    daemon.onExit().join();
  }

  @Test
  void aThousandQuickAttemptsEndOnceEachWithTheirOwnCodes() throws Exception {
    for (var i = 1; i <= 1000; i++) {
      agent.start(i, "exit " + i % 200);
    }
    for (var i = 1; i <= 1000; i++) {
      assertThat(agent.end(Agent.attempt(i)).outcome().status())
          .isEqualTo(new ExitStatus.Code(i % 200));
      agent.acknowledge(Agent.attempt(i));
    }
    assertThat(agent.inventory()).isEmpty();
  }

  @Test
  void anAttemptThatIsStartedTwiceRunsOnce() throws Exception {
    var attempt = agent.start(1, "echo ran >>log");
    agent.start(1, "echo ran >>log");
    agent.end(attempt);
    agent.start(1, "echo ran >>log");
    agent.end(attempt);
    agent.end(agent.start(2, "true"));

    assertThat(directory.resolve("log")).hasContent("ran");
  }

  @Test
  void unnamedOutputCanBeReadWhileTheAttemptRuns() throws Exception {
    var attempt = startReady(1, "echo out; echo err >&2");

    assertThat(output(attempt, Stream.OUT)).isEqualTo("out\n");
    assertThat(output(attempt, Stream.ERR)).isEqualTo("err\n");
  }

  @Test
  void anAttemptNeverSeesTheOutputOfAnother() throws Exception {
    for (var i = 1; i <= 40; i++) {
      var attempt = agent.start(i, i % 3 == 0 ? "echo " + i : ":");
      agent.end(attempt);
      for (var j = 1; j <= i; j++) {
        assertThat(output(Agent.attempt(j), Stream.OUT)).isEqualTo(j % 3 == 0 ? j + "\n" : "");
      }
    }
  }

  @Test
  void theFileOfASilentAttemptIsUsedAgain() throws Exception {
    for (var i = 1; i <= 100; i++) {
      agent.end(agent.start(i, ":"));
    }
    try (var files = Files.list(new TaskOutput(data.path()).folder(1))) {
      assertThat(files.count()).isLessThan(10);
    }
  }

  @Test
  void theFileThatALeftoverMayStillWriteToIsNotUsedAgain() throws Exception {
    var attempt =
        agent.start(
            1,
            "(env -i setsid sh -c 'echo >left; until [ -e go ]; do :; done; echo mine; echo >gone'"
                + " &) ; until [ -e left ]; do :; done");
    agent.end(attempt);
    for (var i = 2; i <= 10; i++) {
      agent.end(agent.start(i, ":"));
    }
    agent.end(agent.start(11, "echo >go; until [ -e gone ]; do :; done"));

    assertThat(output(attempt, Stream.OUT)).isEqualTo("mine\n");
  }

  @Test
  void anAttemptWhoseOutputCannotBeShortenedIsEndedAndToldWhatToDo() throws Exception {
    // The note of what is let go cannot be written.
    var outputs = new TaskOutput(data.path());
    var note = Hole.noteOf(outputs.path(Agent.attempt(1), Stream.ERR));
    Files.createDirectories(note.resolveSibling(note.getFileName() + ".new"));

    var ended = agent.end(agent.start(1, "yes | head -c 200000000 >&2; exec sleep 1000"));

    assertThat(ended.reason()).isEqualTo(EndReason.OUTPUT_LIMIT);
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Killed(9));
    assertThat(ended.message())
        .startsWith("expected at most 64 MB on standard error, as the node cannot let the middle")
        .endsWith(
            "but there is more: give it a file with --stderr, or the node a larger --max-output");
  }

  @Test
  void anAttemptThatUsesMoreMemoryThanItMayIsEndedAndToldSo() throws Exception {
    var ended = agent.end(agent.start(1, limited(fill(200), 100)));

    assertThat(ended.reason()).isEqualTo(EndReason.OUT_OF_MEMORY);
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Killed(9));
    assertThat(ended.outcome().usage().maxRssKib()).isBetween(100L * 1024, 300L * 1024);
    assertThat(ended.message())
        .matches(
            "expected at most 100 MB of memory on a node, but it used \\d+ MB: ask for more where"
                + " that is said \\(CCP_MAXIMUMMEMORY, --memory or --estimatedprocessmemory\\)");
  }

  @Test
  void allProcessesOfAnAttemptCountTogetherWhereverTheyHaveGone() throws Exception {
    // One in a session of its own that nobody waits for, one without a mark, one as it should be.
    var three = "(setsid %1$s &) ; env -i PATH=/usr/bin:/bin %1$s & %1$s".formatted(fill(60));

    var ended = agent.end(agent.start(1, limited(three, 150)));

    assertThat(ended.reason()).isEqualTo(EndReason.OUT_OF_MEMORY);
  }

  @Test
  void memoryThatProcessesShareCountsOnce() throws Exception {
    // The shell's children have its memory until they change it: 120 MB, if that were not so.
    var script =
        "x=$(head -c 30000000 /dev/zero | tr '\\0' x); w='until [ -e go ]; do sleep 0.01; done';"
            + " for i in 1 2 3; do (eval \"$w\") & done; echo >ready; wait; exit 3";

    var attempt = agent.start(1, limited(script, 100));
    awaitReady();
    // Whoever has seen this one has looked at the other too.
    agent.end(agent.start(2, limited(fill(40), 20)));
    Files.createFile(directory.resolve("go"));

    assertThat(agent.end(attempt).outcome().status()).isEqualTo(new ExitStatus.Code(3));
  }

  @Test
  void aBranchThatUsesMoreMemoryThanItMayHereEndsTheAttemptHere() throws Exception {
    var attempt = Agent.attempt(1);
    var command = new BranchRequest.Command(fill(200), MINE, directory.toString());
    keeper.accept(
        new Request.Hold(attempt, Map.of(), new Execution.Limits(0, 10_000, 100), List.of()));
    keeper.accept(
        new Request.Serve(
            new BranchRequest(new BranchId(attempt, "a"), "n2", false, Optional.of(command))));

    var ended = agent.end(attempt);
    assertThat(ended.reason()).isEqualTo(EndReason.OUT_OF_MEMORY);
    assertThat(ended.outcome().usage().maxRssKib()).isGreaterThan(100L * 1024);
  }

  /// A command that fills so many megabytes of memory, and stays.
  private static String fill(int megabytes) {
    return "sh -c \"{ head -c " + megabytes + "M /dev/zero; sleep 1000; } | tail\"";
  }

  private Execution limited(String script, int memoryMb) {
    return agent.script(script, new Execution.Limits(0, 10_000, memoryMb));
  }

  @Test
  void aNodeThatStopsEndsItsAttemptsAndDeliversTheirEnds() throws Exception {
    var attempt = startReady(1, "trap '' TERM");
    keeper.stop(Duration.ofMillis(100), Duration.ofMinutes(1));

    agent.await(Report.Stopping.class, _ -> true);
    assertThat(agent.end(attempt).reason()).isEqualTo(EndReason.NODE_STOPPED);
    agent.acknowledge(attempt);
    keeper.awaitStop();
  }

  @Test
  void whatIsLeftWithoutAMarkEndsWithTheNode() throws Exception {
    agent.end(agent.start(1, DAEMON.formatted("env -i setsid")));
    var left = left().orElseThrow();

    keeper.close();

    left.onExit().join();
  }

  private void assertLeftoverEnds(String script) throws Exception {
    var ended = agent.end(agent.start(1, script));
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Code(0));
    left().ifPresent(process -> process.onExit().join());
  }

  /// Starts a script that then waits; returns when it has come so far.
  private AttemptId startReady(int instance, String script) throws Exception {
    var attempt =
        agent.start(instance, script + "; echo >ready; while :; do sleep 1000 & wait $!; done");
    awaitReady();
    return attempt;
  }

  private void awaitReady() throws IOException {
    assertThat(Files.readString(directory.resolve("ready"))).isEqualTo("\n");
  }

  /// The process whose number an attempt has left in the file `left`.
  private Optional<ProcessHandle> left() throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve("left")).strip()));
  }

  private String output(AttemptId attempt, Stream stream) throws IOException {
    var piece = new TaskOutput(data.path()).read(attempt, stream, 0, 100_000);
    assertThat(piece.atEnd()).isTrue();
    return StandardCharsets.UTF_8.decode(piece.bytes()).toString();
  }
}
