package org.capataz.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.model.JobDraft;

/// Many submits at once, over one connection.
final class Submissions {

  private static final int AT_ONCE = 200;

  private Submissions() {}

  /// Submits a job so many times; all are stored when this returns.
  static List<Job> submit(Cluster cluster, int count, JobDraft draft) {
    var room = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var submitted =
          IntStream.range(0, count)
              .mapToObj(
                  i -> {
                    room.acquireUninterruptibly();
                    return CompletableFuture.supplyAsync(() -> cluster.submit(draft), threads)
                        .whenComplete((job, failure) -> room.release());
                  })
              .toList();
      return submitted.stream().map(CompletableFuture::join).toList();
    }
  }
}
