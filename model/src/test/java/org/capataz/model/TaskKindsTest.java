package org.capataz.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What task types demand of a task and of the job around it.
class TaskKindsTest {

  private static TaskDraft task(String type) {
    return TaskDraft.EMPTY
        .with(TaskProperty.COMMAND_LINE, "work")
        .with(TaskProperty.TYPE, type)
        .with(TaskProperty.END_VALUE, "2");
  }

  private static JobDraft job(String... types) {
    var job = JobDraft.EMPTY;
    for (var type : types) {
      job = job.plus(task(type));
    }
    return job;
  }

  private static String refusal(JobDraft job) {
    return switch (JobSpec.resolve(job)) {
      case Result.Ok<JobSpec> ok -> "";
      case Result.Refused<JobSpec>(var refusal) -> refusal.message();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NodePrep NodeRelease Basic ParametricSweep Basic |",
        "basic nodeprep NODERELEASE                       |",
        "Service NodeRelease NodePrep                     |",
        "NodePrep Basic NodePrep       | task 3: expected at most one NodePrep task in a job",
        "NodeRelease NodeRelease Basic | task 2: expected at most one NodeRelease task in a job",
        "Service Service               | task 2: expected at most one Service task in a job",
        "Service Basic                 | expected beside a Service task only NodePrep and",
        "ParametricSweep Service       | expected beside a Service task only NodePrep and",
        "NodePrep                      | expected a task that does the job's work, but there are",
        "NodeRelease NodePrep          | expected a task that does the job's work, but there are",
      })
  void typesGoTogetherOrDoNot(String types, String refusal) {
    assertThat(refusal(job(types.strip().split(" "))))
        .startsWith(refusal == null ? "" : refusal)
        .matches(message -> message.isEmpty() == (refusal == null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NodePrep    | MIN_CORES  | 2 | task 2: expected no MinCores for a NodePrep task, but got"
            + " 2",
        "NodeRelease | MAX_CORES  | 2 | task 2: expected no MaxCores for a NodeRelease task",
        "Service     | MIN_CORES  | 2 | task 2: expected no MinCores for a Service task, but got 2",
        "NodePrep    | MEMORY     | 9 | task 2: expected no Memory for a NodePrep task, but got 9;"
            + " it has what",
        "NodeRelease | REQUIRED_NODES | n1 | task 2: expected no RequiredNodes for a NodeRelease",
        "NodePrep    | IS_EXCLUSIVE | true | task 2: expected no IsExclusive for a NodePrep task",
        "Service     | MIN_NODES  | 1 | task 2: expected no MinNodes for a Service task, but got 1;"
            + " each of its instances has 1 node",
        "Service     | SWEEP      | 1-3 | task 2: expected no sweep for a Service task",
        "Service     | FAIL_JOB_ON_FAILURE | true | task 2: expected no FailJobOnFailure for a"
            + " Service task, but got true; the job fails when its service",
        "NodePrep    | FAIL_JOB_ON_FAILURE | 1 | task 2: expected no FailJobOnFailure for a",
        "NodeRelease | FAIL_JOB_ON_FAILURE | true | task 2: expected no FailJobOnFailure for a",
        "Service     | MAX_RUNNING | 2 | task 2: expected MaxRunning for a sweep only",
        "NodePrep    | MAX_FAILURES | 2 | task 2: expected MaxFailures for a sweep only",
        "NodePrep    | DEPENDS_ON | a | task 2: expected no DependsOn for a NodePrep task",
      })
  void typesForbidWhatMakesNoSense(
      String type, TaskProperty property, String value, String refusal) {
    var other = type.equals("Service") ? "NodePrep" : "Basic";

    assertThat(refusal(job(other).plus(task(type).with(property, value)))).startsWith(refusal);
  }

  @Test
  void onlySweepsHaveValues() {
    var job =
        JobDraft.EMPTY.plus(task("Service").withAxes(List.of(new SweepAxis.Lines(List.of("x")))));

    assertThat(refusal(job)).startsWith("task 1: expected no sweep for a Service task");
  }

  @Test
  void noTaskWaitsForPreparation() {
    var job =
        JobDraft.EMPTY
            .plus(task("NodePrep").with(TaskProperty.NAME, "stage"))
            .plus(task("Basic").with(TaskProperty.DEPENDS_ON, "stage"));

    assertThat(refusal(job))
        .isEqualTo(
            "task 2: expected DependsOn to name tasks of this job, but there is no task 'stage' to"
                + " wait for: that is a NodePrep task");
  }

  @Test
  void aJobThatRunsUntilItIsCanceledNeedsNoWork() {
    var job =
        job("NodePrep")
            .with(JobProperty.RUN_UNTIL_CANCELED, "true")
            .with(JobProperty.MIN_CORES, "1")
            .with(JobProperty.MAX_CORES, "4");

    assertThat(refusal(job)).isEmpty();
  }

  @Test
  void retriesAreForTasksThatDoTheWorkAndEnd() {
    var retries = JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT;

    assertThat(refusal(job("Service", "NodePrep").with(retries, "1")))
        .startsWith("expected no TaskExecutionFailureRetryLimit where no task is Basic or");
    assertThat(refusal(job("Service").with(retries, "0"))).isEmpty();
    assertThat(JobSpec.resolve(job("Basic", "NodePrep").with(retries, "2")).orElseThrow().tasks())
        .extracting(task -> task.rules().retries())
        .containsExactly(2, 0);
  }

  @Test
  void validExitCodesAreForAllTypes() {
    var job = job("Service", "NodePrep", "NodeRelease").with(JobProperty.JOB_VALID_EXIT_CODES, "3");

    assertThat(JobSpec.resolve(job).orElseThrow().tasks())
        .allMatch(task -> task.rules().validExitCodes().contains(3));
  }

  @Test
  void aNodeTaskAsksForNothingOfItsOwn() {
    var job =
        job("NodePrep", "Basic", "NodeRelease")
            .with(JobProperty.ESTIMATED_PROCESS_MEMORY, "100")
            .with(JobProperty.SOFTWARE_LICENSE, "solver:1");
    var spec = JobSpec.resolve(job).orElseThrow();

    assertThat(spec.task(1).demand()).isEqualTo(new Demand(new Span(1, 1), 0, 0));
    assertThat(spec.task(3).demand()).isEqualTo(new Demand(new Span(1, 1), 0, 0));
    assertThat(spec.units()).isEqualTo(new Span(1, 1));
  }

  @Test
  void aServiceCanUseAllThereIs() {
    var job = JobSpec.resolve(job("Service", "NodePrep")).orElseThrow();

    assertThat(job.units()).isEqualTo(new Span(1, Integer.MAX_VALUE));
    assertThat(Arrays.asList(job.task(1).sweep(), job.task(2).sweep())).containsOnly(Sweep.OPEN);
  }

  @Test
  void openInstancesAreNumberedFromOne() {
    assertThat(Sweep.OPEN.index(0)).isEqualTo(1);
    assertThat(Sweep.OPEN.ordinal(1)).isZero();
    assertThat(Sweep.OPEN.ordinal(0)).isEqualTo(-1);
    assertThat(Sweep.OPEN.ordinal(1L << 40)).isEqualTo(-1);
  }
}
