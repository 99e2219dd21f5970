package org.capataz.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;

/// From submit to the start of the task, on an idle cluster.
final class Latency {

  private static final int JOBS = 100;
  private static final int HELD = 100_000;
  private static final int STARTS = 300;

  private Latency() {}

  static List<Figure> measure(Bench bench) throws IOException, InterruptedException {
    var spawn = bench.compile("spawn").toString();
    try (var site = bench.site(Map.of());
        var cluster = site.connect()) {
      var _ = site.node(8);
      while (cluster.nodes().isEmpty()) {
        Thread.sleep(50);
      }
      var _ = starts(cluster, 3 * JOBS);
      var figures = new ArrayList<Figure>();
      figures.add(figure(bench, cluster, spawn, "an idle cluster"));
      Submissions.submit(
          cluster,
          HELD,
          JobBuilder.named("held")
              .holdUntil(Instant.now().plus(Duration.ofDays(1)))
              .task(task -> task.command("/bin/true"))
              .build());
      figures.add(figure(bench, cluster, spawn, "%,d jobs held".formatted(HELD)));
      return figures;
    }
  }

  private static Figure figure(Bench bench, Cluster cluster, String spawn, String when)
      throws IOException, InterruptedException {
    var foreign = new Foreign();
    var medians = new double[bench.runs()];
    var calls = new double[bench.runs()];
    var commits = new double[bench.runs()];
    var processes = new double[bench.runs()];
    for (var run = 0; run < medians.length; run++) {
      medians[run] = starts(cluster, JOBS).median();
      calls[run] = calls(cluster).median();
      commits[run] = Math.max(0, creations(cluster).median() - calls[run]);
      processes[run] =
          1e3
              / Double.parseDouble(
                  bench.run(Map.of(), spawn, Integer.toString(STARTS), "1", "/bin/true"));
    }
    var floor =
        new Samples(calls).median()
            + new Samples(commits).median()
            + new Samples(processes).median();
    return new Figure(
        "submit to start of the task, " + when + ", ms",
        new Samples(medians).toString(),
        "call %s + commit %s + process %s"
            .formatted(new Samples(calls), new Samples(commits), new Samples(processes)),
        "%s ms more (5)".formatted(Samples.format(new Samples(medians).median() - floor)),
        "medians of %d; %s".formatted(JOBS, foreign));
  }

  private static Samples starts(Cluster cluster, int count) throws InterruptedException {
    var draft = JobBuilder.named("one").task(task -> task.command("/bin/true")).build();
    var millis = new double[count];
    for (var i = 0; i < count; i++) {
      var begin = Instant.now();
      var job = cluster.submit(draft);
      var _ = job.await();
      var start = job.instance(1, 0).startTime().orElseThrow();
      millis[i] = Duration.between(begin, start).toNanos() / 1e6;
      Thread.sleep(10);
    }
    return new Samples(millis);
  }

  /// A call that changes nothing.
  private static Samples calls(Cluster cluster) {
    var millis = new double[JOBS];
    for (var i = 0; i < millis.length; i++) {
      var begin = System.nanoTime();
      var _ = cluster.info();
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    return new Samples(millis);
  }

  /// A call that stores something, and has nothing else to do.
  private static Samples creations(Cluster cluster) {
    var draft = JobBuilder.named("one").task(task -> task.command("/bin/true")).build();
    var millis = new double[JOBS];
    for (var i = 0; i < millis.length; i++) {
      var begin = System.nanoTime();
      var _ = cluster.create(draft);
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    return new Samples(millis);
  }
}
