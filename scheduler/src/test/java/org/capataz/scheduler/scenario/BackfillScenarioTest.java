package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.junit.jupiter.api.Test;

/// Which jobs start before the first of the queue, and in which order they queue.
class BackfillScenarioTest {

  /// A job that takes so many cores for so many seconds at most.
  private static JobSketch rigid(int cores, long limit) {
    return job(task().cores(cores)).limit(limit);
  }

  private static Cluster withPolicy(String policy) {
    return cluster().set(ClusterParameter.SCHEDULING_POLICY, policy);
  }

  @Test
  void aJobThatEndsInTimeStartsBeforeTheFirst() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(rigid(3, 100));
    var first = cluster.submit(rigid(4, 100));

    var late = cluster.submit(rigid(1, 101));
    var inTime = cluster.submit(rigid(1, 100));

    assertThat(first.state()).isEqualTo(QUEUED);
    assertThat(late.state()).isEqualTo(QUEUED);
    assertThat(inTime.state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobWithoutALimitStartsBeforeNone() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(rigid(3, 100));
    cluster.submit(rigid(2, 100));

    assertThat(cluster.submit(task()).state()).isEqualTo(QUEUED);
  }

  @Test
  void aJobThatEndsLateStartsInWhatTheFirstLeaves() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(rigid(2, 100));
    cluster.submit(rigid(3, 100));

    var one = cluster.submit(rigid(1, 1000));
    var another = cluster.submit(rigid(1, 1000));

