package org.capataz.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.capataz.client.Job;
import org.capataz.client.StandardStream;
import org.capataz.model.InstanceId;

/// Copies what an instance writes.
///
/// @param follow whether to wait for its start and stay until its end; else what there is so far
public record Relay(Job job, InstanceId instance, boolean follow) {

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
    try (var in = open(route.from())) {
      var chunk = new byte[CHUNK];
      for (var length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        route.to().write(chunk, 0, length);
        if (route.to().checkError()) {
          throw new IOException("expected a reader of the output, but it has gone");
        }
      }
    }
  }

  private InputStream open(StandardStream stream) {
    return follow
        ? job.follow(instance.task(), instance.instance(), stream)
        : job.output(instance.task(), instance.instance(), stream);
  }
}
