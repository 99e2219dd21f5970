package org.capataz.computenode.keeper;

import java.io.File;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.capataz.model.AttemptId;

/// Makes the files behind [TaskOutput]. A file to which nothing was written is renamed for a later
/// attempt rather than deleted: most tasks are silent, and a file system that has just freed many
/// inodes is slow to make the next (ext4 walks past them one by one).
///
/// Thread-safe.
final class OutputFiles {

  private final TaskOutput places;
  private final ConcurrentLinkedQueue<File> empty = new ConcurrentLinkedQueue<>();
  private final AtomicInteger folders = new AtomicInteger();

  OutputFiles(TaskOutput places) {
    this.places = places;
  }

  /// The path that an attempt's process is to open for writing, and to make if it is missing.
  String prepare(AttemptId attempt, TaskOutput.Stream stream) {
    var file = places.path(attempt, stream).toFile();
    folder(attempt);
    var reused = empty.poll();
    if (reused != null) {
      // If this fails, the process makes a new one.
      reused.renameTo(file);
    }
    return file.getPath();
  }

  private void folder(AttemptId attempt) {
    var folder = places.folder(attempt.instance().job()).toFile();
    if (!folder.isDirectory()) {
      // If this fails, so does the start, and says why.
      if (folder.mkdirs()) {
        folders.incrementAndGet();
      }
    }
  }

  /// As [#prepare], for one of several processes of an attempt that share the file.
  String share(AttemptId attempt, TaskOutput.Stream stream) {
    var file = places.path(attempt, stream).toFile();
    return file.exists() ? file.getPath() : prepare(attempt, stream);
  }

  /// Takes back the file of an attempt that is over, if it is still empty.
  ///
  /// @param writable whether somebody may still write to it
  /// @return its length
  long release(AttemptId attempt, TaskOutput.Stream stream, boolean writable) {
    var file = places.path(attempt, stream).toFile();
    var length = file.length();
    if (length == 0 && !writable) {
      empty.add(file);
    }
    return length;
  }

  /// How many folders were made since this was asked last.
  int takeFolders() {
    return folders.get() == 0 ? 0 : folders.getAndSet(0);
  }

  /// Deletes what is left empty.
  void close() {
    for (var file = empty.poll(); file != null; file = empty.poll()) {
      file.delete();
    }
  }
}
