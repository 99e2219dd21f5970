package org.capataz.computenode.keeper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.capataz.model.AttemptId;
import org.jspecify.annotations.Nullable;

/// Where a node keeps what attempts write to unnamed streams, one folder for each job:
/// `output/JOB/TASK.INSTANCE.NUMBER.out` and `.err`. They can be read while the attempt runs. A
/// file that is missing or empty is a stream to which nothing was written.
public final class TaskOutput {

  /// The streams that are kept.
  public enum Stream {
    OUT,
    ERR;

    private String suffix() {
      return this == OUT ? ".out" : ".err";
    }
  }

  /// A piece of output.
  ///
  /// @param bytes to be read once
  /// @param atEnd whether there is no more so far
  public record Piece(ByteBuffer bytes, boolean atEnd) {}

  private final Path root;

  /// The output of the node whose data is in this directory.
  public TaskOutput(Path dataDirectory) {
    root = dataDirectory.resolve("output");
  }

  /// The folder of a job, which may be deleted when the job is.
  public Path folder(int job) {
    return root.resolve(Integer.toString(job));
  }

  Path path(AttemptId attempt, Stream stream) {
    var instance = attempt.instance();
    return folder(instance.job())
        .resolve(
            instance.task() + "." + instance.instance() + "." + attempt.number() + stream.suffix());
  }

  /// Of a branch, on the node where it runs: `TASK.INSTANCE.NUMBER.NAME.out` and `.err`.
  Path path(BranchId branch, Stream stream) {
    var instance = branch.attempt().instance();
    return folder(instance.job())
        .resolve(
            instance.task()
                + "."
                + instance.instance()
                + "."
                + branch.attempt().number()
                + "."
                + branch.name()
                + stream.suffix());
  }

  /// Reads a piece of what an attempt has written.
  ///
  /// @param limit the most bytes to read
  public Piece read(AttemptId attempt, Stream stream, long offset, int limit) throws IOException {
    var path = path(attempt, stream);
    var before = identity(path);
    try (var channel = Files.newByteChannel(path)) {
      var buffer = ByteBuffer.allocate(Math.clamp(channel.size() - offset, 0, limit));
      channel.position(offset);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      var atEnd = offset + buffer.position() >= channel.size();
      var piece = new Piece(buffer.flip(), atEnd);
      // An empty file goes on to another attempt (see OutputFiles), and took its name with it then.
      return before != null && before.equals(identity(path)) ? piece : nothing();
    } catch (NoSuchFileException e) {
      return nothing();
    }
  }

  private static Piece nothing() {
    return new Piece(ByteBuffer.allocate(0), true);
  }

  private static @Nullable Object identity(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }
}
