package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;

/// What the tests do in an agent's place: they send requests, and wait for reports.
final class Agent {

  private static final UUID CLUSTER = UUID.randomUUID();
  private static final int PATIENCE_SECONDS = 120;

  /// Where requests go.
  interface Requests {
    void send(Request request) throws IOException;
  }

  private final Path directory;
  private final Requests requests;
  private final LinkedBlockingQueue<Report> reports;
  private final List<Report> seen = new ArrayList<>();

  Agent(Path directory, Requests requests, LinkedBlockingQueue<Report> reports) {
    this.directory = directory;
    this.requests = requests;
    this.reports = reports;
  }

  static AttemptId attempt(int instance) {
    return new AttemptId(CLUSTER, 1, new InstanceId(1, 1, instance), 1);
  }

  /// A script that runs in the tests' directory, with unnamed output.
  Execution script(String script) {
    return script(script, new Execution.Limits(0, 10_000));
  }

  Execution script(String script, Execution.Limits limits) {
    return new Execution(
        List.of("/bin/sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin"),
        directory.toString(),
        Execution.Streams.UNNAMED,
        limits);
  }

  AttemptId start(int instance, String script) throws IOException {
    return start(instance, script(script));
  }

  AttemptId start(int instance, Execution execution) throws IOException {
    requests.send(new Request.Start(attempt(instance), execution));
    return attempt(instance);
  }

  void stop(AttemptId attempt, long graceMillis) throws IOException {
    requests.send(new Request.Stop(attempt, EndReason.CANCELED, "", graceMillis));
  }

  void acknowledge(AttemptId... attempts) throws IOException {
    requests.send(new Request.Acknowledge(List.of(attempts)));
  }

  /// The attempts that the keeper knows, by their last report.
  Map<AttemptId, Report.OfAttempt> inventory() throws IOException, InterruptedException {
    requests.send(new Request.ListAttempts());
    var inventory = await(Report.Inventory.class, _ -> true);
    var attempts = new HashMap<AttemptId, Report.OfAttempt>();
    inventory.attempts().forEach(report -> attempts.put(report.attempt(), report));
    return attempts;
  }

  Report.Ended end(AttemptId attempt) throws InterruptedException {
    return await(Report.Ended.class, ended -> ended.attempt().equals(attempt));
  }

  Report.Running running(AttemptId attempt) throws InterruptedException {
    return await(Report.Running.class, running -> running.attempt().equals(attempt));
  }

  /// Waits for a report, which may have come already.
  <R extends Report> R await(Class<R> type, Predicate<R> wanted) throws InterruptedException {
    var next = 0;
    while (true) {
      for (; next < seen.size(); next++) {
        if (type.isInstance(seen.get(next)) && wanted.test(type.cast(seen.get(next)))) {
          return type.cast(seen.remove(next));
        }
      }
      var report = reports.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(report).as("awaited %s; came %s", type.getSimpleName(), seen).isNotNull();
      seen.add(report);
    }
  }
}
