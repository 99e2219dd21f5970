package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of jobs and tasks, as they are written.
class RulesTest {

  private static TaskDraft task() {
    return TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "model");
  }

  private static TaskDraft sweep() {
    return task().with(TaskProperty.TYPE, "ParametricSweep").with(TaskProperty.END_VALUE, "9");
  }

  private static TaskRules rules(JobDraft job) {
    return JobSpec.resolve(job).orElseThrow().task(1).rules();
  }

  static String refusal(JobDraft job) {
    return switch (JobSpec.resolve(job)) {
      case Result.Refused<JobSpec>(var refusal) -> refusal.message();
      case Result.Ok<JobSpec> ok -> throw new AssertionError("expected a refusal of " + job);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // codes | valid | not valid
        "0 | 0 | 1",
        "'0,10..20,min..-1' | 0 10 15 20 -1 -2147483648 | 1 9 21 2147483647",
        "' 1 , 3..MAX ' | 1 3 255 2147483647 | 0 2 -1",
        "min..max | 0 -1 255 | ",
        "'+5,5,4..6' | 4 5 6 | 3 7",
      })
  void exitCodesAreNumbersAndRanges(String codes, String valid, String notValid) {
    var parsed = ExitCodes.parse(codes).orElseThrow();

    for (var code : valid.split(" ", -1)) {
      assertThat(parsed.contains(Integer.parseInt(code))).as(code).isTrue();
    }
    for (var code : notValid == null ? new String[0] : notValid.split(" ", -1)) {
      assertThat(parsed.contains(Integer.parseInt(code))).as(code).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "1,",
        "1..",
        "..2",
        "3..2",
        "max..min",
        "1...3",
        "9999999999",
        "1-3",
        "1;2"
      })
  void otherExitCodesAreRefused(String codes) {
    assertThat(ExitCodes.parse(codes)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void aTasksExitCodesAreStrongerThanItsJobsAndEmptyOnesAreNone() {
    var job = JobDraft.EMPTY.with(JobProperty.JOB_VALID_EXIT_CODES, "7");

    var own = job.plus(task().with(TaskProperty.TASK_VALID_EXIT_CODES, "8"));
    var empty = job.plus(task().with(TaskProperty.TASK_VALID_EXIT_CODES, ""));

    assertThat(rules(own).validExitCodes()).isEqualTo(ExitCodes.parse("8").orElseThrow());
    assertThat(rules(empty).validExitCodes()).isEqualTo(ExitCodes.parse("7").orElseThrow());
    assertThat(rules(JobDraft.EMPTY.plus(task())).validExitCodes()).isEqualTo(ExitCodes.DEFAULT);
  }

  @Test
  void theCountOfFailuresAsksForNothingWithoutItsFlag() {
    var count = sweep().with(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, "3");

    assertThat(rules(JobDraft.EMPTY.plus(count)).failsJobAfter()).isZero();
    var flag = count.with(TaskProperty.FAIL_JOB_ON_FAILURE, "true");
    assertThat(rules(JobDraft.EMPTY.plus(flag)).failsJobAfter()).isEqualTo(3);
  }

  @Test
  void everyRuleReachesItsTask() {
    var job =
        JobDraft.EMPTY
            .with(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, "2")
            .plus(
                sweep()
                    .with(TaskProperty.MAX_RUNNING, "4")
                    .with(TaskProperty.MAX_FAILURES, "5")
                    .with(TaskProperty.FAIL_JOB_ON_FAILURE, "1"));

    assertThat(rules(job)).isEqualTo(new TaskRules(ExitCodes.DEFAULT, 2, 1, 4, 5));
  }

  @Test
  void limitsOfASweepAreRefusedWhereThereIsNone() {
    assertThat(refusal(JobDraft.EMPTY.plus(task().with(TaskProperty.MAX_RUNNING, "2"))))
        .isEqualTo("task 1: expected MaxRunning for a sweep only, but the task is none");
    assertThat(refusal(JobDraft.EMPTY.plus(task().with(TaskProperty.MAX_FAILURES, "2"))))
        .isEqualTo("task 1: expected MaxFailures for a sweep only, but the task is none");
  }

  @Test
  void countsAreWithinTheirBounds() {
    assertThat(refusal(JobDraft.EMPTY.plus(sweep().with(TaskProperty.MAX_RUNNING, "-1"))))
        .isEqualTo("task 1: MaxRunning: expected 0 to 10000000, but got -1");
    assertThat(
            refusal(JobDraft.EMPTY.plus(sweep().with(TaskProperty.FAIL_JOB_ON_FAILURE_COUNT, "0"))))
        .contains("FailJobOnFailureCount: expected 1 to 10000000, but got 0");
    assertThat(
            refusal(
                JobDraft.EMPTY
                    .with(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, "-3")
                    .plus(task())))
        .contains("TaskExecutionFailureRetryLimit: expected 0 to 10000000, but got -3");
  }

  // Sweeps over several ranges.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1-3,7,20-40:10 | 1 2 3 7 20 30 40",
        "7,1-2 | 7 1 2",
        "5,4 | 5 4",
        "-3--1,10 | -3 -2 -1 10",
        "1-9:2,2-8:2 | 1 3 5 7 9 2 4 6 8",
        "3 | 1 2 3",
      })
  void aSweepOverSeveralRangesHasTheirIndexesInTheirOrder(String text, String indexes) {
    var sweep = Sweep.Ranges.parse(text).orElseThrow();
    var expected = indexes.split(" ", -1);

    assertThat(sweep.count()).isEqualTo(expected.length);
    for (var ordinal = 0; ordinal < expected.length; ordinal++) {
      assertThat(sweep.values(ordinal)).containsExactly(expected[ordinal]);
      assertThat(sweep.ordinal(sweep.index(ordinal))).isEqualTo(ordinal);
    }
    assertThat(sweep.ordinal(99)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1-10,5 | expected every index once in a sweep, but 5 is there twice",
        "5,1-10 | expected every index once in a sweep, but 5 is there twice",
        "1-100:3,50-80:5 | expected every index once in a sweep, but 55 is there twice",
        "0-1000000:1000,1-1000000:999 | expected every index once in a sweep, but 1000 is there"
            + " twice",
        "1-5,,7 | expected a sweep such as 100, 1-100 or 0-100:5, but got ''",
        "1-10000000,10000001-20000000 | expected at most 10000000 instances, but the sweep has"
            + " more",
      })
  void aSweepThatCannotBeIsRefused(String text, String message) {
    assertThat(Sweep.Ranges.parse(text)).isEqualTo(Result.<Sweep>refused(Refusal.invalid(message)));
  }

  @Test
  void aListOfIndexesAloneMakesASweepAndIsStrongerThanItsOlderForm() {
    var list = task().with(TaskProperty.SWEEP, "1-3,9");
    var both = sweep().with(TaskProperty.SWEEP, "1-3,9");

    for (var draft : new TaskDraft[] {list, both}) {
      var spec = JobSpec.resolve(JobDraft.EMPTY.plus(draft)).orElseThrow().task(1);
      assertThat(spec.sweep().count()).isEqualTo(4);
      assertThat(spec.sweep().values(3)).containsExactly("9");
    }
  }

  // What jobs wait for.

  @Test
  void everyRuleReachesItsJob() {
    var job =
        JobDraft.EMPTY
            .with(JobProperty.PARENT_JOB_IDS, " 3,4 ,3")
            .with(JobProperty.ON_PARENT_FAILURE, "Hold")
            .with(JobProperty.HOLD_UNTIL, "1970-01-01T00:01:00Z")
            .with(JobProperty.RUN_UNTIL_CANCELED, "true")
            .with(JobProperty.MIN_CORES, "1")
            .with(JobProperty.MAX_CORES, "2");

    assertThat(JobSpec.resolve(job).orElseThrow().rules())
        .isEqualTo(new JobRules(List.of(3, 4), true, 60_000_000, true));
    assertThat(JobSpec.resolve(JobDraft.EMPTY).orElseThrow().rules()).isEqualTo(JobRules.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "2027-01-31T18:00:00Z, 2027-01-31T18:00:00Z",
    "2027-01-31T18:00+01:00, 2027-01-31T17:00:00Z",
    "2027-01-31T18:00, 2027-01-31T18:00:00Z",
    "2027-1-3 8:05:09, 2027-01-03T08:05:09Z",
    "2027/12/7 23:18:20, 2027-12-07T23:18:20Z",
    "5/10/2027 2:12:13 PM, 2027-05-10T14:12:13Z",
  })
  void aMomentIsReadInEverySpellingThatMeansOneTime(String text, String time) {
    assertThat(Moment.text(Moment.parse(text).orElseThrow())).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "17/07/2027 1:07:06", "2027-02-30T00:00Z", "1960-01-01T00:00Z"})
  void otherMomentsAreRefused(String text) {
    assertThat(Moment.parse(text)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void whatCannotBeIsRefused() {
    var keeps = JobDraft.EMPTY.with(JobProperty.RUN_UNTIL_CANCELED, "true");

    assertThat(refusal(keeps.with(JobProperty.MIN_CORES, "2")))
        .startsWith("expected MinCores and MaxCores with RunUntilCanceled");
    assertThat(refusal(JobDraft.EMPTY.with(JobProperty.PARENT_JOB_IDS, "3,x")))
        .isEqualTo("ParentJobIds: expected ids of jobs such as 3,4, but got '3,x'");
    assertThat(
            refusal(
                JobDraft.EMPTY
                    .with(JobProperty.RUNTIME_SECONDS, "60")
                    .plus(task().with(TaskProperty.RUNTIME_SECONDS, "61"))))
        .isEqualTo("task 1: expected RuntimeSeconds of at most the job's, 60, but got 61");
  }
}
