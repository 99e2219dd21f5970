package org.capataz.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Topology;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Engine;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.scheduler.state.ClusterState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// A scheduling pass over a large cluster with a long queue, without the world.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class Passes {

  private static final int NODES = 10_000;
  private static final int CORES = 16;
  private static final int STARTED = 1000;

  /// Cores of jobs, in turn.
  private static final int[] MIXED = {1, 4, 2, 16, 1, 8, 2, 12};

  private static final int[] WIDE = {4, 2, 16, 8, 2, 12};

  /// A cluster that is full, with a queue of jobs of mixed sizes.
  @State(Scope.Benchmark)
  public static class Full extends Queue {

    @Setup(Level.Trial)
    public void fill() {
      connect();
      queue(queued + NODES * CORES / 5, MIXED);
    }

    /// Ends as many jobs as are to be started, and submits others in their place.
    @Setup(Level.Invocation)
    public void end() {
      end(STARTED);
      queue(STARTED, MIXED);
    }
  }

  /// A cluster with one core free on each node, and a queue of jobs that need more.
  @State(Scope.Benchmark)
  public static class Fragmented extends Queue {

    @Setup(Level.Trial)
    public void fill() {
      connect();
      queue(NODES, new int[] {CORES - 1});
      engine.settle(now++);
      queue(queued, WIDE);
      engine.settle(now++);
    }

    /// Without something new there would be no pass.
    @Setup(Level.Invocation)
    public void submit() {
      queue(1, WIDE);
    }
  }

  @Benchmark
  public void thousand(Full cluster) {
    cluster.settle();
  }

  @Benchmark
  public void none(Fragmented cluster) {
    cluster.settle();
  }

  static List<Figure> measure(Bench bench) {
    var options =
        new OptionsBuilder()
            .include(Passes.class.getName())
            .forks(1)
            .jvmArgs("-Xmx6g", "-XX:+UseCompactObjectHeaders")
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(5))
            .measurementIterations(bench.runs())
            .measurementTime(TimeValue.seconds(5))
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      var foreign = new Foreign();
      return new Runner(options)
          .run().stream().map(result -> figure(result, foreign.toString())).toList();
    } catch (RunnerException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static Figure figure(RunResult result, String foreign) {
    var statistics = result.getPrimaryResult().getStatistics();
    var startsNone = result.getParams().getBenchmark().endsWith("none");
    var queued = Integer.parseInt(result.getParams().getParam("queued"));
    return new Figure(
        "pass that starts %s jobs, %,d queued, ms".formatted(startsNone ? "no" : "1,000", queued),
        "%s (99 %% %s)"
            .formatted(
                Samples.format(statistics.getPercentile(50)),
                Samples.format(statistics.getPercentile(99))),
        "",
        "(%d)".formatted(startsNone ? 5 : 50),
        "%,d nodes of %d cores, %d runs; %s".formatted(NODES, CORES, statistics.getN(), foreign));
  }

  /// An engine with nodes and jobs.
  @State(Scope.Benchmark)
  public abstract static class Queue {

    /// Queued jobs that stay set up, as in a head node.
    private static final int AWAKE = 64;

    /// So many are submitted between two passes.
    private static final int BATCH = 500;

    @Param({"100000", "1000000"})
    int queued;

    final ClusterState state = new ClusterState(new UUID(0, 1), 1);
    final Engine engine = new Engine(state, new QueuePolicy(), this::see);
    long now = 1;
    private final Deque<Event.AttemptDispatched> running = new ArrayDeque<>();
    private final Map<Integer, JobDraft> drafts = new HashMap<>();
    private int submitted;

    private void see(Event event) {
      if (event instanceof Event.AttemptDispatched dispatched) {
        running.add(dispatched);
      }
    }

    void settle() {
      engine.settle(now++);
    }

    void connect() {
      for (var node = 1; node <= NODES; node++) {
        var found = new NodeOffer.Found(CORES, 2, 65_536, List.of(), "Linux", "amd64");
        var offer = new NodeOffer(Topology.even(CORES, 2, 0), 65_536, found, List.of());
        var _ =
            engine.handle(
                new Command.ConnectNode(
                    new UUID(1, node), "node-" + node, offer, "boot", List.of()),
                now);
      }
    }

    void queue(int count, int[] shapes) {
      for (var i = 0; i < count; i++) {
        submitted++;
        var cores = shapes[submitted % shapes.length];
        var draft = drafts.computeIfAbsent(cores, Queue::draft);
        var _ =
            engine.handle(new Command.CreateJob(new UUID(2, submitted), "ada", draft, true), now);
        if (i % BATCH == BATCH - 1 && count > STARTED) {
          settle();
          state.rest(AWAKE, job -> draft);
        }
      }
    }

    private static JobDraft draft(int cores) {
      var units = Integer.toString(cores);
      return JobDraft.EMPTY
          .with(JobProperty.RUNTIME_SECONDS, "60")
          .withTasks(
              List.of(
                  TaskDraft.EMPTY
                      .with(TaskProperty.COMMAND_LINE, "/bin/true")
                      .with(TaskProperty.MIN_CORES, units)
                      .with(TaskProperty.MAX_CORES, units)));
    }

    /// Ends the jobs that have run the longest.
    void end(int count) {
      for (var i = 0; i < count; i++) {
        var dispatched = running.remove();
        var job = Objects.requireNonNull(state.job(dispatched.job()));
        var attempt = Objects.requireNonNull(job.task(1).live(0));
        var end =
            new AttemptEnd(
                EndReason.EXITED, 0, now, now + 1, new AttemptEnd.Usage(0, 0, 0), "", "");
        var _ =
            engine.handle(
                new Command.Report(
                    attempt.leadNode(), List.of(new AttemptReport.Ended(attempt.id(), end))),
                now);
      }
    }
  }
}
