package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.UUID;
import org.capataz.computenode.keeper.TaskOutput.Stream;
import org.capataz.computenode.process.DiskSpace;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Long outputs in real files, which hold their own offsets as big-endian numbers.
class OutputCapTest {

  private static final int KIB = 1024;
  private static final OutputLimits LIMITS = new OutputLimits(64 * KIB, 1024 * KIB);
  private static final AttemptId ATTEMPT =
      new AttemptId(new UUID(1, 2), 1, new InstanceId(3, 1, 7), 1);

  @TempDir private Path directory;

  private TaskOutput places;
  private Path file;
  private long written;

  @BeforeEach
  void aFolder() throws IOException {
    places = new TaskOutput(directory);
    file = places.path(ATTEMPT, Stream.OUT);
    Files.createDirectories(file.getParent());
  }

  @Test
  void outputUpToItsLimitIsKeptWhole() throws IOException {
    write(LIMITS.high());
    shorten();

    assertThat(readAll(8 * KIB)).isEqualTo(LIMITS.high());
  }

  @Test
  void ofLongOutputHeadAndTailAreKeptAndTheDiskUnderTheMiddleIsFree() throws IOException {
    write(10_000 * KIB);
    shorten();

    assertThat(Files.size(file)).isEqualTo(10_000 * KIB);
    assertThat(DiskSpace.of(file)).isLessThanOrEqualTo(64 * KIB + 8 * KIB);
    assertThat(readAll(8 * KIB)).isEqualTo(64 * KIB);
    assertThat(at(0).missing().bytes()).isZero();
    assertThat(at(32 * KIB).missing().bytes()).isEqualTo((10_000 - 64) * KIB);
    assertThat(at(9_000 * KIB).missing().bytes()).isEqualTo((1_000 - 32) * KIB);
  }

  @Test
  void whereverAReaderIsItGetsWhatWasWrittenThereOrIsToldHowMuchIsMissing() throws IOException {
    for (var seed = 1; seed <= 20; seed++) {
      var random = new Random(seed);
      Files.deleteIfExists(file);
      written = 0;
      var offset = 0L;
      for (var step = 0; step < 60; step++) {
        write(8L * random.nextInt(16 * KIB));
        if (random.nextInt(3) == 0) {
          shorten();
        }
        if (random.nextBoolean()) {
          offset = readOn(offset, 8 * (1 + random.nextInt(4 * KIB)), "seed " + seed);
        }
      }
      shorten();
      assertThat(DiskSpace.of(file)).as("seed %s", seed).isLessThanOrEqualTo(LIMITS.high() + 8192);
      assertThat(readAll(8 * KIB)).as("seed %s", seed).isBetween(64L * KIB, LIMITS.high());
    }
  }

  @Test
  void aLargerLimitLaterDoesNotBringBackWhatWasLetGo() throws IOException {
    write(1_000 * KIB);
    shorten();
    var later = new OutputCap(places, new OutputLimits(256 * KIB, 1024 * KIB));
    later.shorten(ATTEMPT, Stream.OUT);
    assertThat(readAll(8 * KIB)).isEqualTo(64 * KIB);

    write(1_000 * KIB);
    later.shorten(ATTEMPT, Stream.OUT);

    assertThat(readAll(8 * KIB)).isEqualTo((32 + 128) * KIB);
  }

  @Test
  void aProgramThatEmptiesItsOutputBeginsAnew() throws IOException {
    write(1_000 * KIB);
    shorten();
    Files.write(file, new byte[0]);
    written = 0;
    write(16 * KIB);

    assertThat(readAll(8 * KIB)).isEqualTo(16 * KIB);
  }

  @Test
  void zerosThatTheProgramWroteAreItsOwn() throws IOException {
    Files.write(file, new byte[50 * KIB]);

    var piece = places.read(ATTEMPT, Stream.OUT, 0, 100 * KIB);

    assertThat(piece.bytes().remaining()).isEqualTo(50 * KIB);
  }

  @Test
  void theNoteOfAnEarlierClustersAttemptIsNotBelieved() throws IOException {
    var other = new AttemptId(new UUID(9, 9), 1, ATTEMPT.instance(), 1);
    new Hole(8 * KIB, 16 * KIB).note(file, other);
    write(40 * KIB);

    assertThat(readAll(8 * KIB)).isEqualTo(40 * KIB);
  }

  private void shorten() throws IOException {
    new OutputCap(places, LIMITS).shorten(ATTEMPT, Stream.OUT);
  }

  private void write(long length) throws IOException {
    var bytes = ByteBuffer.allocate((int) length);
    while (bytes.hasRemaining()) {
      // None of these numbers is a zero.
      bytes.putLong(mark(written + bytes.position()));
    }
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      channel.write(bytes.flip());
    }
    written += length;
  }

  private static long mark(long offset) {
    return 0x5A5A_0000_0000_0000L + offset;
  }

  private TaskOutput.Piece at(long offset) throws IOException {
    return places.read(ATTEMPT, Stream.OUT, offset, 8);
  }

  /// Reads a piece, and answers with where the next one begins.
  private long readOn(long offset, int limit, String what) throws IOException {
    var piece = places.read(ATTEMPT, Stream.OUT, offset, limit);
    var next = offset + piece.missing().bytes();
    while (piece.bytes().hasRemaining()) {
      assertThat(piece.bytes().getLong()).as(what).isEqualTo(mark(next));
      next += Long.BYTES;
    }
    return next;
  }

  /// Reads to the end, and answers with how much there was.
  private long readAll(int limit) throws IOException {
    var offset = 0L;
    var count = 0L;
    while (true) {
      var piece = places.read(ATTEMPT, Stream.OUT, offset, limit);
      count += piece.bytes().remaining();
      offset = readOn(offset, limit, "all");
      if (piece.atEnd()) {
        assertThat(offset).isEqualTo(written);
        return count;
      }
    }
  }
}
