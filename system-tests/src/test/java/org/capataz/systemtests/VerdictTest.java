package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.capataz.client.Cores;
import org.capataz.client.InstanceStatus;
import org.capataz.client.JobProgress;
import org.capataz.client.JobStatus;
import org.capataz.client.TaskCounts;
import org.capataz.client.Times;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.capataz.model.JobState;
import org.capataz.model.Priority;
import org.capataz.model.TaskState;
import org.capataz.systemtests.Ledger.Line;
import org.capataz.systemtests.Runs.Run;
import org.capataz.systemtests.Verdict.Death;
import org.capataz.systemtests.Verdict.Evidence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The checker of the chaos run bites: evidence of a broken promise is seen.
class VerdictTest {

  private static final UUID CLUSTER = new UUID(1, 1);
  private static final Instant ZERO = Instant.ofEpochSecond(1_000_000);
  private static final InstanceId FIRST = new InstanceId(1, 1, 1);
  private static final InstanceId SECOND = new InstanceId(1, 1, 2);

  private final Map<UUID, Integer> acknowledged = new HashMap<>();
  private final List<JobStatus> jobs = new ArrayList<>();
  private final List<InstanceStatus> instances = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<Run> watched = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<Death> deaths = new ArrayList<>();

  /// A job of two instances, the first of which was lost once with its keeper.
  @BeforeEach
  void allIsWell() {
    var request = new UUID(2, 2);
    acknowledged.put(request, 1);
    jobs.add(job(request.toString(), JobState.FINISHED));
    var lost = run(FIRST, 1, 0, OptionalInt.empty(), TaskState.QUEUED);
    deaths.add(new Death("n1", ZERO.plusSeconds(1)));
    ran(lost);
    ran(run(SECOND, 1, 10, OptionalInt.of(0), TaskState.FINISHED));
    ran(run(FIRST, 2, 20, OptionalInt.of(0), TaskState.FINISHED));
    instances.add(instance(runs.get(2)));
    instances.add(instance(runs.get(1)));
    lines.add(line(true, FIRST, 1, 0, 0));
    wrote(SECOND, 1, 10, 0);
    wrote(FIRST, 2, 20, 0);
  }

  private void ran(Run run) {
    runs.add(run);
    watched.add(run);
  }

  private void wrote(InstanceId instance, int attempt, int second, int core) {
    lines.add(line(true, instance, attempt, second, core));
    lines.add(line(false, instance, attempt, second + 5, core));
  }

  private static JobStatus job(String name, JobState state) {
    return new JobStatus(
        1,
        name,
        "user",
        state,
        Priority.NORMAL,
        new Times(ZERO, Optional.empty(), Optional.empty(), Optional.empty()),
        new TaskCounts(0, 0, 2, 0, 0),
        new Cores(1, 1, 0),
        "",
        0,
        "",
        "Default",
        new JobProgress(0, ""));
  }

  private static Run run(
      InstanceId instance, int attempt, int second, OptionalInt exitCode, TaskState after) {
    var start = ZERO.plusSeconds(second);
    return new Run(
        instance,
        attempt,
        "n1",
        Optional.of(start),
        Optional.of(start.plusSeconds(5)),
        exitCode,
        after,
        "");
  }

  private static InstanceStatus instance(Run run) {
    return new InstanceStatus(
        run.instance(),
        Map.of(),
        run.after(),
        run.attempt(),
        run.start(),
        run.end(),
        run.exitCode(),
        run.node(),
        1,
        0,
        new InstanceStatus.Usage(Duration.ZERO, Duration.ZERO, 0),
        "",
        "");
  }

  private static Line line(
      boolean isStart, InstanceId instance, int attempt, int second, int core) {
    return new Line(
        isStart, second * 100L, new AttemptId(CLUSTER, 1, instance, attempt), "n1", List.of(core));
  }

  private void assertBroken(String promise) {
    assertThat(verdict()).anyMatch(broken -> broken.contains(promise));
  }

  private List<String> verdict() {
    return Verdict.of(
        new Evidence(acknowledged, Set.of(), jobs, instances, runs, watched, lines, deaths));
  }

  @Test
  void aRerunAfterALossBreaksNothing() {
    assertThat(verdict()).isEmpty();
  }

  /// As when it is acknowledged before the commit.
  @Test
  void anAcknowledgedJobThatIsNotThereIsSeen() {
    acknowledged.put(new UUID(3, 3), 2);
    assertBroken("was acknowledged, but there are 0");
  }

  @Test
  void aJobThatIsThereTwiceIsSeen() {
    jobs.add(jobs.getFirst());
    assertBroken("was acknowledged, but there are 2");
  }

