package org.capataz.computenode.agent;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.capataz.computenode.keeper.TaskOutput;
import org.capataz.model.Text;

/// Reads what tasks wrote, for people who ask the head node for it.
///
/// Tasks run as the same user as the agent, so a task could show whatever the agent can read. What
/// this guards is what a *path* can do that its task could not: lead to the agent itself
/// (`/proc/self`) or into the node's state, through `..` or a symbolic link, or hold the agent up
/// at a pipe or a device. A path is therefore judged after its links are followed, and what was
/// judged is what is opened.
final class OutputReader implements AutoCloseable {

  /// Bytes in one answer.
  static final int LIMIT = 256 * 1024;

  private static final int THREADS = 2;
  private static final int WAITING = 64;

  /// File systems whose files are views of the kernel's and of other processes' memory.
  private static final List<Path> KERNEL =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

  private final TaskOutput kept;
  private final Executions executions;
  private final Path data;
  private final ThreadPoolExecutor readers =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("output-", 0).factory());

  /// @param executions knows where paths begin
  /// @param data the node's own directory, where no user's path may lead
  OutputReader(Executions executions, Path data) {
    this.kept = new TaskOutput(data);
    this.executions = executions;
    this.data = data;
    readers.allowCoreThreadTimeOut(true);
  }

  /// Reads and answers, later. Does not wait.
  ///
  /// @param answers takes one piece. Thread: any
  void read(OutputQuery query, Consumer<OutputPiece> answers) {
    try {
      readers.execute(() -> answers.accept(answer(query)));
    } catch (RejectedExecutionException busy) {
      answers.accept(
          OutputPiece.refused(
              query.id(), "expected fewer questions at once, but " + WAITING + " are waiting"));
    }
  }

  OutputPiece answer(OutputQuery query) {
    try {
      return query.path().isEmpty() ? kept(query) : named(query);
    } catch (NoSuchFileException missing) {
      return OutputPiece.refused(
          query.id(),
          "expected output in " + Text.shown(missing.getFile()) + ", but there is no such file");
    } catch (IOException | InvalidPathException failure) {
      return OutputPiece.refused(
          query.id(), "expected readable output, but got " + Text.shown(failure.toString()));
    }
  }

  private OutputPiece kept(OutputQuery query) throws IOException {
    var piece = kept.read(query.attempt(), query.stream(), offset(query), limit(query));
    return new OutputPiece(
        query.id(), piece.missing(), ByteString.copyFrom(piece.bytes()), piece.atEnd(), "");
  }

  private OutputPiece named(OutputQuery query) throws IOException {
    var directory = executions.directory(query.workDirectory());
    var file = Path.of(Executions.resolve(directory, query.path())).toRealPath();
    if (file.startsWith(data.toRealPath()) || KERNEL.stream().anyMatch(file::startsWith)) {
      return OutputPiece.refused(
          query.id(), "expected a task's output, but " + Text.shown(file + "") + " cannot be any");
    }
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
      return OutputPiece.refused(
          query.id(), "expected a file, but " + Text.shown(file + "") + " is something else");
    }
    try (var channel = FileChannel.open(file, Set.of(READ, NOFOLLOW_LINKS))) {
      var left = Math.max(0, channel.size() - offset(query));
      var bytes = ByteBuffer.allocate((int) Math.min(left, limit(query)));
      while (bytes.hasRemaining() && channel.read(bytes, offset(query) + bytes.position()) >= 0) {}
      var data = ByteString.copyFrom(bytes.flip());
      return new OutputPiece(query.id(), TaskOutput.Missing.NOTHING, data, data.size() >= left, "");
    }
  }

  private static long offset(OutputQuery query) {
    return Math.max(0, query.offset());
  }

  private static int limit(OutputQuery query) {
    return Math.clamp(query.limit(), 0, LIMIT);
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
