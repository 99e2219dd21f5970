package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What commands ask of jobs and tasks, and what options of rules make of a job.
class VerbsTest {

  private final TestWorld world = new TestWorld();

  private FakeJob made() {
    assertThat(world.run("job", "submit", "--sweep", "1-9", "--", "model", "*")).isZero();
    var job = world.cluster.only();
    job.asked.clear();
    return job;
  }

  @ParameterizedTest
  @CsvSource({
    "job cancel --force 12, cancel FORCED",
    "job cancel --graceful 12 --message why, cancel GRACEFUL why",
    "job finish 12 --message why, finish USUAL why",
    "job finish --graceful 12, finish GRACEFUL",
    "job configure 12, configure",
    "job modify 12 --max-running 4, throttle 4",
    "task cancel 12.1, 1 cancel USUAL",
    "task cancel --force 12.1.3 --message why, 1.3 cancel FORCED why",
    "task finish 12.1, 1 finish",
    "task requeue 12.1.9 --message why, 1.9 requeue why",
    "task modify 12.1 --max-running 0, 1 throttle 0"
  })
  void aCommandAsksForIt(String command, String asked) {
    var job = made();

    assertThat(world.run(command.split(" ", -1))).as(world.err()).isZero();

    assertThat(job.asked.stream().map(String::strip)).containsExactly(asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job cancel --force --graceful 12",
        "job modify 12",
        "job modify 12 --max-running many",
        "job modify 12 --holduntil soon",
        "task cancel 12",
        "task requeue x",
        "task modify 12.1.2 --max-running 3",
        "task modify 12.1"
      })
  void whatMakesNoSenseIsAMistake(String command) {
    var job = made();

    assertThat(world.run(command.split(" ", -1))).isEqualTo(2);

    assertThat(job.asked).isEmpty();
  }

  @Test
  void aHoldIsChangedAndEnded() {
    var job = made();

    assertThat(world.run("job", "modify", "12", "--holduntil", "2027-01-31T18:00Z")).isZero();
    assertThat(job.draft().get(JobProperty.HOLD_UNTIL)).contains("2027-01-31T18:00:00Z");
    assertThat(world.run("job", "modify", "12", "--holduntil", "90")).isZero();
    assertThat(job.draft().get(JobProperty.HOLD_UNTIL)).contains("2026-11-21T13:30:00Z");
    assertThat(world.run("job", "modify", "12", "--holduntil", "now")).isZero();
    assertThat(job.draft().get(JobProperty.HOLD_UNTIL)).isEmpty();
  }

  @Test
  void theOptionsOfRulesReachTheJob() {
    var code =
        world.run(
            "job",
            "submit",
            "--retries",
            "2",
            "--valid-exit-codes",
            "0,3..5",
            "--parentjobids",
            "3,4",
            "--on-parent-failure",
            "hold",
            "--holduntil",
            "2027-01-31T18:00+01:00",
            "--rununtilcanceled",
            "--numcores",
            "1-4",
            "--sweep",
            "1-3,7",
            "--max-running",
            "2",
            "--max-failures",
            "3",
            "--fail-job-after",
            "5",
            "--rerunnable=false",
            "--",
            "model",
            "*");

    assertThat(code).as(world.err()).isZero();
    var draft = world.cluster.only().draft();
    assertThat(
            List.of(
                draft.get(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT).orElseThrow(),
                draft.get(JobProperty.JOB_VALID_EXIT_CODES).orElseThrow(),
                draft.get(JobProperty.PARENT_JOB_IDS).orElseThrow(),
                draft.get(JobProperty.ON_PARENT_FAILURE).orElseThrow(),
                draft.get(JobProperty.HOLD_UNTIL).orElseThrow(),
                draft.get(JobProperty.RUN_UNTIL_CANCELED).orElseThrow()))
        .containsExactly("2", "0,3..5", "3,4", "hold", "2027-01-31T17:00:00Z", "true");
    var task = draft.tasks().getFirst();
    assertThat(
            List.of(
                task.get(TaskProperty.SWEEP).orElseThrow(),
                task.get(TaskProperty.IS_RERUNNABLE).orElseThrow(),
                task.get(TaskProperty.MAX_RUNNING).orElseThrow(),
                task.get(TaskProperty.MAX_FAILURES).orElseThrow(),
                task.get(TaskProperty.FAIL_JOB_ON_FAILURE).orElseThrow(),
                task.get(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT).orElseThrow()))
        .containsExactly("1-3,7", "false", "2", "3", "true", "5");
  }

  @Test
  void aTaskHasExitCodesOfItsOwn() {
    assertThat(world.run("job", "new", "--name", "flow")).isZero();

    assertThat(world.run("job", "add", "12", "--valid-exit-codes", "7", "./a")).isZero();

    assertThat(
            world.cluster.only().draft().tasks().getFirst().get(TaskProperty.TASK_VALID_EXIT_CODES))
        .contains("7");
  }

  @Test
  void aTaskIsModifiedByTheOptionsThatMadeIt() {
    assertThat(world.run("job", "new")).isZero();
    assertThat(
            world.run(
                "job", "add", "12", "--numcores", "4", "--memory", "1G", "--runtime", "5", "a"))
        .isZero();

    var code =
        world.run(
            "task modify 12.1 --numnodes 2 --memory 2G --runtime Infinite --exclusive"
                .concat(" --requirednodes n1,n2 --valid-exit-codes 0,3 --fail-job-after 5")
                .split(" ", -1));

    assertThat(code).as(world.err()).isZero();
    assertThat(world.cluster.only().draft().tasks().getFirst().properties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                TaskProperty.COMMAND_LINE, "a",
                TaskProperty.WORK_DIRECTORY, world.directory.toString(),
                TaskProperty.MIN_NODES, "2",
                TaskProperty.MAX_NODES, "2",
                TaskProperty.MEMORY, "2048",
                TaskProperty.IS_EXCLUSIVE, "true",
                TaskProperty.REQUIRED_NODES, "n1,n2",
                TaskProperty.TASK_VALID_EXIT_CODES, "0,3",
                TaskProperty.FAIL_JOB_ON_FAILURE, "true",
                TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, "5"));
  }
}
