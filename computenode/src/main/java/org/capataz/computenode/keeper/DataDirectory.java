package org.capataz.computenode.keeper;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A node's own directory, readable by nobody else, and held by one keeper at a time. Should be on
/// a local disk.
public final class DataDirectory implements AutoCloseable {

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Makes the directory if it is missing, and takes hold of it. The kernel lets go of it with this
  /// process, however that ends.
  ///
  /// @throws IOException if it cannot be made, or another keeper holds it; one line for the
  ///   administrator
  public static DataDirectory open(Path path) throws IOException {
    var absolute = path.toAbsolutePath().normalize();
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(absolute, ownerOnly);
    var lock = FileChannel.open(absolute.resolve("lock"), Set.of(CREATE, WRITE));
    if (lock.tryLock() == null) {
      lock.close();
      throw new IOException(
          "expected a data directory of this node's own, but another node runs on "
              + absolute
              + " (--data names another)");
    }
    return new DataDirectory(absolute, lock);
  }

  /// Absolute.
  public Path path() {
    return path;
  }

  Path spool() {
    return path.resolve("spool");
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
