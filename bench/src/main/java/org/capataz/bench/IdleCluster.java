package org.capataz.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a head node costs whose nodes have nothing to do.
final class IdleCluster {

  private static final int NODES = 10_000;
  private static final Duration SETTLING = Duration.ofSeconds(20);
  private static final Duration RUN = Duration.ofSeconds(20);

  private IdleCluster() {}

  static List<Figure> measure(Bench bench) throws IOException, InterruptedException {
    try (var site = bench.site(Map.of())) {
      var _ = site.simulatedNodes(NODES, HeadAlone.CORES);
      Thread.sleep(SETTLING);
      var foreign = new Foreign();
      var percent = new double[bench.runs()];
      for (var run = 0; run < percent.length; run++) {
        var before = Cpu.of(site.head().pid());
        Thread.sleep(RUN);
        percent[run] = (Cpu.of(site.head().pid()) - before) / RUN.toSeconds() * 100;
      }
      return List.of(
          new Figure(
              "%,d connected nodes with nothing to do, %% of a core".formatted(NODES),
              new Samples(percent).toString(),
              "",
              "(5)",
              foreign.toString()),
          new Figure(
              "the same, resident MB of the head node",
              Samples.format(Cpu.residentKib(site.head().pid()) / 1024.0),
              "",
              "(512)",
              ""));
    }
  }
}
