package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What things cost in the database file: bytes are counted, nothing is timed.
class StoredSizeTest {

  /// Bytes of a file that do not grow with its content: the latest versions, which are held.
  private static final long HELD = 12_000_000;

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
    assertThat(largest).isLessThan(HELD + 3 * live);
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
