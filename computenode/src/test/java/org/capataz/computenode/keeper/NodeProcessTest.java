package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.capataz.computenode.process.DiskSpace;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.Processes;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Keeper and agent as the processes that they are, and what happens when one of them is killed.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodeProcessTest {

  private static final String ENDLESS = "while :; do sleep 1000 & wait $!; done";

  @TempDir Path directory;

  /// No process of an attempt is left, whatever became of the node.
  @AfterEach
  void killWhatIsLeft() {
    marked().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void tasksOutliveTheirAgentAndTheNextOneLearnsOfThem() throws Exception {
    try (var node = new NodeProcess(directory)) {
      var first = node.agent();
      assertThat(first.inventory()).isEmpty();
      var stays = first.start(1, ENDLESS);
      var ends = first.start(2, "until [ -e go ]; do sleep 0.01; done; exit 7");
      first.running(stays);
      first.running(ends);

      node.killAgent();
      var second = node.agent();
      Files.createFile(directory.resolve("go"));

      var inventory = second.inventory();
      assertThat(inventory).containsOnlyKeys(stays, ends);
      assertThat(inventory.get(stays)).isInstanceOf(Report.Running.class);
      var ended = inventory.get(ends) instanceof Report.Ended known ? known : second.end(ends);
      assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Code(7));
      second.stop(stays, 60_000);
      assertThat(second.end(stays).outcome().status()).isEqualTo(new ExitStatus.Killed(15));
    }
  }

  @Test
  void aTaskThatWritesWithoutEndGoesOnAndTakesABoundedPartOfTheDisk() throws Exception {
    var output = new TaskOutput(directory.resolve("node"));
    var attempt = Agent.attempt(1);
    var file = output.path(attempt, TaskOutput.Stream.OUT);
    try (var node = new NodeProcess(directory, "--max-output=1")) {
      var agent = node.agent();
      agent.inventory();
      agent.start(1, "while :; do yes | head -c 200000; sleep 0.01; done");
      agent.running(attempt);
      followed(output, attempt, 4_000_000);
      node.kill();
    }
    var killedAt = Files.size(file);
    try (var node = new NodeProcess(directory, "--max-output=1")) {
      // Another keeper goes on with it.
      var agent = node.agent();
      agent.inventory();
      followed(output, attempt, killedAt + 4_000_000);
      assertThat(DiskSpace.of(file)).isLessThan(killedAt);
      agent.stop(attempt, 0);
      agent.end(attempt);
      agent.end(agent.start(2, "yes | head -c 40000000"));
      // Both of them are looked at once more when they have ended.
      awaitDisk(output.path(Agent.attempt(2), TaskOutput.Stream.OUT), 2 << 20);
    }
    assertThat(Files.size(file)).isGreaterThan(killedAt);
    assertThat(followed(output, Agent.attempt(2), 40_000_000)).isLessThan(2 << 20);
  }

  /// Reads until the output has reached a length.
  ///
  /// @return how many bytes were there to be read
  private static long followed(TaskOutput output, AttemptId attempt, long length)
      throws IOException {
    var offset = 0L;
    var count = 0L;
    while (offset < length) {
      var piece = output.read(attempt, TaskOutput.Stream.OUT, offset, 1 << 18);
      offset += piece.missing().bytes();
      var text = StandardCharsets.US_ASCII.decode(piece.bytes()).toString();
      var lines = "y\n".repeat(text.length() / 2 + 2);
      assertThat(lines.startsWith(text, (int) (offset % 2))).as("at %s", offset).isTrue();
      offset += text.length();
      count += text.length();
    }
    return count;
  }

  private static void awaitDisk(Path file, long most) {
    while (DiskSpace.of(file) > most) {
      Thread.onSpinWait();
    }
  }

  @Test
  void anotherKeeperHoldsAnAttemptToItsMemoryToo() throws Exception {
    var attempt = Agent.attempt(1);
    try (var node = new NodeProcess(directory)) {
      var agent = node.agent();
      agent.inventory();
      var fill =
          "until [ -e go ]; do sleep 0.01; done; { head -c 200M /dev/zero; sleep 1000; } | tail";
      agent.start(1, agent.script(fill, new Execution.Limits(0, 10_000, 100)));
      agent.running(attempt);
      node.kill();
    }
    try (var node = new NodeProcess(directory)) {
      var agent = node.agent();
      assertThat(agent.inventory()).containsOnlyKeys(attempt);
      Files.createFile(directory.resolve("go"));

      assertThat(agent.end(attempt).reason()).isEqualTo(EndReason.OUT_OF_MEMORY);
    }
  }

  @Test
  void anAgentThatTalksNonsenseIsReplaced() throws Exception {
    try (var node = new NodeProcess(directory)) {
      var first = node.agent();
      first.inventory();
      var attempt = first.start(1, ENDLESS);
      first.running(attempt);

      node.sayNonsense();

      assertThat(node.agent().inventory()).containsOnlyKeys(attempt);
    }
  }

  @Test
  void aNewKeeperKnowsWhatEndedWhatRunsAndWhatWasLost() throws Exception {
    var ended = Agent.attempt(1);
    var lost = Agent.attempt(2);
    var stopped = Agent.attempt(3);
    var endsLater = Agent.attempt(4);
    try (var node = new NodeProcess(directory)) {
      var agent = node.agent();
      agent.inventory();
      agent.start(1, "exit 7");
      agent.end(ended);
      agent.acknowledge(agent.start(5, "exit 8"));
      agent.end(Agent.attempt(5));
      agent.acknowledge(Agent.attempt(5));
      agent.start(2, "echo $$ >pid; until [ -e go ]; do sleep 0.01; done");
      agent.start(3, ENDLESS);
      agent.start(4, "until [ -e later ]; do sleep 0.01; done");
      for (var attempt : List.of(lost, stopped, endsLater)) {
        agent.running(attempt);
      }
      node.kill();
    }
    var lostProcess = process("pid");
    Files.createFile(directory.resolve("go"));
    lostProcess.ifPresent(process -> process.onExit().join());

    try (var node = new NodeProcess(directory)) {
      var agent = node.agent();
      var inventory = agent.inventory();
      assertThat(inventory).containsOnlyKeys(ended, lost, stopped, endsLater);
      assertThat(inventory.get(ended))
          .isInstanceOfSatisfying(
              Report.Ended.class,
              end -> assertThat(end.outcome().status()).isEqualTo(new ExitStatus.Code(7)));
      assertThat(inventory.get(lost)).satisfies(NodeProcessTest::isLost);
      for (var attempt : List.of(stopped, endsLater)) {
        assertThat(inventory.get(attempt))
            .isInstanceOfSatisfying(
                Report.Running.class, running -> assertThat(running.orphan()).isTrue());
      }

      agent.stop(stopped, 60_000);
      var end = agent.end(stopped);
      assertThat(end.reason()).isEqualTo(EndReason.CANCELED);
      assertThat(end.outcome().status()).isEqualTo(new ExitStatus.Unknown());

      Files.createFile(directory.resolve("later"));
      assertThat(agent.end(endsLater)).satisfies(NodeProcessTest::isLost);
    }
  }

  @Test
  void whicheverInstantTheKeeperIsKilledAtNoExitCodeIsWrong() throws Exception {
    var random = new Random(1);
    var seen = new HashSet<AttemptId>();
    var next = 1;
    for (var round = 0; round < 6; round++) {
      try (var node = new NodeProcess(directory)) {
        var agent = node.agent();
        for (var known : agent.inventory().values()) {
          isRightOrLost(known, seen);
        }
        var started = next;
        var killAfter = started + random.nextInt(100);
        while (next < started + 200) {
          agent.start(next, "exit " + next % 200);
          next++;
        }
        isRightOrLost(agent.end(Agent.attempt(killAfter)), seen);
        node.kill();
      }
    }
    assertThat(seen).isNotEmpty();
  }

  @Test
  void onATerminationSignalAllEndsIsDeliveredAndNothingIsLeft() throws Exception {
    try (var node = new NodeProcess(directory)) {
      var agent = node.agent();
      agent.inventory();
      var attempt = agent.start(1, "setsid sleep 1000 & " + ENDLESS);
      agent.running(attempt);

      node.terminate();

      agent.await(Report.Stopping.class, _ -> true);
      assertThat(agent.end(attempt).reason()).isEqualTo(EndReason.NODE_STOPPED);
      agent.acknowledge(attempt);
      assertThat(node.exitCode()).isZero();
      assertThat(marked()).isEmpty();
    }
  }

  @Test
  void aSecondTerminationSignalDoesNotWaitForTheGrace() throws Exception {
    try (var node = new NodeProcess(directory)) {
      var agent = node.agent();
      agent.inventory();
      var attempt =
          agent.start(
              1,
              agent.script(
                  "trap '' TERM; echo >ready; " + ENDLESS, new Execution.Limits(0, 3_600_000)));
      agent.running(attempt);
      while (!Files.exists(directory.resolve("ready"))) {
        Thread.onSpinWait();
      }

      node.terminate();
      agent.await(Report.Stopping.class, _ -> true);
      node.terminate();

      assertThat(agent.end(attempt).outcome().status()).isEqualTo(new ExitStatus.Killed(9));
      agent.acknowledge(attempt);
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void aNodeOnALifelineEndsWithIt() throws Exception {
    try (var node = new NodeProcess(directory, "--lifeline")) {
      var agent = node.agent();
      agent.inventory();
      agent.running(agent.start(1, "trap '' TERM; " + ENDLESS));

      node.endInput();

      assertThat(node.exitCode()).isZero();
      assertThat(marked()).isEmpty();
    }
  }

  @Test
  void aSecondNodeOnADirectoryIsRefused() throws Exception {
    try (var node = new NodeProcess(directory)) {
      node.agent().inventory();
      Files.createDirectory(directory.resolve("second"));
      Files.createSymbolicLink(directory.resolve("second/node"), directory.resolve("node"));
      try (var second = new NodeProcess(directory.resolve("second"))) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.log())
            .startsWith(
                "capataz: expected a data directory of this node's own, but another node runs on ")
            .hasLineCount(1);
      }
    }
  }

  @Test
  void optionsThatAreNoneAreRefusedInOneLine() throws Exception {
    try (var node = new NodeProcess(directory, "--cores=none")) {
      assertThat(node.exitCode()).isEqualTo(2);
      assertThat(node.log())
          .isEqualTo("capataz: expected a number from 1 to 8192 after --cores, but got 'none'\n");
    }
  }

  private static void isLost(Report.OfAttempt report) {
    assertThat(report).isInstanceOf(Report.Ended.class);
    var ended = (Report.Ended) report;
    assertThat(ended.reason()).isEqualTo(EndReason.EXIT_STATUS_LOST);
    assertThat(ended.outcome().status()).isEqualTo(new ExitStatus.Unknown());
  }

  private static void isRightOrLost(Report.OfAttempt report, Set<AttemptId> seen) {
    if (report instanceof Report.Ended ended) {
      var right = new ExitStatus.Code((int) (ended.attempt().instance().instance() % 200));
      if (ended.reason() == EndReason.EXITED) {
        assertThat(ended.outcome().status()).isEqualTo(right);
      } else {
        isLost(ended);
      }
      seen.add(ended.attempt());
    }
  }

  private Optional<ProcessHandle> process(String file) throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve(file)).strip()));
  }

  /// The processes of the tests' attempts.
  private static List<ProcessHandle> marked() {
    return Processes.all().stream()
        .filter(
            pid ->
                Marks.of(pid)
                    .filter(mark -> mark.cluster().equals(Agent.attempt(1).cluster()))
                    .isPresent())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .toList();
  }
}
