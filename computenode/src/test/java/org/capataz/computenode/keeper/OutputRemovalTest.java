package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.capataz.computenode.keeper.TaskOutput.Stream;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which outputs stay on a node, by when they were last written to.
class OutputRemovalTest {

  private static final int KIB = 1024;
  private static final Moment NOW = new Moment(0, TimeUnit.SECONDS.toMicros(1_700_000_000));

  @TempDir private Path directory;
  private TaskOutput places;
  private OutputRemoval removal;

  @BeforeEach
  void aNodeThatKeeps800Kib() {
    places = new TaskOutput(directory);
    removal = new OutputRemoval(places, 800 * KIB);
  }

  @Test
  void aNodeWithoutOutputKeepsNothing() throws IOException {
    assertThat(run()).isZero();
  }

  @Test
  void outputsWithinTheLimitStay() throws IOException {
    for (var i = 1; i <= 7; i++) {
      write(attempt(1, i), 100, 1_000 - i);
    }

    assertThat(run()).isEqualTo(704 * KIB);
    assertThat(places.removedBefore()).isZero();
  }

  @Test
  void theOldestGoFirstAndSomeMoreThanMustSoThatItIsNotDoneForEveryOne() throws IOException {
    for (var i = 1; i <= 9; i++) {
      write(attempt(i, 1), 100, 1_000 - i);
    }

    // Nine of them and their folders take 936 KiB, and an eighth of the limit is 100.
    assertThat(run()).isEqualTo(6 * 104 * KIB);
    for (var i = 1; i <= 9; i++) {
      assertThat(Files.exists(file(attempt(i, 1)))).as("output %s", i).isEqualTo(i > 3);
      assertThat(Files.exists(places.folder(i))).as("folder %s", i).isEqualTo(i > 3);
    }
  }

  @Test
  void whoAsksForARemovedOneLearnsSince() throws IOException {
    for (var i = 1; i <= 9; i++) {
      write(attempt(1, i), 100, 1_000 - 100 * i);
    }
    run();

    var missing = places.read(attempt(1, 1), Stream.OUT, 0, 100).missing();

    assertThat(missing.removedBefore()).isBetween(micros(1_000 - 100), micros(400));
    assertThat(places.read(attempt(1, 9), Stream.OUT, 0, 100).missing())
        .isEqualTo(TaskOutput.Missing.NOTHING);
  }

  @Test
  void whatMayStillBeWrittenToStaysAndDoesNotCount() throws IOException {
    write(attempt(1, 1), 5_000, 1_000);
    write(attempt(1, 2), 100, 10);

    assertThat(removal.run(Set.of(attempt(1, 1)), NOW, this::delete)).isEqualTo(104 * KIB);
    assertThat(file(attempt(1, 1))).exists();
    assertThat(file(attempt(1, 2))).exists();
  }

  @Test
  void theNoteOfAHoleGoesWithItsOutput() throws IOException {
    write(attempt(1, 1), 1_000, 1_000);
    new Hole(0, 10).note(file(attempt(1, 1)), attempt(1, 1));
    run();

    assertThat(places.folder(1)).doesNotExist();
  }

  @Test
  void whatIsYoungStaysAsItsAttemptMayHaveStartedMeanwhile() throws IOException {
    write(attempt(1, 1), 1_000, 0);
    write(attempt(1, 2), 1_000, -5);

    run();

    assertThat(file(attempt(1, 1))).exists();
    assertThat(file(attempt(1, 2))).exists();
  }

  @Test
  void emptyFoldersGoBeforeAnyOutput() throws IOException {
    write(attempt(1, 1), 700, 1_000);
    for (var job = 2; job <= 40; job++) {
      Files.createDirectory(places.folder(job));
    }

    assertThat(run()).isEqualTo(704 * KIB);
    assertThat(file(attempt(1, 1))).exists();
    assertThat(places.folder(2)).doesNotExist();
  }

  @Test
  void agesOfAnyNumberOfOutputsTellTheOldestNearlyRight() {
    for (var seed = 1; seed <= 5; seed++) {
      var random = new Random(seed);
      var ages = new OutputRemoval.Ages();
      var span = 1_000_000_000;
      for (var i = 0; i < 50_000; i++) {
        ages.add(1_700_000_000_000L + random.nextInt(span), 10);
      }

      assertThat((double) ages.endOfOldest(100_000) - 1_700_000_000_000L)
          .as("seed %s", seed)
          .isBetween(0.18 * span, 0.22 * span);
      assertThat(ages.endOfOldest(500_001)).isEqualTo(Long.MAX_VALUE);
    }
  }

  private long run() throws IOException {
    return removal.run(Set.of(), NOW, this::delete);
  }

  private boolean delete(int job) {
    return places.folder(job).toFile().delete();
  }

  private static AttemptId attempt(int job, int instance) {
    return new AttemptId(new UUID(1, 2), 1, new InstanceId(job, 1, instance), 1);
  }

  private Path file(AttemptId attempt) {
    return places.path(attempt, Stream.OUT);
  }

  private void write(AttemptId attempt, int kib, int secondsAgo) throws IOException {
    Files.createDirectories(file(attempt).getParent());
    Files.write(file(attempt), new byte[kib * KIB]);
    Files.setLastModifiedTime(
        file(attempt), FileTime.from(micros(secondsAgo), TimeUnit.MICROSECONDS));
  }

  private static long micros(int secondsAgo) {
    return NOW.micros() - TimeUnit.SECONDS.toMicros(secondsAgo);
  }
}
