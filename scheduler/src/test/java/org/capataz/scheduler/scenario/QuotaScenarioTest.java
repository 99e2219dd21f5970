package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.JobState.QUEUED;
import static org.capataz.model.JobState.RUNNING;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.capataz.model.PendingReason;
import org.capataz.model.Quota;
import org.capataz.model.Refusal;
import org.capataz.model.Share;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Quotas;
import org.junit.jupiter.api.Test;

/// What users and projects may have at most.
class QuotaScenarioTest {

  private static final OptionalInt ANY = OptionalInt.empty();

  private static JobSketch of(String project, int cores) {
    return job(task().cores(cores)).limit(1000).with(JobProperty.PROJECT, project);
  }

  private static Share share(String project, String user, String parent, Quota quota) {
    return new Share(new Share.Of(project, user), parent, 1, 0, quota);
  }

  private static Quota jobs(int most) {
    return new Quota(ANY, OptionalInt.of(most), ANY, ANY);
  }

  private static Quota cores(int most) {
    return new Quota(OptionalInt.of(most), ANY, ANY, ANY);
  }

  private static Cluster with(Share... shares) {
    return cluster()
        .does(
            new Command.ChangeSettings(
                Map.of(), Map.of(), List.of(), List.of(), List.of(shares), List.of()))
        .node("n1", 8);
  }

  private static String why(Cluster cluster, SubmittedJob job) {
    var found = Objects.requireNonNull(cluster.state().job(job.id()));
    return Quotas.reached(cluster.state(), found, cluster.now()).orElse("");
  }

  @Test
  void aUserHasSoManyRunningJobsAndOthersGoPast() {
    var cluster = with(share("", "ada", "", jobs(2)));
    var first = cluster.submit(of("", 1));
    cluster.submit(of("climate", 1));
    var third = cluster.submit(of("", 1));
    var other = cluster.as("bob").submit(of("", 1));

    assertThat(third.state()).isEqualTo(QUEUED);
    assertThat(other.state()).isEqualTo(RUNNING);
    assertThat(cluster.waits(third)).containsExactly(PendingReason.LIMIT_REACHED);
    assertThat(why(cluster, third)).isEqualTo("of user ada 2 jobs run, of at most 2");
    cluster.finishes(first);

    assertThat(third.state()).isEqualTo(RUNNING);
  }

  @Test
  void jobsThatCouldStartTogetherDoNotGetBeyondALimitTogether() {
    var cluster = with(share("", "ada", "", jobs(2)));
    cluster.offline("n1");
    var jobs =
        List.of(cluster.submit(of("", 1)), cluster.submit(of("", 1)), cluster.submit(of("", 1)));
    var other = cluster.as("bob").submit(of("", 6));
    cluster.online("n1");

    assertThat(jobs).extracting(SubmittedJob::state).containsExactly(RUNNING, RUNNING, QUEUED);
    // What the third could not have is another's.
    assertThat(other.state()).isEqualTo(RUNNING);
  }

  @Test
  void everyUserHasTheLimitsOfEverybodyButThoseWithTheirOwn() {
    var cluster = with(share("", "*", "", jobs(1)), share("", "bob", "", jobs(2)));
    cluster.submit(of("", 1));

    assertThat(cluster.submit(of("", 1)).state()).isEqualTo(QUEUED);
    cluster.as("bob").submit(of("", 1));
    assertThat(cluster.submit(of("", 1)).state()).isEqualTo(RUNNING);
    assertThat(cluster.submit(of("", 1)).state()).isEqualTo(QUEUED);
    assertThat(cluster.as("cy").submit(of("", 1)).state()).isEqualTo(RUNNING);
  }

