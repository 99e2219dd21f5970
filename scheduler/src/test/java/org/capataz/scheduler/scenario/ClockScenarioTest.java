package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.Cluster.seconds;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.task;

import org.capataz.model.JobState;
import org.capataz.scheduler.engine.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody sets the head node's clock by a day: all that takes its time takes it as before.
class ClockScenarioTest {

  private static final int DAY = 86_400;

  @ParameterizedTest
  @ValueSource(ints = {DAY, -DAY})
  void aJobRunsForAsLongAsItMay(int ahead) {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task()).limit(60));
    cluster.after(seconds(10));

    cluster.clockIsSet(seconds(ahead)).after(seconds(49));
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    cluster.after(seconds(1));
    assertThat(job.state()).isEqualTo(JobState.CANCELING);
  }

  @ParameterizedTest
  @ValueSource(ints = {DAY, -DAY})
  void itPaysForWhatItHeldAlone(int ahead) {
    var cluster = cluster().node("n1", 2);
    var job = cluster.submit(job(task()).cores(2, 2));
    cluster.after(seconds(10));

    cluster.clockIsSet(seconds(ahead)).after(seconds(5));

    var held = job.job().grants().iterator().next().life().held();
    assertThat(held.coreMicrosAt(cluster.in(seconds(0)))).isEqualTo(2 * 15_000_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {DAY, -DAY})
  void aServicePausesForAsLongAsItShould(int ahead) {
    var cluster = cluster().node("n1", 1);
    var job = cluster.submit(job(task("web").ofType("Service")).cores(1, 1));
    cluster.finishes(job.instance(1, 0)).after(seconds(1));
    cluster.finishes(job.instance(1, 1));

    cluster.clockIsSet(seconds(ahead)).after(seconds(1));
    assertThat(job.service().made()).isEqualTo(2);
    cluster.after(seconds(1));
    assertThat(job.service().made()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {DAY, -DAY})
  void theActivationFilterIsAskedAgainWhenItShould(int ahead) {
    var cluster = cluster().node("n1", 1).filtered();
    var job = cluster.submit(task());
    cluster.says(job, Activation.Verdict.LATER);

    cluster.clockIsSet(seconds(ahead)).after(seconds(29));
    assertThat(cluster.questions()).hasSize(1);
    cluster.after(seconds(1));
    assertThat(cluster.questions()).hasSize(2);
  }
}
