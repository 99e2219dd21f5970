package org.capataz.computenode.agent;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// What the agent keeps in the node's data directory: who the node is, and the latest start of the
/// head node that it obeyed.
///
/// A file that is there and cannot be read is an error and not a new beginning: a node with another
/// UUID would be refused its own name, and one that forgot the epoch would obey a head node that
/// was replaced.
final class NodeDirectory {

  private final Path directory;

  NodeDirectory(Path directory) {
    this.directory = directory;
  }

  /// The node's UUID, made at the first start.
  ///
  /// @param fresh the one to keep if there is none yet
  UUID node(UUID fresh) throws IOException {
    var file = directory.resolve("node-id");
    var text = read(file);
    if (text.isEmpty()) {
      write(file, fresh.toString());
      return fresh;
    }
    try {
      return UUID.fromString(text.get());
    } catch (IllegalArgumentException damaged) {
      throw new IOException("expected a UUID in " + file + ", but it is damaged", damaged);
    }
  }

  /// The highest epoch seen, or nothing before the first.
  Optional<ClusterEpoch> seen() throws IOException {
    var file = directory.resolve("cluster");
    var text = read(file);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var words = text.get().split(" ", -1);
    try {
      return Optional.of(new ClusterEpoch(UUID.fromString(words[0]), Long.parseLong(words[1])));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException damaged) {
      throw new IOException(
          "expected a cluster's UUID and an epoch in " + file + ", but it is damaged", damaged);
    }
  }

  /// Keeps the epoch; it is on disk when this returns.
  void keep(ClusterEpoch seen) throws IOException {
    write(directory.resolve("cluster"), seen.cluster() + " " + seen.epoch());
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException first) {
      return Optional.empty();
    }
  }

  private void write(Path file, String text) throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    try (var channel = FileChannel.open(draft, CREATE, WRITE, TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(draft, file, ATOMIC_MOVE);
    try (var entries = FileChannel.open(directory)) {
      entries.force(true);
    }
  }
}
