package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.capataz.model.Quota;
import org.capataz.model.Share;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.QueueOutlook;
import org.capataz.scheduler.policy.QueuePolicy;
import org.junit.jupiter.api.Test;

/// Which job of a priority is first under the order `multifactor`.
class MultifactorScenarioTest {

  private static JobSketch rigid(int cores) {
    return job(task().cores(cores)).limit(1000);
  }

  private static Cluster weighing(int age, int fairShare, int size, int project) {
    return cluster()
        .set(ClusterParameter.QUEUE_ORDER, "multifactor")
        .set(ClusterParameter.PRIORITY_WEIGHT_AGE, "" + age)
        .set(ClusterParameter.PRIORITY_WEIGHT_FAIR_SHARE, "" + fairShare)
        .set(ClusterParameter.PRIORITY_WEIGHT_JOB_SIZE, "" + size)
        .set(ClusterParameter.PRIORITY_WEIGHT_PROJECT, "" + project)
        .node("n1", 8);
  }

  private static List<Integer> turns(Cluster cluster) {
    return outlook(cluster).entries().stream().map(QueueOutlook.Entry::job).toList();
  }

  private static QueueOutlook outlook(Cluster cluster) {
    return QueueOutlook.of(cluster.state(), new QueuePolicy(), cluster.now(), 100);
  }

  @Test
  void whoHasUsedLessComesFirst() {
    var cluster = weighing(0, 1000, 0, 0);
    var greedy = cluster.as("ada").submit(rigid(8));
    cluster.after(seconds(100));
    var again = cluster.submit(rigid(8));
    var modest = cluster.as("bob").submit(rigid(8));

    assertThat(turns(cluster)).containsExactly(modest.id(), again.id());
    cluster.finishes(greedy);

    assertThat(modest.state()).isEqualTo(RUNNING);
    assertThat(again.state()).isEqualTo(QUEUED);
  }

  @Test
  void aHigherPriorityComesFirstWhateverTheScore() {
    var cluster = weighing(0, 1000, 0, 0);
    cluster.as("ada").submit(rigid(8));
    cluster.after(seconds(100));
    var modest = cluster.as("bob").submit(rigid(8));
    var higher = cluster.as("ada").submit(rigid(8).priority("AboveNormal"));

    assertThat(turns(cluster)).containsExactly(higher.id(), modest.id());
  }

  @Test
  void whoWaitsComesForwardUntilTheMostThatCounts() {
    var cluster = weighing(1000, 0, 100, 0).set(ClusterParameter.PRIORITY_MAX_AGE, "1000");
    cluster.submit(rigid(8));
    var small = cluster.submit(rigid(2));
    cluster.after(seconds(50));
    var large = cluster.submit(rigid(8));

    // 0.05 of the age against 0.75 of the size.
    assertThat(turns(cluster)).containsExactly(large.id(), small.id());
    cluster.after(seconds(500));
    var late = cluster.submit(rigid(8));
    assertThat(turns(cluster)).containsExactly(large.id(), small.id(), late.id());
    var merit = outlook(cluster).entries().getFirst();
    assertThat(merit.score()).isEqualTo(0.5 * 1000 + 100, within(1e-9));
    assertThat(outlook(cluster.after(seconds(600))).entries().getFirst().merit().age())
        .isEqualTo(1);
  }

  @Test
  void aNegativeWeightTurnsAFactorRound() {
    var cluster = weighing(0, 0, -1000, 0);
    cluster.submit(rigid(8));
    var large = cluster.submit(rigid(4));
    var small = cluster.submit(rigid(1));

    assertThat(turns(cluster)).containsExactly(small.id(), large.id());
    assertThat(outlook(cluster).entries().getFirst().merit().size()).isEqualTo(0.125);
  }

  @Test
  void aProjectMayBeBoosted() {
    var cluster = weighing(0, 0, 0, 1000);
    cluster.does(
        new Command.ChangeSettings(
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(new Share(new Share.Of("urgent", ""), "", 1, 500, Quota.NONE)),
            List.of()));
    cluster.submit(rigid(8));
    var other = cluster.submit(rigid(8));
    var urgent = cluster.submit(rigid(8).with(JobProperty.PROJECT, "urgent"));

    assertThat(turns(cluster)).containsExactly(urgent.id(), other.id());
    assertThat(outlook(cluster).entries().getFirst().score()).isEqualTo(500, within(1e-9));
  }

  @Test
  void thoseWithTheSameScoreComeAsTheyWereSubmitted() {
    var cluster = weighing(0, 0, 0, 0);
    cluster.submit(rigid(8));
    var one = cluster.submit(rigid(8));
    var other = cluster.submit(rigid(8));

    assertThat(turns(cluster)).containsExactly(one.id(), other.id());
  }

  @Test
  void whoHasWaitedForLongComesFirstWhateverTheScore() {
    var cluster = weighing(0, 0, 1000, 0).set(ClusterParameter.STARVATION_GUARD, "60");
    cluster.submit(rigid(8));
    var small = cluster.submit(rigid(1));
    cluster.after(seconds(60));
    var large = cluster.submit(rigid(8));

    assertThat(turns(cluster)).containsExactly(small.id(), large.id());
    assertThat(place(cluster, small)).isEqualTo(1);
    assertThat(place(cluster, large)).isEqualTo(2);
  }

  private static int place(Cluster cluster, SubmittedJob job) {
    var found = Objects.requireNonNull(cluster.state().job(job.id()));
    return QueueOutlook.of(cluster.state(), found, cluster.now()).place();
  }

  @Test
  void theOutlookTellsPlacesAndStarts() {
    var cluster = weighing(0, 1000, 0, 0);
    cluster.as("ada").submit(rigid(8));
    cluster.after(seconds(100));
    var again = cluster.submit(rigid(8));
    var modest = cluster.as("bob").submit(rigid(8).limit(500));
    var endless = cluster.as("bob").submit(job(task().cores(8)));
    var last = cluster.as("cy").submit(rigid(8).priority("Lowest"));

    var entries = outlook(cluster).entries();

    assertThat(entries)
        .extracting(QueueOutlook.Entry::job)
        .containsExactly(modest.id(), endless.id(), again.id(), last.id());
    assertThat(entries)
        .extracting(entry -> place(cluster, new SubmittedJob(cluster.state(), entry.job())))
        .containsExactly(1, 2, 3, 4);
    var start = cluster.now() - 100_000_000;
    assertThat(entries.get(0).start()).hasValue(start + 1_000_000_000);
    assertThat(entries.get(1).start()).hasValue(start + 1_500_000_000);
    // Nobody knows when the one without a limit ends.
    assertThat(entries.get(2).start()).isEmpty();
    assertThat(entries.get(3).start()).isEmpty();
  }

  @Test
  void theOutlookTellsOfAQueueInOrderOfSubmissionToo() {
    var cluster = cluster().node("n1", 8);
    cluster.submit(rigid(8));
    var one = cluster.submit(rigid(8));
    var other = cluster.submit(rigid(8));

    assertThat(turns(cluster)).containsExactly(one.id(), other.id());
    assertThat(outlook(cluster).byMerit()).isFalse();
    assertThat(place(cluster, other)).isEqualTo(2);
    assertThat(outlook(cluster).entries().getLast().start())
        .hasValue(cluster.now() + 2_000_000_000);
  }
}
