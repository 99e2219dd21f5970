package org.capataz.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.capataz.cli.terminal.Streams;
import org.capataz.cli.terminal.Terminal;
import org.capataz.client.Cores;
import org.capataz.client.JobProgress;
import org.capataz.client.JobStatus;
import org.capataz.client.TaskCounts;
import org.capataz.client.Times;
import org.capataz.model.JobState;
import org.capataz.model.Priority;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final Instant BEGIN = Instant.parse("2026-11-21T12:00:00Z");

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static Instant after(double seconds) {
    return BEGIN.plusMillis((long) (seconds * 1000));
  }

  private static JobStatus job(long queued, long running, long finished, long failed) {
    return new JobStatus(
        1,
        "",
        "ana",
        JobState.RUNNING,
        Priority.NORMAL,
        new Times(BEGIN, Optional.of(BEGIN), Optional.of(BEGIN), Optional.empty()),
        new TaskCounts(queued, running, finished, failed, 0),
        new Cores(1, 4, 4),
        "",
        0,
        "",
        "Default",
        new JobProgress(0, ""));
  }

  @Test
  void theLineTellsCountsTimeAndEstimate() {
    assertThat(Progress.plain(job(196, 4, 199, 1), BEGIN, after(30)))
        .isEqualTo("50%: 196 queued, 4 running, 199 finished, 1 failed, 30s, about 30s left");
  }

  @Test
  void thereIsNoEstimateBeforeSomethingHasEndedNorAfterAll() {
    assertThat(Progress.plain(job(400, 0, 0, 0), BEGIN, after(2))).isEqualTo("0%: 400 queued, 2s");
    assertThat(Progress.plain(job(0, 0, 400, 0), BEGIN, after(75)))
        .isEqualTo("100%: 400 finished, 1m15s");
  }

  @Test
  void aJobWithoutTasksHasNoProgress() {
    assertThat(Progress.withBar(job(0, 0, 0, 0), BEGIN, after(1), 80)).contains("] 0%: 1s");
  }

  @Test
  void theBarIsAsLongAsTheTerminalLeavesRoomAndNoLineIsLonger() {
    var job = job(100, 0, 100, 0);

    assertThat(Progress.withBar(job, BEGIN, after(10), 100))
        .isEqualTo("[##########----------] 50%: 100 queued, 100 finished, 10s, about 10s left");
    assertThat(Progress.withBar(job, BEGIN, after(10), 62))
        .isEqualTo("[####-----] 50%: 100 queued, 100 finished, 10s, about 10s left");
    assertThat(Progress.withBar(job, BEGIN, after(10), 20)).hasSize(20).startsWith("50%: 100 ");
  }

  @Test
  void onATerminalTheLineIsDrawnOverTenTimesASecondAtMost() {
    var display = display(true);
    for (var millis = 0; millis <= 1000; millis += 10) {
      display.show(job(9, 1, millis / 100, 0), BEGIN.plusMillis(millis));
    }
    display.clear();

    assertThat(written().split("\r", -1)).hasSize(12);
    assertThat(written()).endsWith("\r\u001b[K").doesNotContain("\n");
  }

  @Test
  void elsewhereALineComesAtEveryTenthPartButNotMoreOftenThanEveryTwoSeconds() {
    var display = display(false);
    for (var second = 0; second <= 20; second++) {
      display.show(job(20 - second, 0, second, 0), after(second));
    }

    assertThat(written().lines()).hasSize(10).allMatch(line -> line.startsWith("capataz: "));
  }

  @Test
  void elsewhereALongTaskIsNotSilence() {
    var display = display(false);
    for (var second = 0; second <= 90; second++) {
      display.show(job(0, 1, 0, 0), after(second));
    }

    assertThat(written().lines())
        .containsExactly(
            "capataz: 0%: 1 running, 30s",
            "capataz: 0%: 1 running, 1m00s", "capataz: 0%: 1 running, 1m30s");
  }

  private String written() {
    return err.toString(UTF_8);
  }

  private ProgressDisplay display(boolean terminal) {
    var stream = new PrintStream(err, true, UTF_8);
    return new ProgressDisplay(
        new Streams(
            stream,
            stream,
            new Terminal() {
              @Override
              public boolean showsOutput() {
                return terminal;
              }

              @Override
              public boolean showsErrors() {
                return terminal;
              }

              @Override
              public int width() {
                return 80;
              }

              @Override
              public void onSignal(IntConsumer handler) {}
            }),
        BEGIN);
  }
}
