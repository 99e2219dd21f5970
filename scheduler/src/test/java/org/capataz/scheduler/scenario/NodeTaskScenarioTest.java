package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

/// A node is prepared once for a job, before anything else of it there, and released once.
class NodeTaskScenarioTest {

  private static final int PREP = 2;
  private static final int RELEASE = 3;

  private static JobSketch prepared(TaskSketch task) {
    return job(task).task(task("stage").ofType("NodePrep"));
  }

  private static JobSketch whole(TaskSketch task) {
    return prepared(task).task(task("clean").ofType("NodeRelease"));
  }

  private static List<String> nodesOf(SubmittedJob job, int task) {
    return job.job().task(task).live().stream()
        .map(
            attempt ->
                job.job().grants().stream()
                    .filter(grant -> grant.node().id() == attempt.leadNode())
                    .findFirst()
                    .orElseThrow()
                    .node()
                    .name())
        .sorted()
        .toList();
  }

  // Preparation.

  @Test
  void nothingRunsOnANodeBeforeItIsPrepared() {
    var cluster = cluster().node("n1", 4);

    var job = cluster.submit(prepared(sweep(1, 8)));

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    assertThat(job.instance(PREP, 0).cores()).isEqualTo(4);
    assertThat(job.counts().running()).isZero();

    cluster.finishes(job.instance(PREP, 0));

    assertThat(job.counts().running()).isEqualTo(4);
    cluster.finishes(job).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.prep().made()).isEqualTo(1);
  }

  @Test
  void everyNodeIsPreparedOnItsOwn() {
    var cluster = cluster().node("n1", 2).node("n2", 2);
    var job = cluster.submit(prepared(sweep(1, 4)));

    cluster.finishes(job.instance(PREP, 0));

    assertThat(job.counts().running()).isEqualTo(2);
    assertThat(nodesOf(job, PREP)).containsExactly("n2");
  }

  @Test
  void aJobDoesNotGetANodeThatCouldNotBePrepared() {
    var cluster = cluster().node("n1", 4).node("n2", 2);
    var job = cluster.submit(prepared(sweep(1, 2)));
    assertThat(nodesOf(job, PREP)).containsExactly("n1");

    cluster.fails(job.instance(PREP, 0));

    assertThat(nodesOf(job, PREP)).containsExactly("n2");
    assertThat(cluster.node("n1").freeCores()).isEqualTo(4);
    cluster.finishes(job.instance(PREP, 1)).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aJobFailsWhenNoNodeCouldBePrepared() {
    var cluster = cluster().node("n1", 4).node("n2", 2);
    var job = cluster.submit(prepared(sweep(1, 2)));

    cluster.fails(job.instance(PREP, 0));
    cluster.ends(job.instance(PREP, 1), EndReason.TIME_LIMIT, 137);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message())
        .isEqualTo(
            "preparation failed on every node that could run it: n1 (exit code 1), n2 (run time"
                + " expired)");
    assertThat(job.counts().canceled()).isEqualTo(2);
  }

  @Test
  void aJobFailsWhenItsMinimumCannotBePreparedAnyMore() {
    var cluster = cluster().node("n1", 4).node("n2", 4);
    var job = cluster.submit(prepared(sweep(1, 8)).cores(8, 8));
    cluster.finishes(job.instance(PREP, 0));
    assertThat(job.counts().running()).isEqualTo(4);

    cluster.fails(job.instance(PREP, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(job.message()).contains("n2 (exit code 1)");
  }

  @Test
  void aRequeuedJobTriesAllNodesAgain() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(prepared(sweep(1, 2)));
    cluster.fails(job.instance(PREP, 0));
    assertThat(job.state()).isEqualTo(JobState.FAILED);

    cluster.requeue(job);

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
  }

  @Test
  void aNodeThatWasLostWhileItWasPreparedIsTriedAgain() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 2)));

    cluster.reboot("n1");

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    assertThat(job.prep().made()).isEqualTo(2);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void whatWasPreparedIsGoneWhenTheNodeRestarts() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 4)));
    cluster.finishes(job.instance(PREP, 0));

    cluster.reboot("n1");

    assertThat(nodesOf(job, PREP)).containsExactly("n1");
    assertThat(job.counts().queued()).isEqualTo(4);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void aJobThatWaitsForAPreparationDoesNotGrowForTheSameTasks() {
    var cluster = cluster().node("n1", 4).node("n2", 4);

    var job = cluster.submit(prepared(sweep(1, 4)).cores(1, 8));

    assertThat(job.cores()).isEqualTo(4);
    cluster.submit(task());
    assertThat(job.cores()).isEqualTo(4);
  }

  // Release.

  @Test
  void aNodeIsReleasedBeforeItsCoresAreFree() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 1)).cores(4, 4));
    cluster.finishes(job.instance(PREP, 0));

    cluster.finishes(job.instance(1, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    assertThat(nodesOf(job, RELEASE)).containsExactly("n1");
    assertThat(job.instance(RELEASE, 0).cores()).isEqualTo(4);
    assertThat(cluster.node("n1").freeCores()).isZero();

    cluster.finishes(job.instance(RELEASE, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(cluster.node("n1").freeCores()).isEqualTo(4);
  }

  @Test
  void aReleaseThatFailsIsRecordedAndDoesNotFailTheJob() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(whole(sweep(1, 1)).cores(4, 4));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(1, 0));

    cluster.fails(job.instance(RELEASE, 0));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.counts().failed()).isZero();
    assertThat(job.instance(RELEASE, 0).state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void aCanceledJobReleasesEachNodeAsSoonAsNothingRunsThere() {
    var cluster = cluster().node("n1", 2).node("n2", 1);
    var job = cluster.submit(whole(sweep(1, 3)));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(PREP, 1));

    cluster.cancel(job);
    assertThat(job.release().made()).isZero();
    cluster.stops(job.instance(1, 2));

    assertThat(nodesOf(job, RELEASE)).containsExactly("n2");
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));
    cluster.finishes(job.instance(RELEASE, 0));
    assertThat(job.state()).isEqualTo(JobState.CANCELING);
    cluster.finishes(job.instance(RELEASE, 1));
    assertThat(job.state()).isEqualTo(JobState.CANCELED);
  }

  @Test
  void aNodeWhosePreparationWasCanceledIsReleased() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));

    cluster.cancel(job).stops(job.instance(PREP, 0));

    assertThat(nodesOf(job, RELEASE)).containsExactly("n1");
  }

  @Test
  void aNodeOnWhichNothingRanIsNotReleased() {
    var cluster = cluster().node("n1", 2).startsWait();
    var job = cluster.submit(whole(sweep(1, 2)));

    cluster.cancel(job).ends(job.instance(PREP, 0), EndReason.CANCELED, 0);

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void aNodeThatAJobNoLongerNeedsIsReleased() {
    var cluster = cluster().node("n1", 2).node("n2", 2);
    var job = cluster.submit(whole(sweep(1, 4)).cores(1, 4));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(PREP, 1));

    cluster.finishes(job.instance(1, 0)).finishes(job.instance(1, 1));

    assertThat(nodesOf(job, RELEASE)).hasSize(1);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(job.job().keptCores()).isEqualTo(2);
    cluster.finishes(job.instance(RELEASE, 0));
    assertThat(job.cores()).isEqualTo(2);
  }

  @Test
  void aNodeThatIsAwayIsReleasedWhenItComesBack() {
    var cluster = cluster().node("n1", 1).node("n2", 1);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.instance(PREP, 1));
    cluster.finishes(job.instance(1, 0));
    cluster.finishes(job.instance(RELEASE, 0));
    cluster.finishes(job.instance(1, 1));
    assertThat(nodesOf(job, RELEASE)).hasSize(1);
    var name = nodesOf(job, RELEASE).getFirst();

    cluster.disconnect(name);
    assertThat(job.state()).isEqualTo(JobState.FINISHING);
    cluster.connect(name).finishes(job.instance(RELEASE, 1));

    assertThat(job.state()).isEqualTo(JobState.FINISHED);
  }

  @Test
  void aNodeThatRestartsNeedsNoRelease() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).cancel(job);

    cluster.reboot("n1");

    assertThat(job.state()).isEqualTo(JobState.CANCELED);
    assertThat(job.release().made()).isZero();
  }

  @Test
  void aRequeuedJobIsReleasedFirst() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(whole(sweep(1, 2)));
    cluster.finishes(job.instance(PREP, 0)).requeue(job);
    cluster.stops(job.instance(1, 0)).stops(job.instance(1, 1));
    assertThat(nodesOf(job, RELEASE)).containsExactly("n1");

    cluster.finishes(job.instance(RELEASE, 0));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(nodesOf(job, PREP)).containsExactly("n1");
  }

  @Test
  void aLimitedJobIsStoppedEarlyEnoughToBeReleased() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()).limit(100));
    cluster.finishes(job.instance(PREP, 0));

    cluster.after(seconds(84));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.after(seconds(1));

    assertThat(job.state()).isEqualTo(JobState.CANCELING);
    assertThat(job.release().spec().demand().runtimeSeconds()).isEqualTo(15);
  }

  @Test
  void aJobThatIsBeingReleasedCannotBeCanceled() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(whole(task()));
    cluster.finishes(job.instance(PREP, 0)).finishes(job.onlyTask());

    var refusal = Cluster.refused(cluster.ask(new Command.CancelJob(job.id(), "")));

    assertThat(refusal.message())
        .isEqualTo(
            "expected a job with something left to cancel, but job 1 has done its work and its"
                + " nodes are being released");
  }
}
