package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.JobState.CANCELED;
import static org.capataz.model.JobState.CANCELING;
import static org.capataz.model.JobState.FINISHED;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.capataz.model.Refusal;
import org.junit.jupiter.api.Test;

/// Which job is next, and what it may hold.
class QueueScenarioTest {

  @Test
  void jobsStartByPriorityThenBySubmission() {
    var cluster = cluster().node("n1", 1);
    var busy = cluster.submit(task());
    var normal = cluster.submit(task());
    var alsoNormal = cluster.submit(job(task()).priority("Normal"));
    var high = cluster.submit(job(task()).priority("AboveNormal"));

    cluster.finishes(busy);
    assertThat(high.state()).isEqualTo(RUNNING);
    cluster.finishes(high);
    assertThat(normal.state()).isEqualTo(RUNNING);
    assertThat(alsoNormal.state()).isEqualTo(QUEUED);
    cluster.finishes(normal);
    assertThat(alsoNormal.state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobThatWouldFitDoesNotOvertakeOneThatCameBefore() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(task().cores(3));
    var wide = cluster.submit(task().cores(2));
    var narrow = cluster.submit(task());

    assertThat(wide.state()).isEqualTo(QUEUED);
    assertThat(narrow.state()).isEqualTo(QUEUED);
  }

  @Test
  void aJobStartsAsSoonAsItsMinimumIsFree() {
    var cluster = cluster().node("n1", 4);
    var first = cluster.submit(job(sweep(1, 3)).cores(3, 3));
    var second = cluster.submit(job(sweep(1, 8)).cores(2, 8));
    assertThat(second.state()).isEqualTo(QUEUED);

    cluster.finishes(first);

    assertThat(second.state()).isEqualTo(RUNNING);
    assertThat(second.cores()).isEqualTo(4);
  }

  @Test
  void aJobGetsAtMostItsMaximum() {
    var cluster = cluster().node("n1", 8);

    var sweep = cluster.submit(job(sweep(1, 100)).cores(1, 3));

    assertThat(sweep.cores()).isEqualTo(3);
    assertThat(sweep.counts().running()).isEqualTo(3);
  }

  @Test
  void aRunningJobGrowsIntoCoresThatNoJobWaitsFor() {
    var cluster = cluster().node("n1", 4);
    var other = cluster.submit(job(sweep(1, 3)).cores(3, 3));
    var sweep = cluster.submit(sweep(1, 100));
    assertThat(sweep.cores()).isEqualTo(1);

    cluster.finishes(other);

    assertThat(sweep.cores()).isEqualTo(4);
  }

  @Test
  void aRunningJobGrowsOntoANodeThatCame() {
    var cluster = cluster().node("n1", 2);
    var sweep = cluster.submit(sweep(1, 100));

    cluster.node("n2", 3);

    assertThat(sweep.cores()).isEqualTo(5);
    assertThat(sweep.counts().running()).isEqualTo(5);
  }

  @Test
  void aSweepWiderThanOneNodeGrowsByRunsThatSpanNodes() {
    var cluster = cluster().node("n1", 2).node("n2", 2);
    var sweep = cluster.submit(task().cores(4).over(1, 2));
    assertThat(sweep.counts().running()).isEqualTo(1);

    cluster.node("n3", 3).node("n4", 1);

    assertThat(sweep.counts().running()).isEqualTo(2);
  }

  @Test
  void coresThatNoTaskNeedsAreHandedBackDownToTheMinimum() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, 4)).cores(2, 4));

    cluster.finishes(sweep.instance(1, 0));
    assertThat(sweep.cores()).isEqualTo(3);
    cluster.finishes(sweep.instance(1, 1));
    assertThat(sweep.cores()).isEqualTo(2);
    cluster.finishes(sweep.instance(1, 2));
    assertThat(sweep.cores()).isEqualTo(2);
    cluster.finishes(sweep.instance(1, 3));
    assertThat(sweep.cores()).isZero();
    assertThat(sweep.state()).isEqualTo(FINISHED);
  }

  @Test
  void aWideSweepYieldsDownToItsMinimumAsItsTasksEndWhileAnotherJobWaits() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, 100)).cores(2, 4));
    var waiting = cluster.submit(task().cores(2));
    assertThat(waiting.state()).isEqualTo(QUEUED);

    cluster.finishes(sweep.instance(1, 0));
    assertThat(sweep.cores()).isEqualTo(3);
    cluster.finishes(sweep.instance(1, 1));

    assertThat(sweep.cores()).isEqualTo(2);
    assertThat(waiting.state()).isEqualTo(RUNNING);
    cluster.finishes(sweep.instance(1, 2));
    assertThat(sweep.counts().running()).isEqualTo(2);
  }

  @Test
  void aJobKeepsItsMinimumThoughAnotherWaits() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, 100)).cores(3, 4));
    var waiting = cluster.submit(task().cores(2));

    cluster.finishes(sweep);

    assertThat(sweep.counts().running()).isEqualTo(4);
    assertThat(waiting.state()).isEqualTo(QUEUED);
  }

  @Test
  void nothingIsYieldedToAJobOfLowerPriority() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, 100)).priority("AboveNormal"));
    var waiting = cluster.submit(task());

    cluster.finishes(sweep);

    assertThat(sweep.counts().running()).isEqualTo(4);
    assertThat(waiting.state()).isEqualTo(QUEUED);
  }

  @Test
  void aHigherJobGrowsIntoWhatALowerOneGathers() {
    var cluster = cluster().node("n1", 7);
    cluster.submit(job(sweep(1, 100)).cores(1, 2).priority("Lowest"));
    var other = cluster.submit(job(sweep(1, 4)).cores(4, 4));
    var high = cluster.submit(job(sweep(1, 100)).cores(1, 3).priority("AboveNormal"));
    var low = cluster.submit(task().cores(5));
    assertThat(high.cores()).isEqualTo(1);

    cluster.finishes(other);

    assertThat(high.cores()).isEqualTo(3);
    assertThat(low.state()).isEqualTo(QUEUED);
  }

  @Test
  void aJobOverItsRunTimeIsCanceled() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(job(sweep(1, 10)).limit(60));
    assertThat(cluster.engine().nextWakeup()).isLessThan(Long.MAX_VALUE);

    cluster.after(seconds(59));
    assertThat(job.state()).isEqualTo(RUNNING);
    cluster.after(seconds(1));
    assertThat(job.state()).isEqualTo(CANCELING);
    for (var i = 0; i < 4; i++) {
      cluster.stops(job.instance(1, i));
    }

    assertThat(job.state()).isEqualTo(CANCELED);
    assertThat(job.message()).contains("60 s");
    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aRunTimeBeyondTheEndOfTimeIsNoLimit() {
    var cluster = cluster().node("n1", 4);
    var job = cluster.submit(job(task()).limit(999_999_999_999_999_999L));

    cluster.after(seconds(1));

    assertThat(job.state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobWithoutTasksFinishesAtOnce() {
    assertThat(cluster().submit(job()).state()).isEqualTo(FINISHED);
  }

  @Test
  void whereNoNodeHasEverRegisteredAnyJobWaits() {
    var cluster = cluster();
    var job = cluster.submit(task().cores(100));
    assertThat(job.state()).isEqualTo(QUEUED);

    cluster.node("n1", 100);

    assertThat(job.state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobThatTurnsOutToBeTooMuchForAllNodesHoldsNobodyUp() {
    var cluster = cluster();
    var tooMuch = cluster.submit(job(task().cores(100)).priority("Highest"));
    var job = cluster.submit(sweep(1, 100));

    cluster.node("n1", 4);

    assertThat(tooMuch.state()).isEqualTo(QUEUED);
    assertThat(job.cores()).isEqualTo(4);
    cluster.node("n2", 97);
    assertThat(tooMuch.state()).isEqualTo(QUEUED);
    cluster.finishes(job.instance(1, 0));
    assertThat(job.cores()).isEqualTo(3);
  }

  @Test
  void aJobThatNoNodesCouldEverHoldIsRefusedOnlineOrNot() {
    var cluster = cluster().node("n1", 4, 1000).node("n2", 4, 2000).offline("n2");
    cluster.disconnect("n1");

    assertThat(cluster.submit(task().cores(8)).state()).isEqualTo(QUEUED);
    assertThat(cluster.refusal(job(task().cores(9))).code()).isEqualTo(Refusal.Code.UNSATISFIABLE);
    assertThat(cluster.refusal(job(task().cores(5).memory(1001))).message())
        .isEqualTo(
            "task 1: expected at most 4 cores on nodes with 1001 MB or more, which is all that the"
                + " cluster has, but it asks for 5");
    assertThat(cluster.refusal(job(task()).cores(9, 9)).code())
        .isEqualTo(Refusal.Code.UNSATISFIABLE);
    assertThat(cluster.state().jobs()).hasSize(1);
  }

  @Test
  void theEndOfAShortTaskCostsNoSchedulingPass() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(sweep(1, 100));
    var before = cluster.passes();

    for (var i = 0; i < 50; i++) {
      cluster.finishes(sweep.instance(1, i));
    }

    assertThat(cluster.passes()).isEqualTo(before);
    assertThat(sweep.counts().running()).isEqualTo(4);
  }
}
