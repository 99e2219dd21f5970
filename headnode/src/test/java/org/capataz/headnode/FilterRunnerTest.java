package org.capataz.headnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capataz.headnode.loop.HeardConnection;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobProperty;
import org.capataz.scheduler.engine.Activation.Answer;
import org.capataz.scheduler.engine.Activation.Verdict;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FilterRunnerTest {

  @TempDir Path directory;

  private final HeardConnection connection = new HeardConnection();
  private RunningLoop running;

  @BeforeEach
  void start() {
    running = new RunningLoop(directory);
    running.connect("n1", 4, connection);
    running.carryOut(
        new Command.ChangeSettings(
            Map.of(ClusterParameter.ACTIVATION_FILTER_PROGRAM, "/site/filter"), Map.of()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    running.close();
  }

  private void ask(FilterRunner.Filter filter) throws InterruptedException {
    new FilterRunner(running.loop(), filter, Runnable::run).ask(running.loop().nextQuestion());
  }

  @Test
  void theFilterIsToldAboutTheJobAsItIsStoredAndLetsItStart() throws InterruptedException {
    var draft =
        RunningLoop.job(RunningLoop.task())
            .with(JobProperty.MIN_CORES, "2")
            .with(JobProperty.MAX_CORES, "3");
    var id = running.submit(draft);

    ask(
        (settings, question, owner, job) -> {
          assertThat(settings.get(ClusterParameter.ACTIVATION_FILTER_PROGRAM))
              .isEqualTo("/site/filter");
          assertThat(List.of(question.job(), question.place(), question.resources()))
              .containsExactly(id, 1, 2);
          assertThat(owner).isEqualTo("ana");
          assertThat(job).isEqualTo(running.loop().store().draft(id));
          return new Answer(Verdict.START, "");
        });

    assertThat(connection.nextOrders().starts()).hasSize(1);
  }

  @Test
  void aJobWaitsWhileTheFilterCannotBeAsked() throws InterruptedException {
    var id = running.submit(RunningLoop.job(RunningLoop.task()));

    ask(
        (settings, question, owner, job) -> {
          throw new IllegalStateException("no disk");
        });

    var standing = running.loop().activations().join().get(id);
    assertThat(standing).isNotNull();
    assertThat(standing.answer())
        .isEqualTo(Optional.of(new Answer(Verdict.LATER, "it cannot be asked: no disk")));
  }
}
