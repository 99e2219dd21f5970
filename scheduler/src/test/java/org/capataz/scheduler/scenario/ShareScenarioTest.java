package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.List;
import java.util.Map;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobProperty;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.FairShares;
import org.junit.jupiter.api.Test;

/// What users are charged for, and how the tree is set between whom the cluster is shared.
class ShareScenarioTest {

  private static JobSketch of(String project, int cores) {
    return job(task().cores(cores)).with(JobProperty.PROJECT, project);
  }

  private static Cluster unfading() {
    return cluster().set(ClusterParameter.USAGE_HALF_LIFE, "Infinite").node("n1", 8);
  }

  @Test
  void aJobIsChargedForWhatItHoldsFromItsStartToItsEnd() {
    var cluster = unfading();
    var job = cluster.submit(of("climate", 4));

    assertThat(cluster.after(seconds(100)).used("climate", "ada")).isEqualTo(400);
    cluster.finishes(job);

    assertThat(cluster.after(seconds(100)).used("climate", "ada")).isEqualTo(400);
  }

  @Test
  void aJobThatWaitsIsNotCharged() {
    var cluster = unfading();
    cluster.submit(of("climate", 8));
    cluster.as("bob").submit(of("climate", 8));

    assertThat(cluster.after(seconds(100)).used("climate", "bob")).isZero();
  }

  @Test
  void whatWasUsedCountsHalfAfterTheHalfLife() {
    var cluster = unfading();
    var job = cluster.submit(of("", 4));
    cluster.after(seconds(100)).finishes(job);

    cluster.set(ClusterParameter.USAGE_HALF_LIFE, "1000");

    assertThat(cluster.after(seconds(2000)).used("", "ada")).isEqualTo(100, within(1e-9));
  }

  @Test
  void aJobThatIsCountedToAnotherProjectIsChargedToThatFromThenOn() {
    var cluster = unfading();
    var job = cluster.submit(of("climate", 2));
    cluster.after(seconds(10)).modify(job, JobChange.of(JobProperty.PROJECT, "ocean"));
    cluster.after(seconds(20)).finishes(job);

    assertThat(cluster.used("climate", "ada")).isEqualTo(20);
    assertThat(cluster.used("ocean", "ada")).isEqualTo(40);
  }

  @Test
  void aClockThatIsSetChargesNobodyForTheTimeThatItJumped() {
    var cluster = unfading();
    cluster.submit(of("", 8));
    cluster.after(seconds(10)).clockIsSet(seconds(86_400)).after(seconds(10));

    assertThat(cluster.used("", "ada")).isEqualTo(160);
  }

  @Test
  void aProjectThatIsNotInTheTreeGivesNoShareOfItsOwn() {
    var cluster = unfading();
    cluster.share("climate", "", 3);
    cluster.submit(of("climate", 2));
    cluster.submit(of("fancy", 2));
    cluster.submit(of("fresh", 2));
    cluster.after(seconds(10));

    var tree = FairShares.of(cluster.state(), cluster.now());

    assertThat(tree.nodes())
        .extracting(node -> node.of() + " " + node.usage())
        .containsExactly(
            "project  60.0",
            "user ada 40.0",
            "project climate 20.0",
            "user ada of project climate 20.0");
  }

  @Test
  void aUserWhoseJobsHaveEndedAndAreForgottenIsStillCharged() {
    var cluster = unfading();
    var job = cluster.submit(of("", 4));
    cluster.after(seconds(100)).finishes(job);
    cluster.after(seconds(10)).does(new Command.DeleteEndedJobs(0, cluster.now()));

    assertThat(cluster.state().jobs()).isEmpty();
    assertThat(cluster.used("", "ada")).isEqualTo(400);
  }

  // The tree.

  private static Result<Integer> set(Cluster cluster, Share... shares) {
    return cluster.ask(
        new Command.ChangeSettings(
            Map.of(), Map.of(), List.of(), List.of(), List.of(shares), List.of()));
  }

  private static Result<Integer> delete(Cluster cluster, Share.Of... shares) {
    return cluster.ask(
        new Command.ChangeSettings(
            Map.of(), Map.of(), List.of(), List.of(), List.of(), List.of(shares)));
  }

  private static Share project(String name, String parent) {
    return new Share(new Share.Of(name, ""), parent, 1);
  }

  private static Refusal refusal(Result<Integer> result) {
    return ((Result.Refused<Integer>) result).refusal();
  }

  @Test
  void whatIsBelowAProjectNeedsIt() {
    var cluster = cluster();

    assertThat(refusal(set(cluster, project("ocean", "climate"))).message())
        .isEqualTo(
            "expected project ocean below a project of the share tree, but climate is not in it;"
                + " capataz share set adds it, and what is below one has to go before it");
    set(cluster, project("climate", ""), project("ocean", "climate"));
    assertThat(refusal(delete(cluster, new Share.Of("climate", ""))).code())
        .isEqualTo(Refusal.Code.NOT_FOUND);
    delete(cluster, new Share.Of("ocean", ""), new Share.Of("climate", ""));
    assertThat(cluster.state().settings().shares().all()).isEmpty();
  }

  @Test
  void aProjectIsNotBelowItself() {
    var cluster = cluster();
    set(cluster, project("a", ""), project("b", "a"));

    assertThat(refusal(set(cluster, project("a", "b"))).message()).contains("below itself");
    assertThat(refusal(set(cluster, project("c", "c"))).message()).contains("below itself");
    assertThat(cluster.state().settings().shares().get(new Share.Of("a", "")).parent()).isEmpty();
  }

  @Test
  void sharesAreFromNoneToAMillion() {
    assertThat(refusal(set(cluster(), new Share(new Share.Of("a", ""), "", -1))).message())
        .isEqualTo("expected from 0 to 1000000 shares, but got -1");
    assertThat(refusal(set(cluster(), new Share(new Share.Of("", ""), "", 1))).message())
        .isEqualTo("expected a project or a user, but got neither");
    assertThat(refusal(delete(cluster(), new Share.Of("a", ""))).message())
        .contains("project a is not in it");
  }
}
