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
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What things cost in the database file, at any time: bytes are counted, nothing is timed.
/// [StoreCosts] does the same at larger numbers.
class StoredSizeTest {

  @TempDir Path directory;

  private Store open() {
    return CountingFiles.open(directory);
  }

  private long size() throws IOException {
    return Files.size(directory.resolve("capataz.mv.db"));
  }

  @ParameterizedTest
  @CsvSource({"3000, 1", "5000, 10", "10000, 100", "20000, 500"})
  void anEndOfASweepCostsAtMost100BytesOfTheFile(int ends, int endsPerCommit) throws Exception {
    var largest = 0L;
    try (var store = open()) {
      var sweep = new SweepRun(store, Math.max(8, endsPerCommit), ends);
      var before = size();
      while (sweep.end(endsPerCommit)) {
        largest = Math.max(largest, size());
      }
      assertThat(largest - before).isLessThan(100L * ends);
    }
  }

  @Test
  void aSweepThatHasNotRunCostsNothing() throws Exception {
    try (var store = open()) {
      assertThat(new SweepRun(store, 8, 1_000_000).commits()).isEqualTo(1);
    }
    assertThat(compacted()).isLessThan(100_000);
  }

  @Test
  void afterManySmallCommitsTheFileIsAtMostThreeTimesAsLargeAsItsData() throws Exception {
    var largest = 0L;
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      for (var job = 1; job <= 8_000; job++) {
        var created = smallJob(job);
        state.apply(created);
        store.commit(List.of(created), state);
        largest = Math.max(largest, size());
      }
    }
    assertThat(largest).isLessThan(3 * compacted());
  }

  /// A job of one task, with a request's id as random as those of clients.
  static Event.JobCreated smallJob(int job) {
    var task = TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "work");
    var request = new UUID(job * 0x9E3779B97F4A7C15L, job * 0xD1B54A32D192ED03L);
    var time = 1_700_000_000_000_000L + job * 31_415L;
    return new Event.JobCreated(job, request, "user", JobDraft.EMPTY.plus(task), time);
  }

  @Test
  void aCommitTakesAboutTwoSyncs() {
    try (var store = open()) {
      var sweep = new SweepRun(store, 8, 300);
      var before = CountingFiles.SYNCS.get();
      while (sweep.end(1)) {}
      // H2 makes another one when it shortens the file.
      assertThat(CountingFiles.SYNCS.get() - before).isLessThan(sweep.commits() * 5L / 2);
    }
  }

  /// The size of the file without what may be thrown away.
  private long compacted() throws IOException, SQLException {
    var url = "jdbc:h2:" + directory.resolve("capataz");
    try (var connection = DriverManager.getConnection(url, "capataz", "");
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN COMPACT");
    }
    return size();
  }
}
