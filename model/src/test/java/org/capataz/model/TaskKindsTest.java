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
        "NodePrep    | MEMORY     | 9 | task 2: expected no Memory for a NodePrep task; it has"
            + " what",
        "NodePrep    | DEPENDS_ON | a | task 2: expected no DependsOn for a NodePrep task",
      })
  void typesForbidWhatMakesNoSense(
      String type, TaskProperty property, String value, String refusal) {
    var other = type.equals("Service") ? "NodePrep" : "Basic";

    assertThat(refusal(job(other).plus(task(type).with(property, value)))).startsWith(refusal);
  }

  @Test
  void onlySweepsHaveValues() {
    var job = JobDraft.EMPTY.plus(task("Service").withSweepValues(List.of("x")));

    assertThat(refusal(job)).startsWith("task 1: expected no sweep values for a Service task");
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

  @ParameterizedTest
  @CsvSource({
    // limit of the job and of the release task, 0 for none; what a release gets
    "0,0,15",
    "0,5,5",
    "0,100,15",
    "100,0,15",
    "20,0,10",
    "1,0,1",
    "20,4,4",
  })
  void aReleaseTakesAShortTimeAndAtMostHalfTheJobs(long ofJob, long ofTask, long limit) {
    var release = task("NodeRelease");
    if (ofTask > 0) {
      release = release.with(TaskProperty.RUNTIME_SECONDS, "" + ofTask);
    }
    var job = job("Basic").with(JobProperty.RUNTIME_SECONDS, "" + ofJob).plus(release);

    assertThat(JobSpec.resolve(job).orElseThrow().task(2).demand().runtimeSeconds())
        .isEqualTo(limit);
  }

  @Test
  void aServiceCanUseAllThereIs() {
    var job = JobSpec.resolve(job("Service", "NodePrep")).orElseThrow();

    assertThat(job.cores()).isEqualTo(new Span(1, Integer.MAX_VALUE));
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
