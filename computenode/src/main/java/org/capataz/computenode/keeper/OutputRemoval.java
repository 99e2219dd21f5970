package org.capataz.computenode.keeper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.computenode.process.DiskSpace;
import org.capataz.model.AttemptId;

/// Removes outputs of attempts that have ended, those first that were last written to first, where
/// all of them take more of the disk than they may. One time says what is gone ([TaskOutput]), so
/// that nothing is left of what is removed.
///
/// Thread: one at a time.
final class OutputRemoval {

  /// What a folder takes.
  static final long FOLDER_BYTES = 4096;

  /// How young an output may be and yet be removed. File systems take their time from a clock that
  /// is a little slow.
  private static final long YOUNGEST_MILLIS = 1_000;

  private static final Pattern JOB = Pattern.compile("\\d{1,9}|1\\d{9}|2[01]\\d{8}");

  private final TaskOutput places;
  private final long limit;

  OutputRemoval(TaskOutput places, long limit) {
    this.places = places;
    this.limit = limit;
  }

  /// Looks through all outputs, and removes what is too much.
  ///
  /// @param writing the attempts that may still write, to whose output nothing is done
  /// @param now when that was so
  /// @param deletion deletes the folder of a job, if it is empty and will stay so
  /// @return the bytes of disk that are then taken by what has ended
  long run(Set<AttemptId> writing, Moment now, IntPredicate deletion) throws IOException {
    var open =
        writing.stream()
            .flatMap(
                attempt ->
                    Stream.of(TaskOutput.Stream.values())
                        .map(stream -> places.path(attempt, stream)))
            .collect(Collectors.toSet());
    var ages = new Ages();
    var kept = forEach(open, ages::add);
    if (kept > limit) {
      kept -= deleteFolders(deletion);
    }
    if (kept <= limit) {
      return kept;
    }
    var nowMillis = TimeUnit.MICROSECONDS.toMillis(now.micros());
    // Some more than must be, so that it is not done for every output.
    var before = Math.min(nowMillis - YOUNGEST_MILLIS, ages.endOfOldest(kept - limit + limit / 8));
    places.noteRemoval(TimeUnit.MILLISECONDS.toMicros(before));
    var left =
        forEach(
            open,
            (output, changedMillis, bytes) -> {
              var old = changedMillis < before;
              if (old) {
                Files.deleteIfExists(output);
                Files.deleteIfExists(Hole.noteOf(output));
              }
              return old;
            });
    return left - deleteFolders(deletion);
  }

  /// @return the bytes of disk that they took
  private long deleteFolders(IntPredicate deletion) throws IOException {
    var bytes = 0L;
    try (var folders = Files.newDirectoryStream(places.root())) {
      for (var folder : folders) {
        var name = folder.getFileName().toString();
        if (JOB.matcher(name).matches() && deletion.test(Integer.parseInt(name))) {
          bytes += FOLDER_BYTES;
        }
      }
    }
    return bytes;
  }

  /// What to do with an output of an attempt that has ended.
  private interface Look {
    /// @param bytes of disk
    /// @return whether it is gone
    boolean at(Path output, long changedMillis, long bytes) throws IOException;
  }

  /// @param open outputs to leave out
  /// @return bytes of disk, of the folders and of what is not gone
  private long forEach(Set<Path> open, Look look) throws IOException {
    var sum = 0L;
    if (!Files.exists(places.root())) {
      return sum;
    }
    try (var folders = Files.newDirectoryStream(places.root())) {
      for (var folder : folders) {
        try (var outputs = Files.newDirectoryStream(folder)) {
          sum += FOLDER_BYTES;
          for (var output : outputs) {
            if (!open.contains(output) && !Hole.isNote(output)) {
              sum += look(output, look);
            }
          }
        } catch (NotDirectoryException | NoSuchFileException other) {
          // The note of what was removed, or a folder that has just been.
        }
      }
    }
    return sum;
  }

  private static long look(Path output, Look look) throws IOException {
    try {
      var attributes = Files.readAttributes(output, BasicFileAttributes.class);
      var bytes = DiskSpace.of(output);
      // The empty ones wait for their next attempt (OutputFiles).
      return attributes.size() == 0
              || look.at(output, attributes.lastModifiedTime().toMillis(), bytes)
          ? 0
          : bytes;
    } catch (NoSuchFileException renamed) {
      return 0;
    }
  }

  /// How many bytes are how old: of ever longer times, so that it stays small.
  static final class Ages {

    private static final int MOST = 4096;

    private final TreeMap<Long, Long> bytes = new TreeMap<>();
    private int shift = 6;

    /// Always false, as nothing is gone.
    boolean add(Path output, long changedMillis, long more) {
      add(changedMillis, more);
      return false;
    }

    void add(long changedMillis, long more) {
      bytes.merge(changedMillis >> shift, more, Long::sum);
      while (bytes.size() > MOST) {
        var finer = new TreeMap<>(bytes);
        bytes.clear();
        finer.forEach((time, sum) -> bytes.merge(time >> 1, sum, Long::sum));
        shift++;
      }
    }

    /// The time before which at least so many bytes are, if there are so many.
    long endOfOldest(long wanted) {
      var left = wanted;
      for (var age : bytes.entrySet()) {
        left -= age.getValue();
        if (left <= 0) {
          return (age.getKey() + 1) << shift;
        }
      }
      return Long.MAX_VALUE;
    }
  }
}
