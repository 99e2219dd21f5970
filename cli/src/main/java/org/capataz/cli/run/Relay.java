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
  /// @throws IOException if the head node fails to answer, or nobody reads our stream any more
  public void copy(List<Route> routes) throws IOException, InterruptedException {
    if (!follow || routes.size() == 1) {
      for (var route : routes) {
        copy(route);
      }
      return;
    }
    var copies = routes.stream().map(this::start).toArray(CompletableFuture<?>[]::new);
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
      CompletableFuture.anyOf(firstFailure, CompletableFuture.allOf(copies)).get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException(failed.getCause());
    }
  }

  private CompletableFuture<Void> start(Route route) {
    var done = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                copy(route);
                done.complete(null);
              } catch (IOException | RuntimeException failure) {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  private void copy(Route route) throws IOException {
    var lastByte = new byte[] {'\n'};
    try (var in = open(route.from(), missing -> notice(route, missing, lastByte[0] == '\n'))) {
      var chunk = new byte[CHUNK];
      for (var length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        route.to().write(chunk, 0, length);
        lastByte[0] = chunk[length - 1];
        if (route.to().checkError()) {
          throw new IOException("expected a reader of the output, but it has gone");
        }
      }
    }
  }

  private InputStream open(StandardStream stream, Consumer<MissingOutput> missing) {
    return follow
        ? job.follow(instance.task(), instance.instance(), stream, missing)
        : job.output(instance.task(), instance.instance(), stream, missing);
  }

  /// One line in the place of what was not kept, but never among the data.
  private void notice(Route route, MissingOutput missing, boolean atLineStart) {
    route.to().flush();
    var option = route.from() == StandardStream.ERROR ? "--stderr" : "--stdout";
    var text =
        switch (missing) {
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
    notices.println((atLineStart ? "" : System.lineSeparator()) + text);
  }
}
