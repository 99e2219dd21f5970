package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.capataz.scheduler.state.ClusterState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backups that are made while a head node works, checked and restored.
class BackupTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  @TempDir Path directory;

  private Path database() {
    return directory.resolve("db");
  }

  private Store open() {
    return EmbeddedDatabase.open(database(), "test");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCopyMadeAmongCommitsHasAllThatWasCommittedBefore(long seed) throws IOException {
    var disk = FaultyDisk.insert();
    var faulty = new EmbeddedDatabase(database(), FaultyDisk.FILE_SYSTEM);
    try (var store = SqlStore.open(faulty, "test")) {
      var cluster = new RandomCluster(seed, store);
      commits(200, store, cluster);
      // They overwrite what may be overwritten.
      disk.onCopy(() -> commits(60, store, cluster));
      for (var copies = 0; copies < 4; copies++) {
        var before = store.sequence();

        var copy = store.copy();

        assertThat(store.sequence()).isGreaterThan(before);
        assertThat(new Backup(copy).check().problems())
            .as("seed " + seed + ", copy " + copies)
            .isEmpty();
        assertThat(sequence(copy)).isEqualTo(before);
        assertThat(Files.getPosixFilePermissions(copy))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Files.delete(copy);
      }
      var size = Files.size(database().resolve("capataz.mv.db"));
      disk.onCopy(
          () -> {
            throw new IllegalStateException("the disk is broken");
          });
      assertThatThrownBy(store::copy).isInstanceOf(StoreException.class);
      assertThat(database().toFile().list()).containsExactly("capataz.mv.db");
      commits(400, store, cluster);
      assertThat(Files.size(database().resolve("capataz.mv.db")))
          .as("space is used again")
          .isLessThan(size);
    }
  }

  private long sequence(Path copy) throws IOException {
    var scratch = Files.createDirectory(directory.resolve("look-" + copy.getFileName()));
    Files.copy(copy, scratch.resolve(EmbeddedDatabase.FILE));
    try (var store = EmbeddedDatabase.open(scratch, "")) {
      return store.sequence();
    }
  }

  private static void commits(int count, Store store, RandomCluster cluster) {
    for (var left = count; left > 0; left--) {
      store.commit(cluster.happen(), cluster.state());
    }
  }

  @Test
  void aRestoredStoreTakesNothingOfTheLaterPastForThePresent() throws IOException {
    var backup = directory.resolve("backup");
    ClusterState then;
    try (var store = open()) {
      var cluster = new RandomCluster(4, store);
      commits(100, store, cluster);
      then = cluster.state();
      Files.move(store.copy(), backup);
    }
    var lastEpoch = 0L;
    for (var starts = 0; starts < 3; starts++) {
      try (var store = open()) {
        lastEpoch = store.epoch();
        var cluster = new RandomCluster(starts, store);
        cluster.restart(store);
        commits(50, store, cluster);
      }
    }

    var restored = new Backup(backup).restore(database(), NOW);

    assertThat(restored.findings().problems()).isEmpty();
    assertThat(restored.former()).contains(directory.resolve("db.until-20300102-030405"));
    try (var store = open()) {
      assertThat(store.epoch()).isGreaterThan(lastEpoch).isGreaterThan(NOW.getEpochSecond());
      var state = RandomCluster.restored(store);
      assertThat(StateText.withoutNumbers(state)).isEqualTo(StateText.withoutNumbers(then));
      assertThat(state.nextJob()).isEqualTo(restored.lastJob() + 1).isEqualTo(100_001);
    }
    // What was there is whole, and may be put back.
    assertThat(new Backup(restored.former().orElseThrow().resolve("capataz.mv.db")).check())
        .matches(findings -> findings.problems().isEmpty());
  }

  @Test
  void aRestoreWhereTheClockIsWrongStillRaisesTheEpoch() throws IOException {
    var backup = directory.resolve("backup");
    long epoch;
    try (var store = open()) {
      epoch = store.epoch();
      Files.move(store.copy(), backup);
    }

    new Backup(backup).restore(database(), Instant.EPOCH);

    try (var store = open()) {
      assertThat(store.epoch()).isGreaterThan(epoch + 1);
    }
  }

  @Test
  void aRestoreUnderAHeadNodeThatRunsIsRefusedAndChangesNothing() throws IOException {
    var backup = directory.resolve("backup");
    try (var store = open()) {
      Files.move(store.copy(), backup);
    }
    // As another process would hold it.
    try (var file =
            FileChannel.open(database().resolve("capataz.mv.db"), StandardOpenOption.WRITE);
        var lock = file.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> new Backup(backup).restore(database(), NOW))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another one uses it");
    }
    assertThat(names()).containsExactlyInAnyOrder("db", "backup");
    open().close();
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void whatIsNoBackupIsRefusedInOneLineAndChangesNothing() throws IOException {
    open().close();
    var garbage = Files.write(directory.resolve("garbage"), new byte[10_000]);
    var empty = Files.createFile(directory.resolve("empty"));
    var missing = directory.resolve("missing");

    for (var file : List.of(garbage, empty, missing)) {
      assertThatThrownBy(() -> new Backup(file).restore(database(), NOW))
          .isInstanceOfAny(IOException.class, StoreException.class)
          .message()
          .startsWith("expected ")
          .doesNotContain("\n");
    }
    assertThat(names()).containsExactlyInAnyOrder("db", "garbage", "empty");
  }

  @Test
  void aBackupWhoseRowsOrJournalWereChangedOrAreDamagedIsFoundOut() throws Exception {
    try (var store = open()) {
      commits(200, store, new RandomCluster(5, store));
    }
    var file = database().resolve("capataz.mv.db");
    assertThat(new Backup(file).check())
        .matches(findings -> findings.problems().isEmpty() && findings.jobs() > 10);
    for (var change :
        List.of(
            "UPDATE job SET create_time = create_time + 1",
            "DELETE FROM journal WHERE sequence = (SELECT MAX(sequence) FROM journal)",
            "DELETE FROM grant_hold",
            "UPDATE job_draft SET body = X'0109'")) {
      var copy = Files.createTempDirectory(directory, "changed");
      Files.copy(file, copy.resolve("capataz.mv.db"));
      change(copy.resolve("capataz"), change);

      assertThat(new Backup(copy.resolve("capataz.mv.db")).check().problems())
          .as(change)
          .isNotEmpty()
          .allMatch(problem -> !problem.contains("\n"));
    }
    var bytes = Files.readAllBytes(file);
    // A part in the middle, of which the rows of this much history take most.
    Arrays.fill(bytes, bytes.length / 8, bytes.length * 7 / 8, (byte) 7);
    Files.write(file, bytes);
    assertThat(isRefusedOrFoundOut(file)).isTrue();
  }

  private static boolean isRefusedOrFoundOut(Path file) throws IOException {
    try {
      return !new Backup(file).check().problems().isEmpty();
    } catch (StoreException unusable) {
      return true;
    }
  }

  private static void change(Path database, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:h2:" + database, "capataz", "");
        var statement = connection.createStatement()) {
      statement.execute(sql);
      statement.execute("SHUTDOWN");
    }
  }
}
