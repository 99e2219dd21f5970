package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.PendingReason.ACTIVATION_FILTER;
import static org.capataz.model.PendingReason.HELD_BY_ACTIVATION_FILTER;
import static org.capataz.model.PendingReason.HELD_BY_USER;
import static org.capataz.model.PendingReason.HIGHER_PRIORITY_JOB;
import static org.capataz.model.PendingReason.JOB_SUBMITTED_EARLIER;
import static org.capataz.model.PendingReason.NOT_ENOUGH_RESOURCE;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.Activation.Verdict;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the activation filter is asked, and what comes of its answers.
class ActivationScenarioTest {

  private final Cluster cluster = cluster().node("n1", 4).filtered();

  @Test
  void withoutAFilterNobodyIsAsked() {
    cluster.filteredBy("");

    assertThat(cluster.submit(task()).state()).isEqualTo(JobState.RUNNING);
    assertThat(cluster.questions()).isEmpty();
  }

  @Test
  void aJobStartsWhenTheFilterLetsItAndIsAskedAboutOnce() {
    var job = cluster.submit(task().cores(3));
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(cluster.waits(job)).containsExactly(ACTIVATION_FILTER);
    cluster.after(seconds(100));

    cluster.says(job, Verdict.START);

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(cluster.questions())
        .containsExactly(
            new Activation.Question(1, 1, job.id(), cluster.question(job).pass(), 1, false, 3));
    assertThat(cluster.engine().activations()).isEmpty();
  }

  @Test
  void aJobIsNotAskedAboutBeforeItsTurn() {
    var first = cluster.submit(task().cores(4));
    var second = cluster.submit(task());
    assertThat(cluster.questions()).hasSize(1);
    assertThat(cluster.waits(second)).containsExactly(JOB_SUBMITTED_EARLIER);
    cluster.says(first, Verdict.START);
    assertThat(cluster.questions()).hasSize(1);

    cluster.finishes(first.onlyTask());

    assertThat(cluster.question(second).place()).isEqualTo(1);
  }

  @Test
  void whileTheFilterThinksWhatTheJobWouldGetIsKeptAndTheRestIsNot() {
    var first = cluster.submit(task().cores(3));
    var second = cluster.submit(task());
    var third = cluster.submit(task());
    assertThat(cluster.questions()).extracting(Activation.Question::place).containsExactly(1, 2);

    cluster.says(second, Verdict.START);

    assertThat(second.state()).isEqualTo(JobState.RUNNING);
    assertThat(first.state()).isEqualTo(JobState.QUEUED);
    assertThat(third.state()).isEqualTo(JobState.QUEUED);
    assertThat(cluster.waits(third)).containsExactly(JOB_SUBMITTED_EARLIER);
  }

