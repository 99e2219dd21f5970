package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalInt;
import org.capataz.client.JobBuilder;
import org.capataz.client.MissingOutput;
import org.capataz.client.TaskCounts;
import org.capataz.model.InstanceId;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What tasks wrote, as it is shown.
class JobOutputTest {

  private final TestWorld world = new TestWorld();

  private FakeJob single;

  @BeforeEach
  void aJobOfOneTaskAndOneOfTwo() {
    single = world.cluster.add(JobBuilder.unnamed().task(t -> t.command("model")).build());
    single.outputs.put("1.0 OUTPUT", "result\n");
    single.outputs.put("1.0 ERROR", "warning\n");
    var two =
        world.cluster.add(
            JobBuilder.unnamed().task(t -> t.command("a")).task(t -> t.command("b")).build());
    two.counts = new TaskCounts(0, 0, 2, 0, 0);
    two.outputs.put("1.0 OUTPUT", "first\n");
    two.outputs.put("2.0 OUTPUT", "second\n");
    two.instances.add(
        FakeCluster.instance(
            new InstanceId(13, 1, 0), TaskState.FINISHED, OptionalInt.of(0), "", ""));
  }

  @Test
  void eachStreamGoesToItsOwn() {
    assertThat(world.run("job", "output", "12")).isZero();

    assertThat(world.out()).isEqualTo("result\n");
    assertThat(world.err()).isEqualTo("warning\n");
  }

  @Test
  void followingItIsTheSame() {
    assertThat(world.run("job", "output", "12.1", "-f")).isZero();

    assertThat(world.out()).isEqualTo("result\n");
    assertThat(world.err()).isEqualTo("warning\n");
  }

  @Test
  void standardErrorAloneIsData() {
    assertThat(world.run("job", "output", "12.1.0", "--stderr")).isZero();

    assertThat(world.out()).isEqualTo("warning\n");
    assertThat(world.err()).isEmpty();
  }

  @Test
  void severalTasksAreNamedOnStandardErrorSoThatTheirOutputStaysClean() {
    assertThat(world.run("job", "output", "13", "--stdout")).isZero();

    assertThat(world.out()).isEqualTo("first\nsecond\n");
    assertThat(world.err()).isEqualTo("==> 13.1.0 <==\n==> 13.2.0 <==\n");
  }

  @Test
  void aLineOnStandardErrorStandsWhereOutputIsNotKept() {
    single.notKept = new MissingOutput.Part(4, 123_456_789);
    single.outputs.put("1.0 OUTPUT", "head\0tail\n");

    assertThat(world.run("job", "output", "12", "--stdout")).isZero();

    assertThat(world.out()).isEqualTo("headtail\n");
    assertThat(world.err())
        .isEqualTo(
            "\n[… 123,456,789 bytes left out: a node keeps the head and the tail of long output;"
                + " --stdout FILE keeps all …]\n");
  }

  @Test
  void aLineOnStandardErrorSaysSinceWhenOutputIsRemoved() {
    single.notKept = new MissingOutput.Removed(Instant.ofEpochSecond(1_700_000_000, 5));
    single.outputs.put("1.0 ERROR", "\0");

    assertThat(world.run("job", "output", "12", "--stderr")).isZero();

    assertThat(world.out()).isEmpty();
    assertThat(world.err())
        .isEqualTo(
            "[… nothing kept: output last written before 2023-11-14T22:13:20Z was removed, by the"
                + " node's --keep-output …]\n");
  }

  @Test
  void whereThereIsNoOutputTheFirstFailureIsSaid() {
    single.outputs.clear();
    single.state = JobState.FAILED;
    single.counts = new TaskCounts(0, 0, 0, 1, 0);
    single.instances.add(
        FakeCluster.instance(
            new InstanceId(12, 1, 0), TaskState.FAILED, OptionalInt.of(3), "exit code 3", ""));

    assertThat(world.run("job", "output", "12")).isZero();

    assertThat(world.err())
        .contains("there is no output")
        .contains("the first run that failed, 12.1.0: exit code 3;");
  }

  @Test
  void aJobThatWasNotSubmittedHasNoOutput() {
    single.outputs.clear();
    single.state = JobState.CONFIGURING;

    assertThat(world.run("job", "output", "12.1")).isZero();

    assertThat(world.err()).contains("job 12 has not run; capataz job submit --id 12");
  }

  @Test
  void aJobThatThereIsNotIsNotFound() {
    assertThat(world.run("job", "output", "99")).isEqualTo(3);
  }
}
