package org.capataz.cli.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.JobState;

/// The private folder of a run: database, logs, what the tasks wrote, and which job was the last
/// one. Held by one process at a time.
public final class RunFolder implements AutoCloseable {

  private static final int SIBLINGS = 100;
  private static final int HASH_DIGITS = 8;

  /// The last job that was run in a folder.
  ///
  /// @param end how it ended; empty if its run went away before that
  public record LastJob(int id, Optional<JobState> end) {}

  private final Path path;
  private final FileChannel lock;
  private boolean chosen;

  private RunFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Takes the folder that somebody chose.
  ///
  /// @throws CapatazException if another run uses it
  public static RunFolder at(Path chosen) throws IOException {
    var folder =
        tryAt(chosen)
            .orElseThrow(
                () ->
                    new CapatazException(
                        Code.REFUSED,
                        "expected a data folder that no other run uses, but one uses "
                            + chosen
                            + "; choose another with --data"));
    folder.chosen = true;
    return folder;
  }

  /// Takes the folder for runs started in a directory; a second run there at the same time gets a
  /// folder beside it.
  ///
  /// @param runs where the folders of all directories are
  public static RunFolder of(Path directory, Path runs) throws IOException {
    for (var number = 1; number <= SIBLINGS; number++) {
      var folder = tryAt(candidate(directory, runs, number));
      if (folder.isPresent()) {
        return folder.get();
      }
    }
    throw new CapatazException(
        Code.REFUSED,
        "expected fewer than "
            + SIBLINGS
            + " runs at a time in "
            + directory
            + ", but there are as many; choose a folder with --data");
  }

  /// Takes the folder of the last run that was started in a directory and is over.
  ///
  /// @throws CapatazException if there is none
  public static RunFolder ofLastRun(Path directory, Path runs) throws IOException {
    var candidates = new ArrayList<Path>();
    for (var number = 1; number <= SIBLINGS; number++) {
      var candidate = candidate(directory, runs, number);
      if (Files.exists(record(candidate))) {
        candidates.add(candidate);
      }
    }
    candidates.sort(Comparator.comparing(RunFolder::lastUse).reversed());
    for (var candidate : candidates) {
      var folder = tryAt(candidate);
      if (folder.isPresent()) {
        return folder.get();
      }
    }
    throw nothingToResume(directory);
  }

  private static CapatazException nothingToResume(Path where) {
    return new CapatazException(
        Code.NOT_FOUND, "expected an earlier run to resume, but none was started in " + where);
  }

  private static Path candidate(Path directory, Path runs, int number) {
    var name = directory.getFileName() == null ? "root" : directory.getFileName().toString();
    return runs.resolve(name + "-" + hash(directory) + (number == 1 ? "" : "-" + number));
  }

  private static String hash(Path directory) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(directory.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static FileTime lastUse(Path folder) {
    try {
      return Files.getLastModifiedTime(record(folder));
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  private static Optional<RunFolder> tryAt(Path path) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var channel =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(new RunFolder(path.toAbsolutePath(), channel));
      }
    } catch (OverlappingFileLockException ours) {
      // Held by another run in this process.
    }
    channel.close();
    return Optional.empty();
  }

  public Path path() {
    return path;
  }

  /// What runs again what did not finish here.
  public String resumption() {
    return "'capataz run --resume" + (chosen ? " --data " + path : "") + "'";
  }

  /// The last job that was run here.
  public Optional<LastJob> lastJob() throws IOException {
    var record = record(path);
    if (!Files.exists(record)) {
      return Optional.empty();
    }
    var words = Files.readString(record).strip().split(" ", 2);
    try {
      return Optional.of(
          new LastJob(
              Integer.parseInt(words[0]),
              words.length > 1 ? JobState.parse(words[1]) : Optional.empty()));
    } catch (NumberFormatException damaged) {
      return Optional.empty();
    }
  }

  /// The last job that was run here.
  ///
  /// @throws CapatazException if there is none
  public LastJob lastJobToResume() throws IOException {
    return lastJob().orElseThrow(() -> nothingToResume(path));
  }

  /// Remembers that a job has been submitted.
  public void started(int job) throws IOException {
    write(Integer.toString(job));
  }

  /// Remembers that it has ended.
  public void ended(int job, JobState state) throws IOException {
    write(job + " " + state);
  }

  private void write(String text) throws IOException {
    var next = path.resolve("job.next");
    Files.writeString(next, text + "\n");
    Files.move(next, record(path), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path record(Path folder) {
    return folder.resolve("job");
  }

  /// Leaves the folder to the next run.
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
