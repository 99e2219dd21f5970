package org.capataz.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.capataz.client.Cluster;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;

/// Processes through a durable head node and one compute node, beside `xargs` and a bare loop in C.
final class RealTasks {

  private static final int SLOTS = 8;
  private static final int MOST_TASKS = 20_000;
  private static final int MOST_JOBS = 5_000;

  /// So long one of the runs takes at most with `xargs`.
  private static final int SECONDS = 10;

  private RealTasks() {}

  static List<Figure> measure(Bench bench) throws IOException, InterruptedException {
    var spawn = bench.compile("spawn").toString();
    var rough = Double.parseDouble(bench.run(Map.of(), spawn, "500", "8", "/bin/true"));
    var tasks = (int) Math.clamp(rough * SECONDS, 1000, MOST_TASKS);
    var jobs = Math.min(tasks, MOST_JOBS);
    var limit = new ArrayList<Double>();
    var xargs = new ArrayList<Double>();
    var sweep = new ArrayList<Double>();
    var without = new ArrayList<Double>();
    var single = new ArrayList<Double>();
    try (var site = bench.site(Map.of());
        var cluster = site.connect()) {
      var node = site.node(SLOTS);
      while (cluster.nodes().isEmpty()) {
        Thread.sleep(50);
      }
      bench.say("warming up");
      sweep(cluster, tasks / 2);
      jobs(cluster, jobs / 4);
      var foreign = new Foreign();
      var ofSweep = new Spent(site.head(), node);
      var ofSweepWithout = new Spent(site.head(), node);
      var ofJobs = new Spent(site.head(), node);
      for (var run = 0; run < bench.runs(); run++) {
        limit.add(
            Double.parseDouble(
                bench.run(
                    Map.of(),
                    spawn,
                    Integer.toString(tasks),
                    Integer.toString(SLOTS),
                    "/bin/true")));
        xargs.add(xargs(bench, tasks));
        ofSweep.begin();
        sweep.add(sweep(cluster, tasks));
        ofSweep.end(tasks);
        backlog(bench, site, 0);
        ofSweepWithout.begin();
        without.add(sweep(cluster, tasks));
        ofSweepWithout.end(tasks);
        backlog(bench, site, 100);
        ofJobs.begin();
        single.add(jobs(cluster, jobs));
        ofJobs.end(jobs);
        bench.say(
            ("xargs %.0f, spawn %.0f, sweep %.0f (%s), without a backlog %.0f (%s), jobs %.0f (%s)"
                    + " a second")
                .formatted(
                    xargs.getLast(),
                    limit.getLast(),
                    sweep.getLast(),
                    ofSweep,
                    without.getLast(),
                    ofSweepWithout,
                    single.getLast(),
                    ofJobs));
      }
      return List.of(
          figure(
              "sweep of %,d `/bin/true`".formatted(tasks),
              sweep,
              xargs,
              limit,
              "1.4",
              ofSweep + "; " + foreign),
          figure(
              "the same without a backlog on the node",
              without,
              xargs,
              limit,
              "1.0",
              ofSweepWithout.toString()),
          figure(
              "%,d jobs of one `/bin/true`".formatted(jobs),
              single,
              xargs,
              limit,
              "0.6",
              ofJobs.toString()));
    }
  }

  private static void backlog(Bench bench, Site site, int millis)
      throws IOException, InterruptedException {
    var _ =
        bench.run(
            site.environment(),
            site.launcher().toString(),
            "cluster",
            "params",
            "NodeBacklog=" + millis);
  }

  /// What head node and node use for tasks.
  private static final class Spent {
    private final Program head;
    private final Program node;
    private double ofHead;
    private double ofNode;
    private int tasks;

    Spent(Program head, Program node) {
      this.head = head;
      this.node = node;
    }

    void begin() {
      ofHead -= Cpu.of(head.pid());
      ofNode -= own(node);
    }

    void end(int more) {
      ofHead += Cpu.of(head.pid());
      ofNode += own(node);
      tasks += more;
    }

    @Override
    public String toString() {
      return "CPU a task: head node %.0f us, node %.0f us"
          .formatted(ofHead * 1e6 / tasks, ofNode * 1e6 / tasks);
    }
  }

  /// What keeper and agent used themselves.
  private static double own(Program node) {
    return Cpu.of(node.pid())
        + node.process()
            .children()
            .filter(child -> child.info().command().orElse("").endsWith("java"))
            .mapToDouble(child -> Cpu.of(child.pid()))
            .sum();
  }

  private static Figure figure(
      String what,
      List<Double> ours,
      List<Double> xargs,
      List<Double> limit,
      String aim,
      String settings) {
    return new Figure(
        what + ", a second",
        Samples.of(ours).toString(),
        "`xargs -P8` %s; posix_spawn in C %s".formatted(Samples.of(xargs), Samples.of(limit)),
        "%s of xargs (%s), %s of C".formatted(ratio(ours, xargs), aim, ratio(ours, limit)),
        settings);
  }

  /// Of the runs of the same round.
  private static Samples ratio(List<Double> ours, List<Double> theirs) {
    return new Samples(
        IntStream.range(0, ours.size()).mapToDouble(i -> ours.get(i) / theirs.get(i)).toArray());
  }

  private static double xargs(Bench bench, int tasks) throws IOException, InterruptedException {
    var begin = System.nanoTime();
    var _ =
        bench.run(Map.of(), "sh", "-c", "seq " + tasks + " | xargs -P" + SLOTS + " -n1 /bin/true");
    return tasks / ((System.nanoTime() - begin) / 1e9);
  }

  private static double sweep(Cluster cluster, int tasks) throws InterruptedException {
    var end =
        cluster
            .submit(
                JobBuilder.named("sweep")
                    .task(task -> task.command("/bin/true").sweep(1, tasks))
                    .build())
            .await();
    check(end.taskCounts().finished() == tasks, "every task to have finished");
    return tasks
        / seconds(
            Duration.between(end.times().submit().orElseThrow(), end.times().end().orElseThrow()));
  }

  /// From when the node comes online to the last end.
  private static double jobs(Cluster cluster, int count) throws InterruptedException {
    var _ = cluster.offline("n1");
    var submitted =
        Submissions.submit(
            cluster,
            count,
            JobBuilder.named("one").task(task -> task.command("/bin/true")).build());
    var begin = System.currentTimeMillis();
    var _ = cluster.online("n1");
    var last = 0L;
    for (Job job : submitted) {
      var end = job.await();
      check(end.taskCounts().finished() == 1, "every job to have finished");
      last = Math.max(last, end.times().end().orElseThrow().toEpochMilli());
    }
    return count / ((last - begin) / 1e3);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("expected " + what + ", but that is not so");
    }
  }
}
