package org.capataz.headnode.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.capataz.wire.PrivateFiles;

/// A copy of a head node's database: one that [Store#copy] made, or the file of a head node that
/// does not run. It is only read.
public final class Backup {

  /// A restored store gives out no id of a job that may have been given out after the backup was
  /// made: it goes on after the next multiple of this.
  private static final int JOBS = 100_000;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Path file;

  public Backup(Path file) {
    this.file = file;
  }

  /// What was restored.
  ///
  /// @param findings of the backup
  /// @param former where the database is that was there before, if there was one
  /// @param lastJob the id after which those of new jobs come
  public record Restored(Findings findings, Optional<Path> former, int lastJob) {}

  /// Looks whether a store can be made of it. Works on a copy in a directory for temporary files.
  ///
  /// @throws IOException if it cannot be copied
  /// @throws StoreException if it is no database, or one of a newer version
  public Findings check() throws IOException {
    var scratch = Files.createTempDirectory("capataz-check-");
    try {
      return open(scratch, Findings::of);
    } finally {
      delete(scratch);
    }
  }

  /// Puts it in the place of a head node's database, which is kept beside it. The head node that
  /// starts on it has a higher epoch than any before, so that nodes obey it and nothing of what
  /// happened since the backup is taken for the present.
  ///
  /// @param database directory of the database
  /// @return what is in place now; if it has problems, nothing was changed
  /// @throws IOException if files cannot be copied or moved
  /// @throws StoreException if it is no database, or the one in its place is in use
  public Restored restore(Path database, Instant now) throws IOException {
    var staging = database.resolveSibling(database.getFileName() + ".restoring");
    delete(staging);
    PrivateFiles.createDirectories(staging);
    try {
      var former = former(database);
      var restored =
          open(
              staging,
              store -> {
                var findings = Findings.of(store);
                var known = former.latest(Past.of(store));
                var lastJob = (known.job() / JOBS + 1) * JOBS;
                store.skipTo(Math.max(known.epoch(), now.getEpochSecond()), lastJob);
                return new Restored(findings, Optional.empty(), lastJob);
              });
      return restored.findings.problems().isEmpty()
          ? swap(staging, database, restored, now)
          : restored;
    } finally {
      delete(staging);
    }
  }

  private static Restored swap(Path staging, Path database, Restored restored, Instant now)
      throws IOException {
    Optional<Path> former = Optional.empty();
    if (Files.exists(database)) {
      var aside = database.resolveSibling(database.getFileName() + ".until-" + STAMP.format(now));
      former = Optional.of(Files.move(database, aside, StandardCopyOption.ATOMIC_MOVE));
    }
    Files.move(staging, database, StandardCopyOption.ATOMIC_MOVE);
    return new Restored(restored.findings, former, restored.lastJob);
  }

  /// How far a store has come: the latest epoch, and the highest id of a job.
  private record Past(long epoch, int job) {
    static final Past UNKNOWN = new Past(0, 0);

    static Past of(Store store) {
      return new Past(store.epoch(), store.load().counters().lastJob());
    }

    Past latest(Past other) {
      return new Past(Math.max(epoch, other.epoch), Math.max(job, other.job));
    }
  }

  /// How far the database has come that is to be replaced.
  ///
  /// @throws StoreException if it is in use
  private static Past former(Path database) {
    try (var store = EmbeddedDatabase.reopen(database)) {
      return Past.of(store);
    } catch (StoreException unusable) {
      if (unusable.isInUse()) {
        throw unusable;
      }
      // Gone or damaged: the very reason to restore.
      return Past.UNKNOWN;
    }
  }

  private interface Work<T> {
    T on(SqlStore store);
  }

  private <T> T open(Path directory, Work<T> work) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "expected a backup, which capataz head backup makes, but there is no file " + file);
    }
    if (Files.size(file) == 0) {
      throw new IOException("expected a backup, but " + file + " is empty");
    }
    Files.copy(file, directory.resolve(EmbeddedDatabase.FILE));
    try (var store = (SqlStore) EmbeddedDatabase.open(directory, "")) {
      return work.on(store);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (var files = Files.newDirectoryStream(directory)) {
        for (var each : files) {
          Files.delete(each);
        }
      }
      Files.delete(directory);
    }
  }
}
