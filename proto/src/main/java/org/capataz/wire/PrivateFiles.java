package org.capataz.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.capataz.model.Result;

/// Files that nobody but their owner may read: keys and tokens, which are small, and backups.
public final class PrivateFiles {

  private static final int MOST_BYTES = 64 * 1024;
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private PrivateFiles() {}

  /// Creates a directory for them, and those above it, with mode 0700; leaves what exists as it is.
  public static void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
  }

  /// What to write.
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Writes a file of mode 0600 that is there as a whole or not at all, whatever happens meanwhile,
  /// and durable when this returns. The directory must exist.
  public static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  /// Writes a file, as [#write(Path, byte[])] does, of any length.
  public static void write(Path file, Content content) throws IOException {
    var directory = file.toAbsolutePath().getParent();
    var draft =
        Files.createTempFile(
            directory,
            "." + file.getFileName(),
            "",
            PosixFilePermissions.asFileAttribute(OWNER_FILE));
    try {
      try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        content.writeTo(Channels.newOutputStream(channel));
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    try (var names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /// Reads a file, refused if it is not a file of a reasonable size or if others than its owner may
  /// read or change it.
  public static Result<byte[]> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Result.invalid("expected a file, but " + file + " is none");
    }
    var permissions = Files.getPosixFilePermissions(file);
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      return Result.invalid(
          "expected that nobody but its owner may read "
              + file
              + ", but its mode is "
              + PosixFilePermissions.toString(permissions)
              + "; run chmod 600 "
              + file
              + ", and make a new token if others may have read it");
    }
    if (Files.size(file) > MOST_BYTES) {
      return Result.invalid("expected a small file, but " + file + " is large");
    }
    return Result.ok(Files.readAllBytes(file));
  }
}
