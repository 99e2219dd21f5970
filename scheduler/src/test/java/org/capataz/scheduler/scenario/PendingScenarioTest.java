package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.model.PendingReason.HIGHER_PRIORITY_JOB;
import static org.capataz.model.PendingReason.JOB_SUBMITTED_EARLIER;
import static org.capataz.model.PendingReason.NONE;
import static org.capataz.model.PendingReason.NOT_ENOUGH_RESOURCE;
import static org.capataz.model.PendingReason.PARENT_JOBS_CANCELED_OR_FAILED;
import static org.capataz.model.PendingReason.PARENT_JOBS_NOT_FINISHED;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import java.util.ArrayList;
import org.capataz.model.JobState;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.Test;

class PendingScenarioTest {

  @Test
  void aJobThatStartsAtOnceHasNeverWaited() {
    var cluster = cluster().node("n1", 1);
    var first = cluster.submit(task());

    assertThat(first.state()).isEqualTo(JobState.RUNNING);
    assertThat(cluster.waits(first)).isEmpty();
  }

  @Test
  void whatKeepsAJobWaitingIsNotedWheneverItChanges() {
    var cluster = cluster().node("n1", 1);
    var first = cluster.submit(task());
    var second = cluster.submit(task());
    var third = cluster.submit(task());
    cluster.after(seconds(5)).submit(job(task()).priority("Highest"));

    assertThat(cluster.waits(second)).containsExactly(NOT_ENOUGH_RESOURCE, HIGHER_PRIORITY_JOB);
    assertThat(cluster.waits(third)).containsExactly(JOB_SUBMITTED_EARLIER, HIGHER_PRIORITY_JOB);

    cluster.after(seconds(5)).finishes(first.onlyTask());
    assertThat(cluster.waits(second))
        .containsExactly(NOT_ENOUGH_RESOURCE, HIGHER_PRIORITY_JOB, NOT_ENOUGH_RESOURCE);
    assertThat(third.job().pending().reason()).isEqualTo(JOB_SUBMITTED_EARLIER);
  }

  @Test
  void timeAloneChangesNothing() {
    var cluster = cluster();
    var job = cluster.submit(task());
    for (var i = 0; i < 10; i++) {
      cluster.after(seconds(60));
    }

    assertThat(cluster.waits(job)).containsExactly(NOT_ENOUGH_RESOURCE);
  }

  @Test
  void aJobThatRunsWaitsForNothing() {
    var cluster = cluster().node("n1", 1);
    var first = cluster.submit(task());
    var second = cluster.submit(task());
    assertThat(second.job().pending().reason()).isEqualTo(NOT_ENOUGH_RESOURCE);

    cluster.finishes(first.onlyTask());

    assertThat(second.job().pending().reason()).isEqualTo(NONE);
  }

  @Test
  void whatIsNotedOfOneJobIsBounded() {
    var cluster = cluster();
    var job = cluster.submit(task());
    for (var i = 0; i < 300; i++) {
      cluster.cancel(cluster.submit(job(task()).priority("Highest")));
    }

    assertThat(cluster.waits(job)).hasSize(200);
  }

  @Test
  void aLongQueueCostsEachJobOneNote() {
    var cluster = cluster();
    var jobs = new ArrayList<SubmittedJob>();
    for (var i = 0; i < 200; i++) {
      jobs.add(cluster.submit(task()));
    }

    assertThat(cluster.waits(jobs.getFirst())).containsExactly(NOT_ENOUGH_RESOURCE);
    for (var job : jobs.subList(1, jobs.size())) {
      assertThat(cluster.waits(job)).containsExactly(JOB_SUBMITTED_EARLIER);
    }
  }

  @Test
  void whatIsNotedOfAJobFollowsItsParent() {
    var cluster = cluster().node("n1", 1);
    var parent = cluster.submit(task());
    var child = cluster.submit(job(task()).parents("1").holdingOnParentFailure());

    cluster.fails(parent.onlyTask()).requeue(parent).fails(parent.onlyTask());
    cluster.does(new Command.ConfigureJob(parent.id()));

    assertThat(cluster.waits(child))
        .containsExactly(
            PARENT_JOBS_NOT_FINISHED,
            PARENT_JOBS_CANCELED_OR_FAILED,
            PARENT_JOBS_NOT_FINISHED,
            PARENT_JOBS_CANCELED_OR_FAILED,
            PARENT_JOBS_NOT_FINISHED);
  }
}
