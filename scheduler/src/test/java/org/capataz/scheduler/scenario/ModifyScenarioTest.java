package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.refused;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.capataz.model.JobChange;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.Result;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskProperty;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModifyScenarioTest {

  private static JobChange ofTask(TaskProperty property, String text) {
    return JobChange.ofTask(1, new TaskChange(Map.of(property, text), Map.of(), Map.of()));
  }

  /// What the model lets change in which state.
  @ParameterizedTest
  @CsvSource({
    "Name, true, false",
    "Project, true, true",
    "Priority, true, true",
    "ExpandedPriority, true, true",
    "MinCores, true, false",
    "MaxCores, true, false",
    "AutoCalculateMin, true, false",
    "RuntimeSeconds, true, true",
    "FailOnTaskFailure, true, false",
    "FailDependentTasks, true, false",
  })
  void aPropertyChangesInTheStatesThatTheModelNames(String name, boolean queued, boolean running) {
    var property =
        Arrays.stream(JobProperty.values())
            .filter(each -> each.modelName().equals(name))
            .findFirst()
            .orElseThrow();

    assertThat(property.changes().contains(JobState.CONFIGURING)).isTrue();
    assertThat(property.changes().contains(JobState.QUEUED)).isEqualTo(queued);
    assertThat(property.changes().contains(JobState.RUNNING)).isEqualTo(running);
  }

  @Test
  void whatARunningJobCannotChangeIsRefusedWithTheStatesThatCan() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()));

    assertThat(refused(cluster.modify(job, JobChange.of(JobProperty.MIN_CORES, "1"))).message())
        .isEqualTo("expected a Configuring or Queued job to change MinCores, but job 1 is Running");
    assertThat(refused(cluster.modify(job, ofTask(TaskProperty.COMMAND_LINE, "x"))).message())
        .isEqualTo(
            "expected a Configuring or Queued job to change CommandLine of task 1, but job 1 is"
                + " Running");
  }

  @Test
  void aJobKeepsItsPlaceInTheQueueUnlessItsPriorityChanges() {
    var cluster = cluster().node("n1", 1);
    var first = cluster.submit(task());
    var second = cluster.submit(task());
    var third = cluster.submit(task());
    var fourth = cluster.submit(task());

    cluster.modify(second, JobChange.of(JobProperty.NAME, "renamed"));
    assertThat(cluster.queue()).containsExactly(second.id(), third.id(), fourth.id());

    cluster.modify(second, JobChange.of(JobProperty.PRIORITY, "Lowest"));
    cluster.modify(fourth, JobChange.of(JobProperty.PRIORITY, "Highest"));
    assertThat(cluster.queue()).containsExactly(fourth.id(), third.id(), second.id());

    cluster.finishes(first.onlyTask());
    assertThat(fourth.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobThatGoesBackToItsFormerPriorityGoesBehindThoseThatHaveIt() {
    var cluster = cluster();
    var first = cluster.submit(task());
    var second = cluster.submit(task());

    cluster.modify(first, JobChange.of(JobProperty.PRIORITY, "Lowest"));
    cluster.modify(first, JobChange.of(JobProperty.PRIORITY, "Normal"));

    assertThat(cluster.queue()).containsExactly(second.id(), first.id());
  }

  @Test
  void aQueuedJobMayGetOtherInstances() {
    var cluster = cluster();
    var job = cluster.submit(job(sweep(1, 3)));

    cluster.modify(job, ofTask(TaskProperty.END_VALUE, "5"));
    cluster.node("n1", 8);

    assertThat(job.counts().running()).isEqualTo(5);
  }

  @Test
  void aQueuedJobOfWhichSomethingRanKeepsItsInstances() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(sweep(1, 3)));
    cluster.finishes(job.instance(1, 0));
    cluster.offline("n1").requeue(job).stops(job.instance(1, 1));
    assertThat(job.state()).isEqualTo(JobState.QUEUED);

    assertThat(refused(cluster.modify(job, ofTask(TaskProperty.END_VALUE, "5"))).message())
        .contains("expected a job of which nothing has run");
    cluster.modify(job, ofTask(TaskProperty.COMMAND_LINE, "other *"));

    assertThat(job.counts().finished()).isEqualTo(1);
    cluster.online("n1");
    assertThat(job.job().task(1).spec().launch().command().toString()).isEqualTo("other *");
  }

  @Test
  void aRunningJobGetsAnotherRunTimeAtOnce() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()).limit(60));

    cluster.modify(job, JobChange.of(JobProperty.RUNTIME_SECONDS, "120"));
    cluster.after(seconds(100));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);

    cluster.modify(job, JobChange.of(JobProperty.RUNTIME_SECONDS, "90"));
    assertThat(job.state()).isEqualTo(JobState.CANCELING);
    assertThat(job.message()).isEqualTo("run time of 90 s expired");
  }

  @Test
  void aJobThatEndedIsConfiguringWhenItIsChangedAndRunsAllOfItAnew() {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(job(sweep(1, 2)));
    cluster.finishes(job).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);

    cluster.modify(job, ofTask(TaskProperty.END_VALUE, "3"));
    assertThat(job.state()).isEqualTo(JobState.CONFIGURING);
    cluster.ask(new Command.SubmitJob(job.id()));

    assertThat(job.counts().running() + job.counts().queued()).isEqualTo(3);
    // An attempt's name is never used twice: the node may remember it.
    assertThat(job.instance(1, 0).attempt()).isEqualTo(2);
    cluster.finishes(job).finishes(job);
    assertThat(job.state()).isEqualTo(JobState.FINISHED);
    assertThat(job.counts().finished()).isEqualTo(3);
  }

  @Test
  void aChangeOfADraftThatOthersHaveChangedSinceIsNotMade() {
    var cluster = cluster();
    var job = cluster.submit(task());
    var before = cluster.modification(job, JobChange.of(JobProperty.NAME, "mine"));
    cluster.modify(job, JobChange.of(JobProperty.NAME, "theirs"));

    assertThat(cluster.ask(before)).isEqualTo(Result.ok(0));
    assertThat(job.job().name()).isEqualTo("theirs");
  }

  @Test
  void aRepeatedRequestChangesNothing() {
    var cluster = cluster();
    var job = cluster.submit(task());
    var request = cluster.modification(job, JobChange.of(JobProperty.NAME, "mine"));

    cluster.ask(request);
    assertThat(cluster.ask(request)).isEqualTo(Result.ok(job.id()));
    assertThat(job.job().revision()).isEqualTo(1);
  }

  @Test
  void aChangeThatTheJobCouldNotBeQueuedWithIsRefused() {
    var cluster = cluster().node("n1", 2);
    cluster.submit(job(task().cores(2)));
    var job = cluster.submit(job(task().cores(2)));

    assertThat(refused(cluster.modify(job, ofTask(TaskProperty.MIN_CORES, "4"))).message())
        .contains("expected");
    assertThat(
            refused(cluster.modify(job, JobChange.of(JobProperty.RUNTIME_SECONDS, "soon")))
                .message())
        .isEqualTo("RuntimeSeconds: expected a whole number, but got 'soon'");
    assertThat(job.job().revision()).isZero();
  }

  @Test
  void aJobThatIsBeingStoppedIsLeftAlone() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(task());
    cluster.cancel(job);

    assertThat(refused(cluster.modify(job, JobChange.of(JobProperty.PROJECT, "p"))).message())
        .isEqualTo(
            "expected a job that is not being stopped, but job 1 is Canceling; wait for its end");
  }

  @Test
  void progressFollowsFromTheTasksUntilSomebodySaysIt() {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(sweep(1, 4)));
    assertThat(job.job().percentDone()).isZero();
    cluster.finishes(job);
    assertThat(job.job().percentDone()).isEqualTo(25);

    cluster.ask(new Command.SetProgress(job.id(), OptionalInt.of(90), Optional.of("nearly")));
    cluster.finishes(job);

    assertThat(job.job().percentDone()).isEqualTo(90);
    assertThat(job.job().progress().message()).isEqualTo("nearly");
    assertThat(
            refused(
                    cluster.ask(
                        new Command.SetProgress(job.id(), OptionalInt.of(101), Optional.empty())))
                .message())
        .isEqualTo("expected a progress from 0 to 100, but got 101");
  }
}
