package org.capataz.computenode.keeper;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.capataz.model.AttemptId;
import org.jspecify.annotations.Nullable;

/// Where a node keeps what attempts write to unnamed streams, one folder for each job:
/// `output/JOB/TASK.INSTANCE.NUMBER.out` and `.err`. What the branches of a held attempt write goes
/// to the same, on their node. They can be read while the attempt runs. A file that is missing or
/// empty is a stream to which nothing was written, or that was removed ([OutputRemoval]); of one
/// that grew long, the middle is not kept ([OutputGuard]).
public final class TaskOutput {

  /// The streams that are kept.
  public enum Stream {
    OUT("standard output", "--stdout"),
    ERR("standard error", "--stderr");

    private final String words;
    private final String option;

    Stream(String words, String option) {
      this.words = words;
      this.option = option;
    }

    String words() {
      return words;
    }

    /// What names a file for it.
    String option() {
      return option;
    }

    private String suffix() {
      return this == OUT ? ".out" : ".err";
    }
  }

  /// What is not kept of an output.
  ///
  /// @param bytes how many there were between the place asked for and the piece
  /// @param removedBefore 0, or where nothing of the stream is there: outputs that were last
  ///   written to before this were removed, in microseconds since 1970
  public record Missing(long bytes, long removedBefore) {
    public static final Missing NOTHING = new Missing(0, 0);
  }

  /// A piece of output.
  ///
  /// @param bytes to be read once
  /// @param atEnd whether there is no more so far
  public record Piece(ByteBuffer bytes, boolean atEnd, Missing missing) {}

  private final Path root;

  /// The output of the node whose data is in this directory.
  public TaskOutput(Path dataDirectory) {
    root = dataDirectory.resolve("output");
  }

  Path root() {
    return root;
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

  /// Reads a piece of what an attempt has written.
  ///
  /// @param limit the most bytes to read
  public Piece read(AttemptId attempt, Stream stream, long offset, int limit) throws IOException {
    var path = path(attempt, stream);
    var before = identity(path);
    try (var channel = Files.newByteChannel(path)) {
      var piece = read(channel, () -> Hole.of(path, attempt), offset, limit);
      // An empty file goes on to another attempt (see OutputFiles), and took its name with it then.
      return channel.size() > 0 && before != null && before.equals(identity(path))
          ? piece
          : nothing();
    } catch (NoSuchFileException e) {
      return nothing();
    }
  }

  /// Looks into the note of an output.
  private interface Note {
    Hole read() throws IOException;
  }

  private static Piece read(SeekableByteChannel channel, Note note, long offset, int limit)
      throws IOException {
    var buffer = ByteBuffer.allocate(Math.clamp(channel.size() - offset, 0, limit));
    var start = offset;
    var hole = note.read().within(channel.size());
    if (hole.from() <= start && start < hole.to()) {
      start = hole.to();
    }
    channel.position(start);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    var atEnd = start + buffer.position() >= channel.size();
    // What was let go meanwhile may have been read as zeros.
    hole = note.read().within(channel.size());
    if (start < hole.to() && hole.from() < start + buffer.position()) {
      buffer.position((int) Math.max(0, hole.from() - start));
      start = buffer.position() == 0 ? hole.to() : start;
      atEnd = false;
    }
    return new Piece(buffer.flip(), atEnd, new Missing(start - offset, 0));
  }

  private Piece nothing() throws IOException {
    return new Piece(ByteBuffer.allocate(0), true, new Missing(0, removedBefore()));
  }

  /// Outputs of attempts that have ended, and that were last written to before this, are removed;
  /// in microseconds since 1970, 0 if none were ever.
  long removedBefore() throws IOException {
    try {
      return Long.parseLong(Files.readString(removed()).strip());
    } catch (NoSuchFileException none) {
      return 0;
    } catch (NumberFormatException damaged) {
      throw new IOException("expected a time in " + removed(), damaged);
    }
  }

  void noteRemoval(long beforeMicros) throws IOException {
    var draft = root.resolve("removed.new");
    Files.writeString(draft, Math.max(removedBefore(), beforeMicros) + "\n");
    Files.move(draft, removed(), ATOMIC_MOVE);
  }

  private Path removed() {
    return root.resolve("removed");
  }

  private static @Nullable Object identity(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }
}
