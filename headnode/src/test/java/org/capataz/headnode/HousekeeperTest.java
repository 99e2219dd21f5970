package org.capataz.headnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.model.ClusterParameter;
import org.capataz.scheduler.engine.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HousekeeperTest {

  /// The loop's clock begins here, and hardly goes on.
  private static final long NOW = 1_700_000_000_000_000L;

  @TempDir Path directory;

  private RunningLoop running;
  private LocalDateTime local = LocalDateTime.of(2026, 11, 25, 1, 59);
  private long micros = NOW;
  private Housekeeper housekeeper;

  @BeforeEach
  void start() {
    running = new RunningLoop(directory);
    housekeeper = new Housekeeper(running.loop(), () -> local, () -> micros);
  }

  @AfterEach
  void stop() throws InterruptedException {
    running.close();
  }

  private int ended() {
    var id = running.submit(RunningLoop.job(RunningLoop.task()));
    running.carryOut(
        new Command.CancelJob(id, Command.Manner.USUAL, new Command.Author("ada", "")));
    return id;
  }

  private void pass(int days, int hours) {
    local = local.plusDays(days).plusHours(hours);
    micros += TimeUnit.DAYS.toMicros(days) + TimeUnit.HOURS.toMicros(hours);
  }

  @Test
  void jobsAreDeletedAtTheHourAfterTheDaysThatTheParametersSay() {
    var old = ended();
    var waiting = running.submit(RunningLoop.job(RunningLoop.task()));
    pass(5, 0);
    housekeeper.look();
    assertThat(running.loop().board().job(old)).isNotNull();

    pass(0, 1);
    housekeeper.look();

    assertThat(running.loop().board().job(old)).isNull();
    assertThat(running.loop().board().job(waiting)).isNotNull();
  }

  @Test
  void onceADayIsEnough() {
    pass(0, 1);
    housekeeper.look();
    var old = ended();
    micros += TimeUnit.DAYS.toMicros(6);
    housekeeper.look();

    assertThat(running.loop().board().job(old)).isNotNull();
    pass(1, 0);
    housekeeper.look();
    assertThat(running.loop().board().job(old)).isNull();
  }

  @Test
  void nothingIsDeletedWhereJobsAreKeptForEver() {
    running.carryOut(
        new Command.ChangeSettings(Map.of(ClusterParameter.TTL_COMPLETED_JOBS, "0"), Map.of()));
    var old = ended();
    pass(4000, 1);
    housekeeper.look();

    assertThat(running.loop().board().job(old)).isNotNull();
  }
}
