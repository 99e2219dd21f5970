package org.capataz.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.capataz.client.Job;
import org.capataz.client.MissingOutput;
import org.capataz.client.StandardStream;
import org.capataz.model.InstanceId;

/// Copies what an instance writes.
///
/// @param follow whether to wait for its start and stay until its end; else what there is so far
/// @param notices where to say what was not kept
public record Relay(Job job, InstanceId instance, boolean follow, PrintStream notices) {

  private static final int CHUNK = 1 << 16;

  /// From one stream of the instance to one of ours.
  public record Route(StandardStream from, PrintStream to) {}

  /// Copies along all routes, at the same time where it follows. What comes is written at once.
  ///
  /// @return how many bytes came, or were left out
  /// @throws IOException if the head node fails to answer, or nobody reads our stream any more
  public long copy(List<Route> routes) throws IOException, InterruptedException {
    if (!follow || routes.size() == 1) {
      var bytes = 0L;
      for (var route : routes) {
        bytes += copy(route);
      }
      return bytes;
    }
    var copies = routes.stream().map(this::start).toList();
    var firstFailure = new CompletableFuture<Object>();
    for (var copy : copies) {
      var _ =
          copy.whenComplete(
              (_, failure) -> {
                if (failure != null) {
                  firstFailure.completeExceptionally(failure);
                }
              });
    }
    try {
      // The other copy may go on for as long as the task does; it ends with the connection.
      var all = CompletableFuture.allOf(copies.toArray(CompletableFuture<?>[]::new));
      CompletableFuture.anyOf(firstFailure, all).get();
      return copies.stream().mapToLong(CompletableFuture::join).sum();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException(failed.getCause());
    }
  }

  private CompletableFuture<Long> start(Route route) {
    var done = new CompletableFuture<Long>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                done.complete(copy(route));
              } catch (IOException | RuntimeException failure) {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  private long copy(Route route) throws IOException {
    var lastByte = new byte[] {'\n'};
    var bytes = new long[1];
    try (var in =
        open(route.from(), missing -> bytes[0] += notice(route, missing, lastByte[0] == '\n'))) {
      var chunk = new byte[CHUNK];
      for (var length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        route.to().write(chunk, 0, length);
        lastByte[0] = chunk[length - 1];
        bytes[0] += length;
        if (route.to().checkError()) {
          throw new IOException("expected a reader of the output, but it has gone");
        }
      }
    }
    return bytes[0];
  }

  private InputStream open(StandardStream stream, Consumer<MissingOutput> missing) {
    return follow
        ? job.follow(instance.task(), instance.instance(), stream, missing)
        : job.output(instance.task(), instance.instance(), stream, missing);
  }

  /// One line in the place of what was not kept, but never among the data.
  ///
  /// @return how many bytes it stands for, at least
  private long notice(Route route, MissingOutput missing, boolean atLineStart) {
    route.to().flush();
    var option = route.from() == StandardStream.ERROR ? "--stderr" : "--stdout";
    notices.println((atLineStart ? "" : System.lineSeparator()) + text(missing, option));
    return missing instanceof MissingOutput.Part(var _, var bytes) ? bytes : 1;
  }

  private static String text(MissingOutput missing, String option) {
    return switch (missing) {
      case MissingOutput.Part(var _, var bytes) ->
          String.format(
              Locale.ROOT,
              "[… %,d bytes left out: a node keeps the head and the tail of long output;"
                  + " %s FILE keeps all …]",
              bytes,
              option);
      case MissingOutput.Removed(var before) ->
          "[… nothing kept: output last written before "
              + before.truncatedTo(ChronoUnit.SECONDS)
              + " was removed, by the node's --keep-output …]";
    };
  }
}
