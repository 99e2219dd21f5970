package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.capataz.client.Job;
import org.capataz.model.JobState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real MPI programs over two nodes, started with a plain `mpirun PROGRAM` by Debian's Open MPI and
/// MPICH. Each needs more cores than either node has.
@Tag("machine")
final class MpiIT {

  @RegisterExtension private static final Site site = new Site();

  private static TwoNodes nodes;

  private Path place;

  @BeforeAll
  static void start() {
    nodes = new TwoNodes(site);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void moveOn() throws IOException {
    place = nodes.moveOn();
  }

  private Job submit(Mpi mpi, String program, String... arguments) throws Exception {
    var folder = program.equals("heat") ? "../jobs-xml/examples/mpi" : "src/test/mpi";
    var source = Path.of(folder, program + ".c").toAbsolutePath().toString();
    var binary = place.resolve(program).toString();
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
    var job = submit(mpi, "allreduce", place.resolve("stop").toString(), "3");

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
    Files.createFile(place.resolve("stop"));
    nodes.startHeadAgain();

    assertThat(job.await().state()).isEqualTo(JobState.FINISHED);
    assertThat(TwoNodes.output(job)).isEqualTo("4 ranks agreed\n");
    assertThat(job.instance(1, 0).attempt()).isEqualTo(1);
  }

  /// A job whose ranks sum up numbers, over and over, until the file `stop` exists.
  private Job running(Mpi mpi) throws Exception {
    var job = submit(mpi, "allreduce", place.resolve("stop").toString());
    nodes.awaitFile(place.resolve("stop.started"));
    assertThat(nodes.ofJob(job)).hasSizeGreaterThan(4);
    return job;
  }
}