  /// As when the number of a process that has ended is trusted without its start, and another has
  /// the number now.
  @Test
  void aTaskThatNeverEndsIsSeen() {
    jobs.set(0, job(jobs.getFirst().name(), JobState.RUNNING));
    assertBroken("job 1 is Running");
  }

  /// As when the spool is deleted before the head node has the end.
  @Test
  void aLossWhileTheKeeperLivedIsSeen() {
    deaths.clear();
    assertBroken("was lost though the keeper of n1 lived");
  }

  @Test
  void aDeathOfAnotherKeeperExcusesNothing() {
    deaths.set(0, new Death("n2", ZERO.plusSeconds(1)));
    assertBroken("was lost though the keeper of n1 lived");
  }

  @Test
  void aDeathAfterTheEndExcusesNothing() {
    deaths.set(0, new Death("n1", ZERO.plusSeconds(50)));
    assertBroken("was lost though the keeper of n1 lived");
  }

  /// The first run was never begun, and nobody died.
  private void takeBack() {
    deaths.clear();
    var lost = runs.getFirst();
    var taken =
        new Run(
            FIRST,
            1,
            "n1",
            Optional.empty(),
            lost.end(),
            OptionalInt.empty(),
            TaskState.QUEUED,
            "not begun, and taken back from its node");
    runs.set(0, taken);
    watched.set(0, taken);
  }

  @Test
  void aRunThatIsTakenBackBeforeItBeginsBreaksNothing() {
    takeBack();
    lines.removeFirst();
    assertThat(verdict()).isEmpty();
  }

  @Test
  void aRunThatIsTakenBackAndBeganAllTheSameIsSeen() {
    takeBack();
    assertBroken("was taken back before it began, with 1 starts");
  }

  @Test
  void aRunThatStartedTwiceIsSeen() {
    wrote(SECOND, 1, 30, 1);
    assertBroken("with 2 starts and 2 ends");
  }

  @Test
  void aRunThatIsSaidToHaveEndedButDidNotIsSeen() {
    lines.removeLast();
    assertBroken("with 1 starts and 0 ends");
  }

  @Test
  void aRunThatIsNotOnRecordIsSeen() {
    wrote(FIRST, 3, 30, 0);
    assertBroken("which is not on record");
  }

  /// As when a report of an earlier attempt is taken for one of the present attempt.
  @Test
  void anEndOfAnotherAttemptIsSeen() {
    var end = run(FIRST, 1, 20, OptionalInt.of(0), TaskState.FINISHED);
    runs.set(2, end);
    assertBroken("attempt 1 of 1.1.1 came after attempt 1");
    assertBroken("ended twice");
  }

  @Test
  void aRerunWithoutALossIsSeen() {
    runs.set(0, run(FIRST, 1, 0, OptionalInt.of(0), TaskState.QUEUED));
    assertBroken("followed a run that was not lost");
  }

  @Test
  void aRunBesideAnotherOfItsInstanceIsSeen() {
    lines.add(line(false, FIRST, 1, 40, 1));
    assertBroken("still ran beside attempt 2");
  }

  @Test
  void aCoreThatIsGivenTwiceIsSeen() {
    lines.remove(2);
    lines.add(2, line(false, SECOND, 1, 21, 0));
    assertBroken("core 0 was given to");
  }

  @Test
  void anOrderOfTwoEpochsIsSeen() {
    var end = lines.getLast();
    var other = new AttemptId(CLUSTER, 2, FIRST, 2);
    lines.set(lines.size() - 1, new Line(false, end.hundredths(), other, end.node(), end.cores()));
    assertBroken("was ordered in several epochs");
  }

  @Test
  void aRowThatDiffersFromTheJournalIsSeen() {
    instances.set(1, instance(run(SECOND, 1, 10, OptionalInt.of(1), TaskState.FINISHED)));
    assertBroken("but in the journal");
  }

  @Test
  void anInstanceWithoutARunIsSeen() {
    runs.remove(1);
    assertBroken("but has no run in the journal");
  }

  @Test
  void anEventThatAWatchMissedIsSeen() {
    watched.remove(1);
    assertBroken("the watch did not tell once");
  }

  @Test
  void anEventThatAWatchToldTwiceIsSeen() {
    watched.add(watched.getFirst());
    assertBroken("the watch did not tell once");
  }

  @Test
  void aTaskThatWasLostAndNeverRanAgainIsSeen() {
    runs.set(0, run(FIRST, 1, 0, OptionalInt.empty(), TaskState.FAILED));
    assertBroken("was lost, and did not run again");
  }
}
