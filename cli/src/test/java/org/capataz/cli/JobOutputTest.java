package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.capataz.client.JobBuilder;
import org.capataz.client.TaskCounts;
import org.capataz.model.InstanceId;
import org.capataz.model.TaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What tasks wrote, as it is shown.
class JobOutputTest {

  private final TestWorld world = new TestWorld();

  @BeforeEach
  void aJobOfOneTaskAndOneOfTwo() {
    var single = world.cluster.add(JobBuilder.unnamed().task(t -> t.command("model")).build());
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
  void aJobThatThereIsNotIsNotFound() {
    assertThat(world.run("job", "output", "99")).isEqualTo(3);
  }
}
