package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What things cost in the database file: bytes are counted, nothing is timed.
class StoredSizeTest {

  /// Bytes of a file that do not grow with its content: what commits have left behind since the
  /// store last tidied up.
  private static final long UNTIDY = 4_000_000;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("capataz.mv.db");
  }

  @Test
  void anEndedInstanceOfASweepCostsFewBytesHoweverSmallTheCommits() throws Exception {
    assertThat(liveBytesOfSweep(4_000, 1) / 4_000).as("one by one").isLessThan(50);
  }

  @Test
  void anEndedInstanceOfASweepCostsFewBytesInLargeCommits() throws Exception {
    assertThat(liveBytesOfSweep(20_000, 100) / 20_000).as("by the hundred").isLessThan(50);
  }

  @Test
  void aSweepThatHasNotRunCostsNothing() throws Exception {
    try (var store = EmbeddedDatabase.open(directory, "test")) {
      assertThat(new SweepRun(store, 8, 1_000_000).commits()).isEqualTo(1);
    }
    assertThat(compacted()).isLessThan(100_000);
  }

  @Test
  void aFileOfManySmallCommitsStaysSmall() throws Exception {
    var largest = 0L;
    try (var store = EmbeddedDatabase.open(directory, "test")) {
      var state = new ClusterState(store.cluster(), store.epoch());
      for (var job = 1; job <= 3_000; job++) {
        var created = new Event.JobCreated(job, new UUID(2, job), "user", JobDraft.EMPTY, job);
        state.apply(created);
        store.commit(List.of(created), state);
        largest = Math.max(largest, Files.size(file()));
      }
    }
    assertThat(largest).isLessThan(UNTIDY + 3 * compacted());
  }

  @Test
  void aCommitTakesAboutTwoSyncs() {
    CountingFiles.register();
    var database = new EmbeddedDatabase(directory, CountingFiles.FILE_SYSTEM);
    try (var store = SqlStore.open(database, "test")) {
      var sweep = new SweepRun(store, 8, 300);
      var before = CountingFiles.SYNCS.get();
      while (sweep.end(1)) {}
      // H2 makes another one when it shortens the file.
      assertThat(CountingFiles.SYNCS.get() - before).isLessThan(sweep.commits() * 5L / 2);
    }
  }

  /// Runs a sweep, and holds the file to three times what is in it.
  ///
  /// @return what is in the file after it, without what is in an empty one
  private long liveBytesOfSweep(int instances, int endsPerCommit) throws IOException, SQLException {
    var largest = 0L;
    EmbeddedDatabase.open(directory, "test").close();
    var empty = compacted();
    try (var store = EmbeddedDatabase.open(directory, "test")) {
      var sweep = new SweepRun(store, Math.max(8, endsPerCommit), instances);
      while (sweep.end(endsPerCommit)) {
        largest = Math.max(largest, Files.size(file()));
      }
    }
    var live = compacted();
    assertThat(largest).isLessThan(UNTIDY + 3 * live);
    return live - empty;
  }

  /// The size of the file without what may be thrown away.
  private long compacted() throws IOException, SQLException {
    var url = "jdbc:h2:" + directory.resolve("capataz");
    try (var connection = DriverManager.getConnection(url, "capataz", "");
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN COMPACT");
    }
    return Files.size(file());
  }
}
