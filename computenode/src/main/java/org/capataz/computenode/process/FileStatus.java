package org.capataz.computenode.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import org.capataz.computenode.process.Linux.Call;

/// What `statx` says of a path, links followed.
///
/// @param errno 0, or why there is no answer
/// @param allocated bytes of disk
record FileStatus(int errno, int mode, long size, long allocated) {

  private static final int STATX_BYTES = 256;
  private static final int STATX_TYPE_MODE_SIZE_BLOCKS = 0x603;
  private static final int BLOCK = 512;
  private static final int FORMAT = 0170000;

  static FileStatus of(String path) {
    try (var arena = Arena.ofConfined()) {
      var status = arena.allocate(STATX_BYTES, 8);
      var result =
          Linux.call(
              Call.STATX,
              Linux.AT_FDCWD,
              arena.allocateFrom(path).address(),
              0,
              STATX_TYPE_MODE_SIZE_BLOCKS,
              status.address());
      return result < 0
          ? new FileStatus((int) -result, 0, 0, 0)
          : new FileStatus(
              0,
              status.get(JAVA_SHORT, 28) & 0xFFFF,
              status.get(JAVA_LONG, 40),
              status.get(JAVA_LONG, 48) * BLOCK);
    }
  }

  boolean exists() {
    return errno == 0;
  }

  boolean isRegularFile() {
    return (mode & FORMAT) == 0100000;
  }

  boolean isDirectory() {
    return (mode & FORMAT) == 0040000;
  }

  boolean isNamedPipe() {
    return (mode & FORMAT) == 0010000;
  }
}
