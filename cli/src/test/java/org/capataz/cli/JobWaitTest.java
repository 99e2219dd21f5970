package org.capataz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.junit.jupiter.api.Test;

/// The exit codes of `capataz job wait`.
class JobWaitTest {

  private final TestWorld world = new TestWorld();

  private void jobIn(JobState state) {
    world.cluster.add(JobDraft.EMPTY).state = state;
  }

  @Test
  void itIsDoneWhenAllFinished() {
    jobIn(JobState.FINISHED);
    jobIn(JobState.FINISHED);

    assertThat(world.run("job", "wait", "12", "13")).isZero();
    assertThat(world.out()).isEqualTo("Job 12: Finished\nJob 13: Finished\n");
  }

  @Test
  void itFailsWhenOneDidNotFinish() {
    jobIn(JobState.FINISHED);
    jobIn(JobState.CANCELED);

    assertThat(world.run("job", "wait", "12", "13")).isEqualTo(1);
  }

  @Test
  void aTimeThatIsOverHasACodeOfItsOwn() {
    jobIn(JobState.RUNNING);

    assertThat(world.run("job", "wait", "12", "--timeout", "1s")).isEqualTo(124);
    assertThat(world.err()).hasLineCount(1);
    assertThat(world.out()).isEmpty();
  }
}
