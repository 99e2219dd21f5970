package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.Map;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Result;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

class ClusterSettingsScenarioTest {

  private static Command.ChangeSettings set(ClusterParameter parameter, String text) {
    return new Command.ChangeSettings(Map.of(parameter, text), Map.of());
  }

  @Test
  void aRunThatTheClusterLosesIsStartedAgainAsOftenAsTaskRetryCountSays() {
    var cluster = cluster().node("n1", 1);
    cluster.ask(set(ClusterParameter.TASK_RETRY_COUNT, "1"));
    var job = cluster.submit(task());

    cluster.ends(job.onlyTask(), EndReason.NODE_STOPPED, 143);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.ends(job.onlyTask(), EndReason.NODE_STOPPED, 143);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aParameterOfAWrongFormIsRefusedAndNothingIsChanged() {
    var cluster = cluster();
    var answer =
        cluster.ask(
            new Command.ChangeSettings(
                Map.of(ClusterParameter.TASK_RETRY_COUNT, "many"), Map.of("SITE", "lab")));

    assertThat(refused(answer).message())
        .isEqualTo("TaskRetryCount: expected a whole number from 0 to 1000000, but got 'many'");
    assertThat(cluster.journal()).isEmpty();
  }

  @Test
  void aParameterWithWordsTakesThemInAnyCaseAndNoOthers() {
    var cluster = cluster();
    cluster.ask(set(ClusterParameter.AFFINITY_TYPE, "nojobs"));
    var answer = cluster.ask(set(ClusterParameter.MEMORY_ENFORCEMENT, "true"));

    assertThat(cluster.state().settings().get(ClusterParameter.AFFINITY_TYPE)).isEqualTo("NoJobs");
    assertThat(refused(answer).message())
        .isEqualTo("MemoryEnforcement: expected one of None, Reserved, but got 'true'");
  }

  @Test
  void aTimeThatMayBeInfiniteTakesThatWordAndNoTimeThatIsTooShort() {
    var cluster = cluster();
    cluster.ask(set(ClusterParameter.NODE_LOST_RERUN_AFTER, "60"));
    assertThat(cluster.state().settings().rerunAfterSeconds()).isEqualTo(60);

    var answer = cluster.ask(set(ClusterParameter.NODE_LOST_RERUN_AFTER, "19"));
    assertThat(refused(answer).message())
        .isEqualTo(
            "NodeLostRerunAfter: expected a whole number from 20 to 31536000, or Infinite, but got"
                + " '19'");
    cluster.ask(set(ClusterParameter.NODE_LOST_RERUN_AFTER, "infinite"));
    assertThat(cluster.state().settings().rerunAfterSeconds()).isZero();
  }

  @Test
  void whatIsSetToWhatItIsAlreadyLeavesNoTrace() {
    var cluster = cluster();
    var change =
        new Command.ChangeSettings(
            Map.of(ClusterParameter.LICENSES, " a:1, b:20 "), Map.of("SITE", "lab"));
    cluster.ask(change);
    cluster.ask(change);

    assertThat(cluster.journal()).hasSize(2);
    assertThat(cluster.state().settings().get(ClusterParameter.LICENSES)).isEqualTo("a:1,b:20");
  }

  @Test
  void anEmptyTextBringsTheDefaultBack() {
    var cluster = cluster();
    cluster.ask(set(ClusterParameter.TTL_COMPLETED_JOBS, "30"));
    cluster.ask(set(ClusterParameter.TTL_COMPLETED_JOBS, ""));

    assertThat(cluster.state().settings().number(ClusterParameter.TTL_COMPLETED_JOBS)).isEqualTo(5);
    assertThat(cluster.state().settings().parameters()).isEmpty();
  }

  @Test
  void onlyJobsThatEndedLongAgoAreDeleted() {
    var cluster = cluster().node("n1", 1);
    var old = cluster.submit(task());
    cluster.finishes(old.onlyTask());
    var queued = cluster.submit(task());
    var young = cluster.submit(task());
    cluster.after(seconds(100)).cancel(young);

    var before = cluster.state().job(old.id());
    assertThat(before).isNotNull();
    var cutoff = before.createTime() + 50_000_000;
    assertThat(cluster.ask(new Command.DeleteEndedJobs(0, cutoff))).isEqualTo(Result.ok(0));

    assertThat(cluster.state().job(old.id())).isNull();
    assertThat(cluster.state().answerTo(before.requestId())).isNull();
    assertThat(cluster.state().job(queued.id())).isNotNull();
    assertThat(cluster.state().job(young.id())).isNotNull();
    assertThat(cluster.state().nextJob()).isEqualTo(4);
  }

  @Test
  void jobsAreDeletedSomeAtATime() {
    var cluster = cluster();
    for (var i = 0; i < 250; i++) {
      cluster.cancel(cluster.submit(task()));
    }
    cluster.after(seconds(1));
    var all = new Command.DeleteEndedJobs(0, Long.MAX_VALUE);

    var last = cluster.ask(all).orElseThrow();
    assertThat(cluster.state().jobs()).hasSize(50);
    assertThat(cluster.ask(new Command.DeleteEndedJobs(last, Long.MAX_VALUE)))
        .isEqualTo(Result.ok(0));
    assertThat(cluster.state().jobs()).isEmpty();
  }
}