  @Test
  void runningJobsDoNotGrowIntoWhatAJobThatIsAskedAboutWouldGet() {
    var wide = cluster.submit(job(task().cores(1)).cores(1, 4));
    cluster.says(wide, Verdict.START);
    var job = cluster.submit(task().cores(3));
    cluster.does(
        new Command.AddTasks(wide.id(), new UUID(9, 9), List.of(task().draft(), task().draft())));

    cluster.says(job, Verdict.START);

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobThatBlocksHoldsUpWhatIsBehindItUntilItIsAllowed() {
    var first = cluster.submit(task());
    var second = cluster.submit(task());
    cluster.says(second, Verdict.START);
    var third = cluster.submit(task());
    cluster.says(first, Verdict.BLOCK).says(third, Verdict.START);
    assertThat(second.state()).isEqualTo(JobState.RUNNING);
    assertThat(third.state()).isEqualTo(JobState.QUEUED);
    assertThat(first.job().pending().reason()).isEqualTo(ACTIVATION_FILTER);

    // Asked again, it still blocks until there is another answer.
    cluster.after(seconds(29));
    assertThat(cluster.questions()).hasSize(3);
    cluster.after(seconds(1));
    assertThat(cluster.questions()).hasSize(4);
    cluster.submit(task());
    assertThat(cluster.questions()).hasSize(4);
    assertThat(third.state()).isEqualTo(JobState.QUEUED);
    cluster.says(first, Verdict.RESERVE);

    assertThat(third.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobBehindOneThatBlocksIsNotAskedAbout() {
    var first = cluster.submit(task());
    cluster.says(first, Verdict.BLOCK);

    var second = cluster.submit(task());
    assertThat(cluster.questions()).hasSize(1);
    assertThat(cluster.waits(second)).containsExactly(JOB_SUBMITTED_EARLIER);
    cluster.submit(job(task()).priority("Highest"));

    assertThat(cluster.questions()).hasSize(2);
  }

  @Test
  void whatAJobMayNotStartWithYetIsKeptForIt() {
    var first = cluster.submit(task().cores(3));
    cluster.says(first, Verdict.RESERVE);
    var fits = cluster.submit(task());
    cluster.says(fits, Verdict.START);
    var fitsNot = cluster.submit(task());

    assertThat(fits.state()).isEqualTo(JobState.RUNNING);
    assertThat(fitsNot.state()).isEqualTo(JobState.QUEUED);
    assertThat(cluster.questions()).hasSize(2);

    cluster.after(seconds(30)).says(first, Verdict.START);
    assertThat(first.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobOfAHigherPriorityGetsWhatWasKept() {
    var first = cluster.submit(task().cores(4));
    cluster.says(first, Verdict.RESERVE);
    var urgent = cluster.submit(job(task()).priority("Highest"));
    cluster.says(urgent, Verdict.START);
    assertThat(urgent.state()).isEqualTo(JobState.RUNNING);

    cluster.after(seconds(30));

    assertThat(cluster.questions()).hasSize(2);
    assertThat(cluster.waits(first)).containsExactly(ACTIVATION_FILTER, NOT_ENOUGH_RESOURCE);
  }

  @Test
  void aJobThatIsToWaitLetsOthersPastAndIsAskedAboutAgain() {
    var first = cluster.submit(task().cores(4));
    cluster.says(first, Verdict.LATER);
    var second = cluster.submit(task().cores(4));
    cluster.says(second, Verdict.START);
    assertThat(second.state()).isEqualTo(JobState.RUNNING);
    assertThat(first.job().pending().reason()).isEqualTo(ACTIVATION_FILTER);
    cluster.finishes(second.onlyTask());
    assertThat(cluster.questions()).hasSize(2);
    assertThat(cluster.engine().nextWakeup()).isEqualTo(cluster.in(seconds(30)));

    cluster.after(seconds(30)).says(first, Verdict.START);

    assertThat(first.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobThatIsHeldIsAskedAboutAgainAfterTheClustersHoldDuration() {
    cluster.does(
        new Command.ChangeSettings(Map.of(ClusterParameter.DEFAULT_HOLD_DURATION, "60"), Map.of()));
    var first = cluster.submit(task().cores(4));
    cluster.says(first, Verdict.HOLD);
    assertThat(first.job().holdUntil()).isEqualTo(cluster.in(seconds(60)));
    assertThat(first.job().pending().reason()).isEqualTo(HELD_BY_ACTIVATION_FILTER);
    var second = cluster.submit(task());
    cluster.says(second, Verdict.START);
    assertThat(second.state()).isEqualTo(JobState.RUNNING);
    cluster.finishes(second.onlyTask()).after(seconds(59));
    assertThat(cluster.questions()).hasSize(2);

    cluster.after(seconds(1));
    assertThat(cluster.questions()).hasSize(3);
    cluster.says(first, Verdict.START);

    assertThat(first.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aHoldByTheFilterIsKnownFromOneByAUser() {
    var job = cluster.submit(task());
    cluster.says(job, Verdict.HOLD).restartEngine();
    assertThat(cluster.waits(job)).containsExactly(ACTIVATION_FILTER, HELD_BY_ACTIVATION_FILTER);

    cluster.does(new Command.HoldJob(job.id(), cluster.in(seconds(60))));
    assertThat(job.job().pending().reason()).isEqualTo(HELD_BY_USER);
    cluster.does(new Command.HoldJob(job.id(), 0));

    assertThat(cluster.questions()).hasSize(2);
  }

  @Test
  void aJobThatIsHeldIsAskedAboutAnewWhenAnythingOfItOrTheFilterChanges() {
    var job = cluster.submit(task());
    cluster.says(job, Verdict.HOLD);

    cluster.modify(job, JobChange.of(JobProperty.PROJECT, "z"));
    assertThat(job.job().holdUntil()).isZero();
    assertThat(cluster.questions()).hasSize(2);
    cluster.says(job, Verdict.HOLD).cancel(job).requeue(job);
    assertThat(cluster.questions()).hasSize(3);
    cluster.says(job, Verdict.HOLD);
    cluster.does(
        new Command.ChangeSettings(
            Map.of(ClusterParameter.ACTIVATION_FILTER_PROGRAM, ""), Map.of()));

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aJobThatTheFilterRefusesFails() {
    var job = cluster.submit(task());

    cluster.says(job, Verdict.FAIL);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.message()).isEqualTo("refused by the activation filter: says FAIL");
  }

  @Test
  void aJobThatRunsAgainIsAskedAboutAgain() {
    var job = cluster.submit(task());
    cluster.says(job, Verdict.START).fails(job.onlyTask()).requeue(job);

    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(cluster.questions()).hasSize(2);
  }

  @Test
  void aJobIsAskedAboutAgainIfItDoesNotStartAtOnceAndIsChanged() {
    var job = cluster.submit(task());
    cluster.offline("n1").says(job, Verdict.START);
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    cluster.modify(job, JobChange.of(JobProperty.PROJECT, "other"));

    cluster.online("n1");
    assertThat(job.state()).isEqualTo(JobState.QUEUED);

    assertThat(cluster.questions()).hasSize(2);
  }

  @Test
  void whatTheFilterAllowedHoldsUntilThereIsRoom() {
    var job = cluster.submit(task());
    cluster.offline("n1").says(job, Verdict.START).after(seconds(1000));
    assertThat(cluster.waits(job)).containsExactly(ACTIVATION_FILTER, NOT_ENOUGH_RESOURCE);

    cluster.online("n1");

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    assertThat(cluster.questions()).hasSize(1);
  }

  // Answers that come too late.

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void anAnswerAboutAJobThatWasChangedSinceIsNotHeeded(Verdict verdict) {
    var job = cluster.submit(task());
    var former = cluster.question(job);
    cluster.modify(job, JobChange.of(JobProperty.PROJECT, "other"));
    var events = cluster.journal().size();

    cluster.answers(former, verdict);

    assertThat(cluster.journal()).hasSize(events);
    cluster.says(job, Verdict.START);
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void anAnswerAboutAJobThatIsNoLongerInTheQueueIsNotHeeded(Verdict verdict) {
    var canceled = cluster.submit(task());
    var held = cluster.submit(task());
    var written = cluster.submit(task());
    cluster
        .cancel(canceled)
        .does(new Command.HoldJob(held.id(), cluster.in(seconds(60))))
        .does(new Command.ConfigureJob(written.id()));
    var events = cluster.journal().size();

    cluster.says(canceled, verdict).says(held, verdict).says(written, verdict);

    assertThat(cluster.journal()).hasSize(events);
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void anAnswerCountsOnce(Verdict verdict) {
    var job = cluster.submit(task());
    cluster.says(job, verdict);
    var events = cluster.journal().size();

    cluster.says(job, Verdict.FAIL);

    assertThat(cluster.journal()).hasSize(events);
  }

  @Test
  void anAnswerToWhatAnotherProgramWasAskedIsNotHeeded() {
    var job = cluster.submit(task());
    var former = cluster.question(job);
    cluster.filteredBy("/site/other").answers(former, Verdict.START);
    assertThat(job.state()).isEqualTo(JobState.QUEUED);

    cluster.filteredBy("");

    assertThat(job.state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aHeadNodeThatStartsAsksAnew() {
    var first = cluster.submit(task());
    var second = cluster.submit(task());
    cluster.says(first, Verdict.RESERVE);

    cluster.restartEngine();

    assertThat(cluster.questions())
        .extracting(Activation.Question::job)
        .containsExactly(first.id(), second.id(), first.id(), second.id());
  }

  // Costs.

  @Test
  void fewAreAskedAboutAtATimeAndTheFirstInTheQueueFirst() {
    cluster.node("n2", 100);
    var jobs = new ArrayList<SubmittedJob>();
    for (var i = 0; i < 20; i++) {
      jobs.add(cluster.submit(task()));
    }
    assertThat(cluster.questions()).hasSize(8);
    var urgent = cluster.submit(job(task()).priority("Highest"));

    cluster.says(jobs.getFirst(), Verdict.START);

    assertThat(cluster.questions()).hasSize(9);
    assertThat(cluster.questions().getLast().job()).isEqualTo(urgent.id());
    assertThat(jobs.getLast().job().pending().reason()).isEqualTo(HIGHER_PRIORITY_JOB);
  }

  @Test
  void whatWaitsForTheFilterCostsNoPass() {
    cluster.submit(task());
    var passes = cluster.passes();

    cluster.after(seconds(10)).after(seconds(10));

    assertThat(cluster.passes()).isEqualTo(passes);
    assertThat(cluster.engine().nextWakeup()).isEqualTo(Long.MAX_VALUE);
  }
}
