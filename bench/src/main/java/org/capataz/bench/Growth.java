package org.capataz.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capataz.client.JobBuilder;

/// What many tasks and jobs cost, beside few.
final class Growth {

  private static final int INSTANCES = 1_000_000;
  private static final int JOBS = 100_000;
  private static final int ACKNOWLEDGED = 200;

  private Growth() {}

  static List<Figure> measure(Bench bench) throws IOException, InterruptedException {
    var figures = new ArrayList<Figure>();
    figures.add(sweep(bench));
    figures.addAll(submits(bench));
    return figures;
  }

  /// Whether the last tasks of a sweep cost what the first do.
  private static Figure sweep(Bench bench) throws IOException, InterruptedException {
    try (var site = bench.site(Map.of());
        var cluster = site.connect()) {
      var _ = site.simulatedNodes(200, HeadAlone.CORES);
      var _ = cluster.submit(HeadAlone.sweep(INSTANCES / 2)).await();
      var foreign = new Foreign();
      var job = cluster.submit(HeadAlone.sweep(INSTANCES));
      var tenths = new double[10];
      var tenthOfAll = INSTANCES / tenths.length;
      var begin = Cpu.of(site.head().pid());
      for (var tenth = 0; tenth < tenths.length; tenth++) {
        while (job.status().taskCounts().ended() < (tenth + 1L) * tenthOfAll) {
          Thread.sleep(20);
        }
        var now = Cpu.of(site.head().pid());
        tenths[tenth] = (now - begin) * 1e6 / tenthOfAll;
        begin = now;
        bench.say("%d0 %%: %.1f us a task".formatted(tenth + 1, tenths[tenth]));
      }
      return new Figure(
          "head node's CPU a task in the last tenth of %,d, us".formatted(INSTANCES),
          Samples.format(tenths[9]),
          "first tenth " + Samples.format(tenths[0]),
          "%s (1.1)".formatted(Samples.format(tenths[9] / tenths[0])),
          "200 nodes of %d cores, after %,d others; %s"
              .formatted(HeadAlone.CORES, INSTANCES / 2, foreign));
    }
  }

  private static List<Figure> submits(Bench bench) throws IOException, InterruptedException {
    try (var site = bench.site(Map.of());
        var cluster = site.connect()) {
      var one = JobBuilder.named("one").task(task -> task.command("/bin/true")).build();
      var many = HeadAlone.sweep(INSTANCES);
      Submissions.submit(cluster, 20_000, one).forEach(job -> job.cancel(""));
      var foreign = new Foreign();
      var ones = new double[ACKNOWLEDGED];
      var manys = new double[ACKNOWLEDGED];
      for (var i = 0; i < ACKNOWLEDGED; i++) {
        var begin = System.nanoTime();
        cluster.submit(one).cancel("");
        ones[i] = (System.nanoTime() - begin) / 1e6;
        begin = System.nanoTime();
        cluster.submit(many).cancel("");
        manys[i] = (System.nanoTime() - begin) / 1e6;
      }
      var empty = site.head().liveBytes();
      cluster.submit(many);
      var pending = site.head().liveBytes();
      var rates = new double[bench.runs()];
      var each = JOBS / rates.length;
      for (var run = 0; run < rates.length; run++) {
        var begin = System.nanoTime();
        Submissions.submit(cluster, each, one);
        rates[run] = each / ((System.nanoTime() - begin) / 1e9);
      }
      var full = site.head().liveBytes();
      var settings = "no node; " + foreign;
      return List.of(
          new Figure(
              "submit and cancel of a sweep of %,d, ms".formatted(INSTANCES),
              new Samples(manys).toString(),
              "job of one task " + new Samples(ones),
              "%s (2)"
                  .formatted(
                      Samples.format(new Samples(manys).median() / new Samples(ones).median())),
              settings),
          new Figure(
              "heap of %,d instances that wait, kB".formatted(INSTANCES),
              Samples.format((pending - empty) / 1e3),
              "",
              "(1,000)",
              settings),
          new Figure(
              "heap of each of %,d jobs that wait, kB".formatted(JOBS),
              Samples.format((full - pending) / 1e3 / JOBS),
              "",
              "(1)",
              settings),
          new Figure(
              "submits through the API, a second",
              new Samples(rates).toString(),
              "",
              "(10,000)",
              "%,d at once over one connection; %s".formatted(200, settings)));
    }
  }
}
