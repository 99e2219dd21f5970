package org.capataz.scheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capataz.scheduler.scenario.Cluster.cluster;
import static org.capataz.scheduler.scenario.JobSketch.job;
import static org.capataz.scheduler.scenario.TaskSketch.sweep;

import java.util.ArrayList;
import org.capataz.model.JobState;
import org.capataz.scheduler.state.Ranges;
import org.junit.jupiter.api.Test;

/// A sweep of a million instances is an ordinary thing.
class SweepScenarioTest {

  private static final int MILLION = 1_000_000;

  private static int ranges(Ranges ordinals) {
    var starts = new ArrayList<Integer>();
    ordinals.forEach((from, to) -> starts.add(from));
    return starts.size();
  }

  @Test
  void aMillionInstancesCostOneRangeAndAsManyEventsAsOneTask() {
    var cluster = cluster();
    var small = cluster.submit(sweep(1, 1));
    var events = cluster.journal().size();

    var large = cluster.submit(sweep(1, MILLION));

    assertThat(cluster.journal()).hasSize(2 * events);
    assertThat(ranges(large.tasks().getFirst().pending())).isEqualTo(1);
    assertThat(ranges(small.tasks().getFirst().pending())).isEqualTo(1);
    assertThat(large.counts().queued()).isEqualTo(MILLION);
  }

  @Test
  void cancelingAMillionInstancesSkipsThemAllInOneRange() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(sweep(1, MILLION));
    var events = cluster.journal().size();

    cluster.cancel(sweep);

    var task = sweep.tasks().getFirst();
    assertThat(cluster.journal()).hasSize(events + 1 + 4);
    assertThat(task.skipped()).hasSize(1);
    assertThat(ranges(task.skipped().getFirst().ordinals())).isEqualTo(1);
    assertThat(task.live()).hasSize(4);
    for (var i = 0; i < 4; i++) {
      cluster.stops(sweep.instance(1, i));
    }
    assertThat(sweep.state()).isEqualTo(JobState.CANCELED);
    assertThat(sweep.counts().canceled()).isEqualTo(MILLION - 4);
    assertThat(sweep.counts().failed()).isEqualTo(4);
  }

  @Test
  void onlyWhatRunsIsAnObject() {
    var cluster = cluster().node("n1", 4);
    var sweep = cluster.submit(job(sweep(1, MILLION)));

    for (var i = 0; i < 100; i++) {
      cluster.finishes(sweep.instance(1, i));
    }

    var task = sweep.tasks().getFirst();
    assertThat(task.live()).filteredOn(run -> !run.isBehind()).hasSize(4);
    assertThat(task.live()).hasSizeLessThan(100);
    assertThat(ranges(task.pending())).isEqualTo(1);
    assertThat(task.ended().size()).isEqualTo(100);
    assertThat(task.ended().bytes()).isLessThan(100 * 40);
  }

  @Test
  void instancesStartInOrder() {
    var cluster = cluster().node("n1", 2);
    var sweep = cluster.submit(sweep(10, 19));

    cluster.finishes(sweep.instance(1, 1));

    assertThat(sweep.tasks().getFirst().live())
        .extracting(attempt -> attempt.id().instance().instance())
        .containsExactlyInAnyOrder(10L, 12L);
  }
}
