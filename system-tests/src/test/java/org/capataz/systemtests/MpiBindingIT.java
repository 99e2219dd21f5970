package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.capataz.model.JobState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Ranks on nodes that offer all cores of their machine, and therefore bind what they run.
@Tag("machine")
final class MpiBindingIT {

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @RegisterExtension private static final Site site = new Site();

  private static TwoNodes nodes;

  @BeforeAll
  static void start() {
    nodes = new TwoNodes(site, CORES);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @ParameterizedTest
  @EnumSource
  void ranksAreBoundToTheCoresThatTheTaskHasOnTheirNode(Mpi mpi) throws Exception {
    var count = List.of("sh", "-c", "unset OMP_NUM_THREADS; nproc");
    var job = nodes.submit(CORES + 1, t -> mpi.run(t, count));

    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    var all = Collections.nCopies(CORES, String.valueOf(CORES));
    assertThat(TwoNodes.output(job).lines())
        .containsExactlyInAnyOrderElementsOf(Stream.concat(all.stream(), Stream.of("1")).toList());
  }
}
