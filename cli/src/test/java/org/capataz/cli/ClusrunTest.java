package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.capataz.model.InstanceId;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `capataz clusrun` on nodes that do what the test says.
class ClusrunTest {

  @TempDir private Path folder = Path.of("");
  private final TestWorld world = new TestWorld();

  @BeforeEach
  void prepare() {
    world.directory = folder;
    for (var name : new String[] {"n2", "n1"}) {
      world.cluster.nodes.add(FakeCluster.node(name, 4, 0, Optional.empty()));
    }
    world.cluster.nodes.add(FakeCluster.node("gone", 4, 0, Optional.of(TestWorld.NOW)));
    world.cluster.whenSubmitted =
        job -> {
          var onFirst = job.draft().tasks().getFirst().get(TaskProperty.REQUIRED_NODES);
          var finished = onFirst.equals(Optional.of("n1"));
          job.state = finished ? JobState.FINISHED : JobState.FAILED;
          job.instances.add(
              FakeCluster.instance(
                  new InstanceId(job.id(), 1, 0),
                  finished ? TaskState.FINISHED : TaskState.FAILED,
                  OptionalInt.of(finished ? 0 : 3),
                  finished ? "" : "exit code 3",
                  ""));
          job.outputs.put("1.0 OUTPUT", "first\nlast");
          job.outputs.put("1.0 ERROR", finished ? "" : "oh\n");
        };
  }

  @Test
  void aCommandRunsOnEveryNodeThatIsThere() {
    assertThat(world.run("clusrun", "hostname")).isEqualTo(1);

    assertThat(world.out())
        .containsSubsequence("n1: first\n", "n1: last\n")
        .containsSubsequence("n2: first\n", "n2: last\n")
        .endsWith(
            """
            ------ n1 returns 0 ------
            ------ n2 returns 3 ------
            ------ Summary ------
            1 node succeeded
            1 node failed
            """);
    assertThat(world.err()).contains("n2: oh\n");
    assertThat(world.cluster.jobs.values())
        .allSatisfy(
            job -> assertThat(job.draft().get(JobProperty.EXPANDED_PRIORITY)).contains("4000"));
  }

  @Test
  void nodesAreChosenByNameAndGroupAndLeftOut() {
    assertThat(world.run("clusrun", "--nodes", "n1", "hostname")).isZero();
    assertThat(world.run("clusrun", "--exclude", "n2", "hostname")).isZero();
    assertThat(world.run("clusrun", "--nodegroup", "fast", "--exclude", "n2", "hostname")).isZero();
    assertThat(world.cluster.jobs).hasSize(3);

    assertThat(world.run("clusrun", "--nodes", "n1,n9", "hostname")).isEqualTo(3);
    assertThat(world.run("clusrun", "--nodegroup", "gpu", "hostname")).isEqualTo(2);
    assertThat(world.run("clusrun", "--nodes", "n1", "--job", "1", "hostname")).isEqualTo(2);
    assertThat(world.run("clusrun", "--sorted", "--interleaved", "hostname")).isEqualTo(2);
    assertThat(world.cluster.jobs).hasSize(3);
  }

  @Test
  void whatNodesPrintIsSortedPlainOrInFiles() throws IOException {
    world.run("clusrun", "--sorted", "hostname");
    assertThat(world.out()).startsWith("n1: first\nn1: last\nn2: first\nn2: last\n------ n1");

    var plain = new TestWorld();
    plain.cluster.nodes.addAll(world.cluster.nodes);
    plain.cluster.whenSubmitted = world.cluster.whenSubmitted;
    plain.run("clusrun", "--interleaved", "--nodes", "n2", "hostname");
    assertThat(plain.out()).startsWith("first\nlast\n------ n2 returns 3 ------\n");

    world.run("clusrun", "--outputdir", "out", "hostname");
    assertThat(Files.readString(folder.resolve("out/n1.out"))).isEqualTo("first\nlast");
    assertThat(Files.readString(folder.resolve("out/n2.err"))).isEqualTo("oh\n");
  }

  @Test
  void programsGetOneEntryForEachNode() {
    assertThat(world.run("clusrun", "-o", "json", "hostname")).isEqualTo(1);

    assertThat(world.out())
        .isEqualTo(
            """
            {"schema":"capataz/v1","runs":[
            {"node":"n1","jobId":12,"state":"Finished","exitCode":0,"message":null,\
            "output":"first\\nlast","errors":""},
            {"node":"n2","jobId":13,"state":"Failed","exitCode":3,"message":"exit code 3",\
            "output":"first\\nlast","errors":"oh\\n"}
            ]}
            """);
    assertThat(JsonSchema.ofProject().violations(world.out())).isEmpty();
  }

  @Test
  void theSpellingOfHpcPackIsUnderstood() {
    world.run(
        "clusrun",
        "/nodes:n1",
        "/workdir:/tmp",
        "/env:A=1",
        "/project:climate",
        "hostname",
        "/all");

    var job = world.cluster.only();
    assertThat(job.draft().get(JobProperty.PROJECT)).contains("climate");
    assertThat(job.draft().environment()).isEqualTo(Map.of("A", "1"));
    assertThat(job.draft().tasks().getFirst().get(TaskProperty.WORK_DIRECTORY)).contains("/tmp");
    assertThat(job.draft().tasks().getFirst().get(TaskProperty.COMMAND_LINE))
        .contains("hostname /all");
  }
}
