package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.OptionalLong;
import org.capataz.model.JobProperty;
import org.capataz.model.PendingReason;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskProperty;
import org.capataz.scheduler.engine.Trial;
import org.capataz.scheduler.policy.QueuePolicy;
import org.junit.jupiter.api.Test;

class TrialScenarioTest {

  private static Result<Trial> result(Cluster cluster, JobSketch job) {
    return Trial.of(cluster.state(), new QueuePolicy(), "ada", job.draft(), cluster.in(seconds(0)));
  }

  private static Trial trial(Cluster cluster, JobSketch job) {
    return result(cluster, job).orElseThrow();
  }

  private static List<String> places(Trial trial) {
    return trial.places().stream()
        .map(place -> place.node() + ":" + place.parts().cores().size())
        .toList();
  }

  @Test
  void aJobThatFitsWouldStartAtOnceWhereItThenDoes() {
    var cluster = cluster().node("n1", 4).node("n2", 2);
    var wide = job(task()).cores(6, 6);

    var trial = trial(cluster, wide);

    assertThat(trial.reason()).isEqualTo(PendingReason.NONE);
    assertThat(trial.startTime()).isEqualTo(OptionalLong.of(cluster.in(seconds(0))));
    assertThat(places(trial)).containsExactly("n1:4", "n2:2");
    assertThat(cluster.submit(wide).nodes()).containsExactly("n1", "n2");
  }

  @Test
  void aTrialLeavesNoTrace() {
    var cluster = cluster().node("n1", 4);
    var before = List.copyOf(cluster.journal());

    trial(cluster, job(task()));

    assertThat(cluster.journal()).isEqualTo(before);
    assertThat(cluster.state().jobs()).isEmpty();
  }

  @Test
  void whatWouldBeRefusedIsRefused() {
    var cluster = cluster().node("n1", 4);

    assertThat(result(cluster, job(task()).cores(5, 5)))
        .isEqualTo(Result.refused(cluster.refusal(job(task()).cores(5, 5))));
    assertThat(cluster.refusal(job(task()).cores(5, 5)).code())
        .isEqualTo(Refusal.Code.UNSATISFIABLE);
  }

  @Test
  void itWouldStartWhenTheRunTimeOfWhatRunsIsOver() {
    var cluster = cluster().node("n1", 4).node("n2", 4);
    cluster.submit(job(task()).cores(4, 4).limit(600));
    cluster.submit(job(task()).cores(4, 4).limit(60));

    var trial = trial(cluster, job(task()).cores(3, 3));

    assertThat(trial.reason()).isEqualTo(PendingReason.NOT_ENOUGH_RESOURCE);
    assertThat(trial.startTime()).isEqualTo(OptionalLong.of(cluster.in(seconds(60))));
    assertThat(places(trial)).containsExactly("n2:3");
  }

  @Test
  void itWouldStartAfterThoseAheadOfIt() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(job(task()).cores(4, 4).limit(60));
    cluster.submit(job(task()).cores(4, 4).limit(100));
    cluster.submit(job(task()).cores(4, 4).limit(1000).priority("Lowest"));

    var trial = trial(cluster, job(task()).cores(2, 2));

    assertThat(trial.reason()).isEqualTo(PendingReason.JOB_SUBMITTED_EARLIER);
    assertThat(trial.jobsAhead()).isEqualTo(1);
    assertThat(trial.startTime()).isEqualTo(OptionalLong.of(cluster.in(seconds(160))));

    var higher = trial(cluster, job(task()).cores(2, 2).priority("Lowest"));
    assertThat(higher.reason()).isEqualTo(PendingReason.HIGHER_PRIORITY_JOB);
    assertThat(higher.jobsAhead()).isEqualTo(2);
    assertThat(higher.startTime()).isEqualTo(OptionalLong.of(cluster.in(seconds(1160))));
  }

  @Test
  void nobodyKnowsWhenAJobEndsThatHasNoRunTimeLimit() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(job(task()).cores(4, 4));

    var trial = trial(cluster, job(task()));

    assertThat(trial.reason()).isEqualTo(PendingReason.NOT_ENOUGH_RESOURCE);
    assertThat(trial.startTime()).isEmpty();
    assertThat(trial.places()).isEmpty();
  }

  @Test
  void itWouldWaitForLicencesAndForAnExclusiveJobToLeave() {
    var cluster = cluster().licences("x:1").node("n1", 4).node("n2", 4);
    cluster.submit(job(task()).with(JobProperty.SOFTWARE_LICENSE, "x:1").limit(60));
    var licensed = trial(cluster, job(task()).with(JobProperty.SOFTWARE_LICENSE, "x:1"));
    assertThat(licensed.startTime()).isEqualTo(OptionalLong.of(cluster.in(seconds(60))));

    var alone = trial(cluster, job(task()).cores(8, 8).with(JobProperty.IS_EXCLUSIVE, "true"));
    assertThat(alone.startTime()).isEqualTo(OptionalLong.of(cluster.in(seconds(60))));
  }

  @Test
  void tasksForNodesAskForNothingAndAServiceForAllThatIsAllowed() {
    var cluster = cluster().node("n1", 4);
    var job =
        job(task().with(TaskProperty.TYPE, "NodePrep"))
            .task(task().with(TaskProperty.TYPE, "Service"))
            .cores(1, 3);

    assertThat(places(trial(cluster, job))).containsExactly("n1:3");
    assertThat(cluster.submit(job).cores()).isEqualTo(3);
  }

  @Test
  void itWouldWaitForItsTimeAndItsParents() {
    var cluster = cluster().node("n1", 4);
    var parent = cluster.submit(task());
    var later = cluster.in(seconds(100));

    assertThat(trial(cluster, job(task()).heldUntil(later)).reason())
        .isEqualTo(PendingReason.HELD_BY_USER);
    assertThat(trial(cluster, job(task()).parents("" + parent.id())).reason())
        .isEqualTo(PendingReason.PARENT_JOBS_NOT_FINISHED);
    cluster.finishes(parent);
    assertThat(trial(cluster, job(task()).parents("" + parent.id())).reason())
        .isEqualTo(PendingReason.NONE);
  }
}