  @Test
  void aProjectsLimitIsOfAllItsUsersAndProjectsBelow() {
    var cluster =
        with(share("climate", "", "", cores(4)), share("ocean", "", "climate", Quota.NONE));
    cluster.submit(of("climate", 2));
    cluster.as("bob").submit(of("ocean", 2));
    var third = cluster.as("cy").submit(of("ocean", 1));

    assertThat(third.state()).isEqualTo(QUEUED);
    assertThat(why(cluster, third))
        .isEqualTo("of project climate jobs hold 4 cores, and it takes 1 more, of at most 4");
    assertThat(cluster.submit(of("other", 1)).state()).isEqualTo(RUNNING);
  }

  @Test
  void aUsersLimitWithinAProjectIsOfThatAlone() {
    var cluster = with(share("climate", "", "", Quota.NONE), share("climate", "ada", "", cores(1)));
    cluster.submit(of("climate", 1));

    assertThat(cluster.submit(of("climate", 1)).state()).isEqualTo(QUEUED);
    assertThat(cluster.submit(of("", 1)).state()).isEqualTo(RUNNING);
  }

  @Test
  void aJobStartsWithAndGrowsToWhatALimitLeaves() {
    var cluster = with(share("", "ada", "", cores(4)));
    cluster.submit(of("", 1));
    var wide = cluster.submit(job(TaskSketch.sweep(1, 8)).cores(1, 8));

    assertThat(wide.state()).isEqualTo(RUNNING);
    assertThat(held(cluster, wide)).isEqualTo(3);
    cluster.does(
        new Command.ChangeSettings(
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(share("", "ada", "", cores(6))),
            List.of()));

    assertThat(held(cluster, wide)).isEqualTo(5);
  }

  private static int held(Cluster cluster, SubmittedJob job) {
    var found = cluster.state().job(job.id());
    return found == null ? 0 : found.grantedCores();
  }

  @Test
  void oneJobMoreInTheQueueIsRefused() {
    var cluster = with(share("", "ada", "", new Quota(ANY, ANY, OptionalInt.of(1), ANY)));
    cluster.submit(of("", 8));
    var waiting = cluster.submit(of("", 8));

    var refusal = cluster.refusal(of("", 1));

    assertThat(refusal.code()).isEqualTo(Refusal.Code.WRONG_STATE);
    assertThat(refusal.message())
        .startsWith(
            "expected at most 1 queued jobs of user ada, but there are 1; submit more when");
    assertThat(cluster.as("bob").submit(of("", 1)).state()).isEqualTo(QUEUED);
    cluster.as("ada").cancel(waiting);
    assertThat(cluster.submit(of("", 8)).state()).isEqualTo(QUEUED);
  }

  @Test
  void whoHasUsedAsManyCoreHoursAsTheyMayWaitsUntilLessCounts() {
    var cluster =
        with(share("", "ada", "", new Quota(ANY, ANY, ANY, OptionalInt.of(10))))
            .set(ClusterParameter.USAGE_HALF_LIFE, "3600");
    var greedy = cluster.submit(job(task().cores(8)).limit(100_000));
    cluster.after(seconds(36_000)).finishes(greedy);
    var next = cluster.submit(of("", 1));

    assertThat(next.state()).isEqualTo(QUEUED);
    assertThat(why(cluster, next)).startsWith("of user ada 11.5 core hours count as used, of");
    // It counts 10 after 3600 s times the binary logarithm of 11.53 / 10.
    assertThat(cluster.after(seconds(600)).engine().nextWakeup()).isLessThan(Long.MAX_VALUE);
    assertThat(next.state()).isEqualTo(QUEUED);
    cluster.after(seconds(240));

    assertThat(next.state()).isEqualTo(RUNNING);
  }

  @Test
  void whereALimitIsTakenAwayJobsStart() {
    var cluster = with(share("", "ada", "", jobs(0)));
    var job = cluster.submit(of("", 1));
    assertThat(job.state()).isEqualTo(QUEUED);

    cluster.does(
        new Command.ChangeSettings(
            Map.of(), Map.of(), List.of(), List.of(), List.of(), List.of(new Share.Of("", "ada"))));

    assertThat(job.state()).isEqualTo(RUNNING);
  }
}
