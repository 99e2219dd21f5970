package org.capataz.headnode.store;

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

/// Measures what commits cost, in bytes of the database file, syncs and time, and prints a line for
/// each kind. A class to run by hand: `StoreCosts JOBS ENDS`, with the head node's test class path.
final class StoreCosts {
  private final Path directory;

  private StoreCosts(Path directory) {
    this.directory = directory;
  }

  /// Measures, and prints as it goes on.
  ///
  /// @param arguments how many jobs to create, a commit for each, and how many ends of a sweep to
  ///   record, in commits of 1, 10, 100 and 500
  public static void main(String[] arguments) throws IOException, SQLException {
    var jobs = Integer.parseInt(arguments[0]);
    var ends = Integer.parseInt(arguments[1]);
    CountingFiles.register();
    System.out.println(
        "what, how many, file bytes, most of them meanwhile, compacted, ratio, bytes for each,"
            + " commits/s, syncs a commit, written bytes a commit");
    inNewDirectory().jobs(jobs);
    for (var endsPerCommit : List.of(1, 10, 100, 500)) {
      inNewDirectory().ends(ends, endsPerCommit);
    }
  }

  private static StoreCosts inNewDirectory() throws IOException {
    return new StoreCosts(Files.createTempDirectory("store-costs"));
  }

  private SqlStore open() {
    return SqlStore.open(new EmbeddedDatabase(directory, CountingFiles.FILE_SYSTEM), "costs");
  }

  /// Jobs of one task, each created by a commit of its own.
  private void jobs(int count) throws IOException, SQLException {
    var task = TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "work");
    try (var store = open()) {
      var state = new ClusterState(store.cluster(), store.epoch());
      var run = new Run();
      for (var job = 1; job <= count; job++) {
        var created =
            new Event.JobCreated(job, new UUID(2, job), "user", JobDraft.EMPTY.plus(task), run.now);
        state.apply(created);
        store.commit(List.of(created), state);
        run.committed();
      }
      run.print("job, one a commit", count);
    }
  }

  private void ends(int count, int endsPerCommit) throws IOException, SQLException {
    try (var store = open()) {
      var sweep = new SweepRun(store, Math.max(8, endsPerCommit), count);
      var run = new Run();
      var before = sweep.commits();
      while (sweep.end(endsPerCommit)) {
        for (; before < sweep.commits(); before++) {
          run.committed();
        }
      }
      run.print("end, " + endsPerCommit + " a commit", count);
    }
  }

  /// What is counted from its making on.
  private final class Run {
    private final long syncs = CountingFiles.SYNCS.get();
    private final long written = CountingFiles.WRITTEN.get();
    private final long started = System.nanoTime();
    private long now = 1_700_000_000_000_000L;
    private long commits;
    private long most;

    void committed() throws IOException {
      now += 31_415;
      if (++commits % 16 == 0) {
        most = Math.max(most, Files.size(file()));
      }
    }

    void print(String what, int count) throws IOException, SQLException {
      var seconds = (System.nanoTime() - started) / 1e9;
      var madeSyncs = CountingFiles.SYNCS.get() - syncs;
      var madeBytes = CountingFiles.WRITTEN.get() - written;
      var bytes = Files.size(file());
      var live = compacted();
      System.out.printf(
          "%s, %d, %d, %d, %d, %.2f, %.1f, %.0f, %.2f, %d%n",
          what,
          count,
          bytes,
          most,
          live,
          (double) bytes / live,
          (double) bytes / count,
          commits / seconds,
          (double) madeSyncs / commits,
          madeBytes / commits);
    }
  }

  private Path file() {
    return directory.resolve("capataz.mv.db");
  }

  /// The size of a copy of the file without what may be thrown away.
  private long compacted() throws IOException, SQLException {
    var copy = Files.createTempDirectory("compacted").resolve("capataz.mv.db");
    Files.copy(file(), copy);
    var url = "jdbc:h2:" + copy.toString().replace(".mv.db", "");
    try (var connection = DriverManager.getConnection(url, "capataz", "");
        var statement = connection.createStatement()) {
      statement.execute("SHUTDOWN COMPACT");
    }
    var size = Files.size(copy);
    Files.delete(copy);
    return size;
  }
}