    assertThat(one.state()).isEqualTo(RUNNING);
    assertThat(another.state()).isEqualTo(QUEUED);
  }

  @Test
  void theFirstStartsWhenItWasToWhateverStartedBeforeIt() {
    var cluster = cluster().node("n1", 4);
    var running = cluster.submit(rigid(3, 100));
    var first = cluster.submit(rigid(4, 100));
    var other = cluster.submit(rigid(1, 100));

    cluster.after(seconds(99)).finishes(other).after(seconds(1)).stops(running.onlyTask());

    assertThat(first.state()).isEqualTo(RUNNING);
  }

  @Test
  void whereNobodyKnowsWhenTheFirstStartsAllWithALimitMayStart() {
    var cluster = cluster().node("n1", 4);
    cluster.submit(task().cores(3));
    cluster.submit(rigid(4, 100));

    assertThat(cluster.submit(rigid(1, 1_000_000)).state()).isEqualTo(RUNNING);
  }

  @Test
  void aNodeThatTheFirstNeedsWholeIsLeftToIt() {
    var cluster = cluster().node("n1", 8).node("n2", 8);
    cluster.submit(rigid(2, 100));
    cluster.submit(rigid(4, 5000));
    // On n1 there are 6 cores free, on n2 4: the first gets n1 when what runs there has ended.
    cluster.submit(rigid(8, 100));

    var late = cluster.submit(rigid(2, 1000));
    var later = cluster.submit(rigid(2, 1000));
    var noMore = cluster.submit(rigid(1, 1000));

    assertThat(late.nodes()).containsExactly("n2");
    assertThat(later.nodes()).containsExactly("n2");
    assertThat(noMore.state()).isEqualTo(QUEUED);
    assertThat(cluster.submit(rigid(6, 100)).nodes()).containsExactly("n1");
  }

  @Test
  void anElasticJobGetsWhatDelaysNobody() {
    var cluster = cluster().node("n1", 8);
    cluster.submit(rigid(4, 100));
    cluster.submit(rigid(6, 100));

    var late = cluster.submit(job(sweep(1, 100)).cores(1, 4).limit(1000));

    assertThat(late.state()).isEqualTo(RUNNING);
    assertThat(late.cores()).isEqualTo(1);
  }

  @Test
  void whatASweepHandsBackForTheFirstIsLeftToIt() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, 100)).cores(1, 4));
    var first = cluster.submit(rigid(3, 100));
    var other = cluster.submit(rigid(1, 10));

    cluster.finishes(sweep.instance(1, 0));
    assertThat(other.state()).isEqualTo(QUEUED);
    cluster.finishes(sweep.instance(1, 1)).finishes(sweep.instance(1, 2));

    assertThat(first.state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobThatWaitsForALicenceKeepsItsCoresForThen() {
    var cluster = cluster().node("n1", 8).licences("x:1");
    var licence = JobProperty.SOFTWARE_LICENSE;
    cluster.submit(rigid(1, 100).with(licence, "x:1"));
    cluster.submit(rigid(4, 100).with(licence, "x:1"));

    assertThat(cluster.submit(rigid(4, 1000)).state()).isEqualTo(RUNNING);
    assertThat(cluster.submit(rigid(1, 1000)).state()).isEqualTo(QUEUED);
  }

  @Test
  void noneOvertakesUnderFcfsNorWithoutLookahead() {
    var fcfs = withPolicy("fcfs").node("n1", 4);
    var blind = cluster().set(ClusterParameter.BACKFILL_LOOKAHEAD, "0").node("n1", 4);
    for (var cluster : List.of(fcfs, blind)) {
      cluster.submit(rigid(3, 100));
      cluster.submit(rigid(4, 100));

      assertThat(cluster.submit(rigid(1, 10)).state()).isEqualTo(QUEUED);
    }
  }

  @Test
  void noMoreJobsAreLookedAtThanTheLookaheadSays() {
    var cluster = cluster().set(ClusterParameter.BACKFILL_LOOKAHEAD, "1").node("n1", 4);
    cluster.submit(rigid(3, 100));
    cluster.submit(rigid(4, 100));
    cluster.submit(rigid(1, 200));
    var second = cluster.submit(rigid(1, 10));
    assertThat(second.state()).isEqualTo(QUEUED);

    cluster.set(ClusterParameter.BACKFILL_LOOKAHEAD, "2");

    assertThat(second.state()).isEqualTo(RUNNING);
  }

  @Test
  void theShortestIsTriedFirstWhereThePolicySaysSo() {
    var cluster = withPolicy("easy-sjbf").node("n1", 4);
    var running = cluster.submit(rigid(3, 100));
    var other = cluster.submit(rigid(1, 50));
    cluster.submit(rigid(4, 100));
    var longer = cluster.submit(rigid(1, 20));
    var shorter = cluster.submit(rigid(1, 10));

    cluster.finishes(other.onlyTask());

    assertThat(running.state()).isEqualTo(RUNNING);
    assertThat(shorter.state()).isEqualTo(RUNNING);
    assertThat(longer.state()).isEqualTo(QUEUED);
  }

  @Test
  void noneIsDelayedUnderConservative() {
    for (var policy : List.of("easy", "conservative")) {
      var cluster = withPolicy(policy).node("n1", 4);
      cluster.submit(rigid(3, 100));
      cluster.submit(rigid(2, 100));
      // It is to start when the one before it has ended, beside nothing.
      cluster.submit(rigid(4, 100));

      // It leaves the first alone, but not the second.
      var third = cluster.submit(rigid(1, 300));

      assertThat(third.state()).isEqualTo(policy.equals("easy") ? RUNNING : QUEUED);
    }
  }

  @Test
  void aJobStartsAtItsReservationThoughNothingEndsThen() {
    var cluster = withPolicy("conservative").node("n1", 4);
    var running = cluster.submit(rigid(4, 100));
    var second = cluster.submit(rigid(4, 100));
    var third = cluster.submit(rigid(4, 100));
    assertThat(cluster.engine().nextWakeup()).isEqualTo(cluster.in(seconds(100)));

    cluster.after(seconds(50)).finishes(running.onlyTask());

    assertThat(second.state()).isEqualTo(RUNNING);
    assertThat(third.state()).isEqualTo(QUEUED);
  }

  @Test
  void aJobOfAHigherPriorityPushesReservationsBack() {
    var cluster = withPolicy("conservative").node("n1", 4);
    var running = cluster.submit(rigid(4, 100));
    var low = cluster.submit(rigid(4, 100));
    var high = cluster.submit(rigid(4, 100).priority("Highest"));

    cluster.finishes(running.onlyTask());

    assertThat(high.state()).isEqualTo(RUNNING);
    assertThat(low.state()).isEqualTo(QUEUED);
  }

  @Test
  void theQueueIsOrderedWithinAPriorityAsTheAdministratorWants() {
    var cluster = cluster().set(ClusterParameter.QUEUE_ORDER, "sjf").node("n1", 4);
    var running = cluster.submit(rigid(4, 100));
    var longer = cluster.submit(rigid(4, 1000));
    var shorter = cluster.submit(rigid(4, 10));
    var high = cluster.submit(rigid(4, 2000).priority("Highest"));

    cluster.finishes(running.onlyTask());
    assertThat(high.state()).isEqualTo(RUNNING);
    cluster.finishes(high.onlyTask());
    assertThat(shorter.state()).isEqualTo(RUNNING);
    assertThat(longer.state()).isEqualTo(QUEUED);
  }

  @Test
  void whoHasWaitedForLongComesFirst() {
    var cluster =
        cluster()
            .set(ClusterParameter.QUEUE_ORDER, "sjf")
            .set(ClusterParameter.STARVATION_GUARD, "60")
            .node("n1", 4);
    var running = cluster.submit(rigid(4, 1000));
    var longer = cluster.submit(rigid(4, 1000));
    cluster.after(seconds(60));
    var shorter = cluster.submit(rigid(4, 10));

    cluster.finishes(running.onlyTask());

    assertThat(longer.state()).isEqualTo(RUNNING);
    assertThat(shorter.state()).isEqualTo(QUEUED);
  }
}
