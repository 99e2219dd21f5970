package org.capataz.computenode.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.capataz.computenode.process.Linux.Call;

/// The disk under files.
public final class DiskSpace {

  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;

  private DiskSpace() {}

  /// Bytes of disk that a file takes: fewer than its length where it has holes, and 0 where there
  /// is no file.
  public static long of(Path file) {
    return FileStatus.of(file.toString()).allocated();
  }

  /// Gives back the disk under a part of a file, which is zeros from then on. The file's length
  /// stays, and whoever writes to the file goes on undisturbed.
  ///
  /// @param from the first byte of a block
  /// @param to the first byte of a later block
  /// @throws IOException if the file system cannot do that; its message says why in few words
  public static void free(Path file, long from, long to) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var path = arena.allocateFrom(file.toString()).address();
      var fd =
          done(Linux.call(Call.OPENAT, Linux.AT_FDCWD, path, Linux.O_WRONLY | Linux.O_CLOEXEC));
      try {
        long result;
        do {
          result = Linux.call(Call.FALLOCATE, fd, PUNCH_HOLE | KEEP_SIZE, from, to - from);
        } while (result == -Linux.EINTR);
        done(result);
      } finally {
        Linux.call(Call.CLOSE, fd);
      }
    }
  }

  private static long done(long result) throws IOException {
    if (result < 0) {
      throw new IOException(Linux.describe((int) -result));
    }
    return result;
  }
}
