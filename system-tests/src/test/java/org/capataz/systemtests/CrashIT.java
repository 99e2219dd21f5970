package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;
import org.capataz.client.JobFilter;
import org.capataz.client.JobStatus;
import org.capataz.model.JobDraft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What was acknowledged is there after the head node was killed, at any instant and under load.
///
/// The property `capataz.kills` says how often it is killed, `capataz.seed` when.
final class CrashIT {

  private static final int CLIENTS = 8;
  private static final int KILLS = Integer.getInteger("capataz.kills", 6);

  /// Submits between two kills, at most.
  private static final int MOST_SUBMITS = 60;

  @RegisterExtension private final Site site = new Site();

  /// Ids that clients received, by the request id, which is also the name of the job.
  private final Map<UUID, Integer> received = new ConcurrentHashMap<>();

  /// How many ids each client received.
  private final AtomicIntegerArray answers = new AtomicIntegerArray(CLIENTS);

  private volatile boolean submitting = true;

  @Test
  void everyIdReceivedExistsAfterTheHeadNodeWasKilledAndNoneTwice() throws Exception {
    var seed = Long.getLong("capataz.seed", new Random().nextLong());
    System.out.println(KILLS + " kills, capataz.seed=" + seed);
    var random = new Random(seed);
    var head = site.head();
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      var work =
          IntStream.range(0, CLIENTS)
              .mapToObj(client -> clients.submit(() -> submit(head, client)))
              .toList();
      try (var cluster = head.connect()) {
        for (var i = 0; i < KILLS; i++) {
          awaitSubmits(1 + random.nextInt(MOST_SUBMITS), work);
          LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(20)));
          head.kill();
          var before = Map.copyOf(received);
          head.startAgain();
          check(cluster, before);
        }
      } finally {
        submitting = false;
      }
      for (var client : work) {
        client.get();
      }
    }
    try (var cluster = head.connect()) {
      check(cluster, received);
      received.forEach(
          (request, id) ->
              assertThat(cluster.submit(named(request), request).id())
                  .as("a repeat of request %s", request)
                  .isEqualTo(id));
      check(cluster, received);
    }
    System.out.println(received.size() + " submits were acknowledged; none is lost or double");
  }

  /// One client: submits, and submits the same again, until it is told to stop.
  private Void submit(HeadProcess head, int client) {
    try (var cluster = head.connect()) {
      while (submitting) {
        var request = UUID.randomUUID();
        var id = cluster.submit(named(request), request).id();
        received.put(request, id);
        answers.incrementAndGet(client);
        assertThat(cluster.submit(named(request), request).id()).isEqualTo(id);
      }
      return null;
    }
  }

  private static JobDraft named(UUID request) {
    return JobBuilder.named(request.toString()).task(t -> t.command("/bin/true")).build();
  }

  /// Waits until every client has been answered, and so many requests more.
  private void awaitSubmits(int more, List<Future<Void>> clients) {
    var before = IntStream.range(0, CLIENTS).map(answers::get).toArray();
    BooleanSupplier isOver = () -> clients.stream().anyMatch(Future::isDone);
    Patience.until(
        "an answer for each client",
        () ->
            isOver.getAsBoolean()
                || IntStream.range(0, CLIENTS).allMatch(i -> answers.get(i) > before[i]));
    var goal = received.size() + more;
    Patience.until(more + " submits", () -> isOver.getAsBoolean() || received.size() >= goal);
  }

  /// Every job received is there under its id, and no job is there twice.
  private static void check(Cluster cluster, Map<UUID, Integer> received) {
    var ids = new HashMap<String, List<Integer>>();
    try (Stream<JobStatus> jobs = cluster.jobs(JobFilter.all())) {
      jobs.forEach(job -> ids.computeIfAbsent(job.name(), _ -> new ArrayList<>()).add(job.id()));
    }
    assertThat(ids.values()).as("jobs of one request").allMatch(jobs -> jobs.size() == 1);
    received.forEach(
        (request, id) ->
            assertThat(ids.get(request.toString()))
                .as("jobs of the acknowledged request %s", request)
                .containsExactly(id));
  }

  /// Otherwise the test above could see nothing, and pass.
  @Test
  void aDatabaseThatForgotASubmitIsNoticed() throws Exception {
    var head = site.head();
    var earlier = site.folder().resolve("earlier");
    try (var cluster = head.connect()) {
      receive(cluster);
      head.kill();
      copy(head.data().resolve("db"), earlier);
      head.startAgain();
      receive(cluster);
      check(cluster, received);

      head.kill();
      Site.delete(head.data().resolve("db"));
      copy(earlier, head.data().resolve("db"));
      head.startAgain();

      assertThatThrownBy(() -> check(cluster, received)).isInstanceOf(AssertionError.class);
    }
  }

  private void receive(Cluster cluster) {
    var request = UUID.randomUUID();
    received.put(request, cluster.submit(named(request), request).id());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
