package org.capataz.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var copies = routes.stream().map(route -> threads.submit(asTask(route))).toList();
      for (var copy : copies) {
        copy.get();
      }
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken
          ? broken
          : new IOException(failed.getCause());
    }
  }

  private Callable<Void> asTask(Route route) {
    return () -> {
      copy(route);
      return null;
    };
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
