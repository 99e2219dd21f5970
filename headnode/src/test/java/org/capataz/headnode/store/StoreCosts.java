package org.capataz.headnode.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What [StoredSizeTest] shows in seconds, at the numbers that are promised: 200,000 commits and
/// 300,000 ends, in some 15 minutes. It runs when it is named, and prints a line for each kind of
/// commit with what it costs in bytes, syncs and time without them.
class StoreCosts {

  private static final StringBuilder TABLE =
      new StringBuilder(
          "| commits | file | most | compacted | bytes each | median ms | 99.9 % ms | max ms |"
              + " syncs | KB written |\n");

  @TempDir Path directory;

  @AfterAll
  static void print() {
    System.out.println(TABLE);
  }

  @Test
  void afterManySmallCommitsTheFileIsAtMostThreeTimesAsLargeAsItsData() throws Exception {
    CountingFiles.register();
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      var run = new Run(200_000);
      for (var job = 1; job <= 200_000; job++) {
        var created = StoredSizeTest.smallJob(job);
        state.apply(created);
        run.commit(() -> store.commit(List.<Event>of(created), state));
      }
      run.note("200,000 of one small job each", 200_000);
      assertThat(run.most).isLessThan(3 * run.compacted);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "20000, 1", "20000, 10", "20000, 100", "20000, 500",
    "300000, 1", "300000, 10", "300000, 100", "300000, 500"
  })
  void anEndOfASweepCostsAtMost100BytesOfTheFile(int ends, int endsPerCommit) throws Exception {
    CountingFiles.register();
    try (var store = open()) {
      var sweep = new SweepRun(store, Math.max(8, endsPerCommit), ends);
      var run = new Run(2 * ends / endsPerCommit + 2);
      while (run.commit(() -> sweep.end(endsPerCommit))) {}
      run.note("%,d ends, %d a commit".formatted(ends, endsPerCommit), ends);
      assertThat(run.most - run.before).isLessThan(100L * ends);
    }
  }

  private SqlStore open() {
    return SqlStore.open(new EmbeddedDatabase(directory, CountingFiles.FILE_SYSTEM), "costs");
  }

  private interface Commit<T> {
    T now();
  }

  /// What is counted from its making on.
  private final class Run {
    private final long before = size();
    private final long syncs = CountingFiles.SYNCS.get();
    private final long written = CountingFiles.WRITTEN.get();
    private final long[] nanos;
    private int commits;
    private long most;
    private long compacted;

    Run(int mostCommits) throws IOException {
      nanos = new long[mostCommits];
    }

    <T> T commit(Commit<T> commit) throws IOException {
      var started = System.nanoTime();
      var result = commit.now();
      nanos[commits++] = System.nanoTime() - started;
      if (commits % 16 == 0) {
        most = Math.max(most, size());
      }
      return result;
    }

    void note(String what, int count) throws IOException, SQLException {
      most = Math.max(most, size());
      compacted = compactedCopy();
      var sorted = Arrays.copyOf(nanos, commits);
      Arrays.sort(sorted);
      TABLE.append(
          String.format(
              "| %s | %.1f MB | %.1f MB | %.1f MB | %.1f | %.2f | %.0f | %.0f | %.2f | %.1f |%n",
              what,
              size() / 1e6,
              most / 1e6,
              compacted / 1e6,
              (double) (most - before) / count,
              sorted[commits / 2] / 1e6,
              sorted[(int) (commits * 0.999)] / 1e6,
              sorted[commits - 1] / 1e6,
              (double) (CountingFiles.SYNCS.get() - syncs) / commits,
              (CountingFiles.WRITTEN.get() - written) / 1e3 / commits));
    }

    private long size() throws IOException {
      return Files.size(directory.resolve("capataz.mv.db"));
    }

    /// The size of a copy of the file without what may be thrown away.
    private long compactedCopy() throws IOException, SQLException {
      var copy = directory.resolve("copy.mv.db");
      Files.copy(directory.resolve("capataz.mv.db"), copy);
      var url = "jdbc:h2:" + directory.resolve("copy");
      try (var connection = DriverManager.getConnection(url, "capataz", "");
          var statement = connection.createStatement()) {
        statement.execute("SHUTDOWN COMPACT");
      }
      return Files.size(copy);
    }
  }
}
