package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.capataz.client.Job;
import org.capataz.model.JobState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real MPI programs over two nodes, started with a plain `mpirun PROGRAM` by Debian's Open MPI and
/// MPICH. Each needs more cores than either node has.
@Tag("machine")
final class MpiIT {

  @RegisterExtension private final Site site = new Site();

  private TwoNodes nodes;

  @BeforeEach
  void start() {
    nodes = new TwoNodes(site);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private Job submit(Mpi mpi, String program, String... arguments) throws Exception {
    var folder = program.equals("heat") ? "../jobs-xml/examples/mpi" : "src/test/mpi";
    var source = Path.of(folder, program + ".c").toAbsolutePath().toString();
    var binary = site.folder().resolve(program).toString();
    var compile = List.of(mpi.compiler(), "-O2", "-Wall", "-Werror", source, "-o", binary);
    assertThat(new ProcessBuilder(compile).inheritIO().start().waitFor()).isZero();
    var words = new ArrayList<>(List.of(binary));
    words.addAll(List.of(arguments));
    return nodes.submit(t -> mpi.run(t, words));
  }

  @ParameterizedTest
  @EnumSource
  void aPlainMpirunHasARankOnEachCoreOfBothNodes(Mpi mpi) throws Exception {
    var job = submit(mpi, "ring");

    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    var lines = TwoNodes.output(job).lines().toList();
    assertThat(lines).filteredOn(line -> line.endsWith("in job " + job.id() + " on n1")).hasSize(2);
    assertThat(lines).filteredOn(line -> line.endsWith("in job " + job.id() + " on n2")).hasSize(2);
    assertThat(lines).contains("token 4");
  }

  @ParameterizedTest
  @EnumSource
  void theHeatEquationComesOutAsInItsSerialRun(Mpi mpi) throws Exception {
    var job = submit(mpi, "heat", "96", "400");

    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    assertThat(TwoNodes.output(job)).contains("4 ranks").contains(", equal to the serial run");
  }

  @ParameterizedTest
  @EnumSource
  void aRankThatCrashesFailsTheTaskAndLeavesNothing(Mpi mpi) throws Exception {
    var job = submit(mpi, "allreduce", site.folder().resolve("stop").toString(), "3");

    assertThat(job.await().state()).isEqualTo(JobState.FAILED);
    assertThat(job.instance(1, 0).exitCode().orElseThrow()).isNotZero();
    nodes.awaitNothingOf(job);
  }

  @ParameterizedTest
  @EnumSource
  void aCancelInMidRunLeavesNoRankAnywhere(Mpi mpi) throws Exception {
    var job = running(mpi);

    job.cancel("enough");

    assertThat(job.await().state()).isEqualTo(JobState.CANCELED);
    nodes.awaitNothingOf(job);
    assertThat(nodes.cluster().nodes()).allMatch(node -> node.capacity().busyCores() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void headNodeAndBothAgentsAreKilledInMidRunAndTheJobFinishes(Mpi mpi) throws Exception {
    var job = running(mpi);

    nodes.kill();
    Files.createFile(site.folder().resolve("stop"));
    nodes.startHeadAgain();

    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    assertThat(TwoNodes.output(job)).isEqualTo("4 ranks agreed\n");
    assertThat(job.instance(1, 0).attempt()).isEqualTo(1);
  }

  /// A job whose ranks sum up numbers, over and over, until the file `stop` exists.
  private Job running(Mpi mpi) throws Exception {
    var job = submit(mpi, "allreduce", site.folder().resolve("stop").toString());
    nodes.awaitFile(site.folder().resolve("stop.started"));
    assertThat(nodes.ofJob(job)).hasSizeGreaterThan(4);
    return job;
  }
}
