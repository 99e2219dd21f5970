package org.capataz.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capataz.client.Cluster;
import org.capataz.client.JobBuilder;
import org.capataz.model.JobDraft;

/// The head node with simulated compute nodes, whose tasks end at once.
final class HeadAlone {

  static final int CORES = 16;
  private static final int WARM_UP = 500_000;
  private static final int TASKS = 200_000;
  private static final int COLD_SECONDS = 10;

  private HeadAlone() {}

  static List<Figure> measure(Bench bench) throws IOException, InterruptedException {
    var figures = new ArrayList<Figure>();
    figures.add(cold(bench));
    var rate = 0.0;
    for (var nodes : List.of(200, 10, 2000)) {
      var rates = rates(bench, nodes, Map.of());
      rate = rate == 0 ? rates.samples.median() : rate;
      figures.add(
          new Figure(
              "tasks of a sweep over %,d nodes of %d cores, a second".formatted(nodes, CORES),
              rates.samples.toString(),
              "",
              nodes == 200
                  ? "(40,000)"
                  : "%s of 200 nodes (0.7)"
                      .formatted(Samples.format(rates.samples.median() / rate)),
              rates.settings));
    }
    var library = bench.compile("slow_sync", "-shared", "-fPIC");
    var slow =
        rates(bench, 200, Map.of("LD_PRELOAD", library.toString(), "SLOW_SYNC_MICROS", "5000"));
    figures.add(
        new Figure(
            "the same over 200 nodes, each sync of a file 5 ms longer",
            slow.samples.toString(),
            "",
            "(20,000)",
            slow.settings));
    return figures;
  }

  private record Rates(Samples samples, String settings) {}

  private static Rates rates(Bench bench, int nodes, Map<String, String> environment)
      throws IOException, InterruptedException {
    var recording = new Recording(bench.place().resolve("head-" + nodes + ".jfr"));
    var all = new HashMap<>(environment);
    all.putAll(recording.environment());
    try (var site = bench.site(all);
        var cluster = site.connect()) {
      var simulated = site.simulatedNodes(nodes, CORES);
      bench.say("warming up with %,d nodes".formatted(nodes));
      var _ = rate(cluster, WARM_UP);
      var rates = new double[bench.runs()];
      var foreign = new Foreign();
      var head = Cpu.of(site.head().pid());
      var others = Cpu.of(simulated.pid());
      for (var run = 0; run < rates.length; run++) {
        rates[run] = rate(cluster, TASKS);
        bench.say("%,.0f tasks a second".formatted(rates[run]));
      }
      var tasks = rates.length * TASKS;
      recording.dump(site.head());
      return new Rates(
          new Samples(rates),
          "%,d tasks after %,d; CPU a task: head node %.0f us, simulated nodes %.0f us; %s; %s"
              .formatted(
                  TASKS,
                  WARM_UP,
                  (Cpu.of(site.head().pid()) - head) * 1e6 / tasks,
                  (Cpu.of(simulated.pid()) - others) * 1e6 / tasks,
                  recording.durations(),
                  foreign));
    }
  }

  /// Tasks a second of a sweep, from the job's start to its end.
  private static double rate(Cluster cluster, int tasks) throws InterruptedException {
    var end = cluster.submit(sweep(tasks)).await();
    if (end.taskCounts().finished() != tasks) {
      throw new IllegalStateException("expected every task to have finished, but got " + end);
    }
    return tasks
        / (Duration.between(end.times().start().orElseThrow(), end.times().end().orElseThrow())
                .toNanos()
            / 1e9);
  }

  static JobDraft sweep(int tasks) {
    return JobBuilder.named("sweep")
        .task(task -> task.command("/bin/true").sweep(1, tasks))
        .build();
  }

  /// What a head node does that has just been started.
  private static Figure cold(Bench bench) throws IOException, InterruptedException {
    var done = new double[bench.runs()];
    var foreign = new Foreign();
    for (var run = 0; run < done.length; run++) {
      try (var site = bench.site(Map.of());
          var cluster = site.connect()) {
        var _ = site.simulatedNodes(200, CORES);
        var job = cluster.submit(sweep(1_000_000));
        Thread.sleep(Duration.ofSeconds(COLD_SECONDS));
        done[run] = job.status().taskCounts().finished();
      }
    }
    return new Figure(
        "tasks in the first %d s of a head node, 200 nodes of %d cores"
            .formatted(COLD_SECONDS, CORES),
        new Samples(done).toString(),
        "",
        "",
        foreign.toString());
  }
}
