package org.capataz.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.capataz.cli.output.Format;
import org.capataz.cli.output.Output;
import org.capataz.cli.run.Interruption;
import org.capataz.cli.run.PrefixedLines;
import org.capataz.cli.run.Relay;
import org.capataz.client.CapatazException;
import org.capataz.client.Cluster;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.client.JobBuilder;
import org.capataz.client.NodeState;
import org.capataz.client.NodeStatus;
import org.capataz.client.StandardStream;
import org.capataz.client.TaskBuilder;
import org.capataz.model.InstanceId;
import org.capataz.model.JobDraft;
import org.capataz.model.Priority;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "clusrun",
    description = {
      "Runs a command once on each of several nodes, and shows what it prints, each line behind the"
          + " node's name.",
      "",
      "On each node it is a job of its own, of the highest priority, that takes one core: where all"
          + " cores are taken it waits. The exit code is 0 if the command finished on all nodes."
    },
    footer = {
      "",
      "Examples:",
      "  capataz clusrun hostname",
      "  capataz clusrun --nodes n1,n2 'df -h /scratch | tail -1'",
      "  capataz clusrun --nodegroup gpu --sorted nvidia-smi -L",
      "  capataz clusrun --job 12 --outputdir ps uptime"
    })
final class Clusrun extends ClusterCommand {

  /// What a run on one node came to.
  record NodeRun(String node, int job, InstanceStatus run, String output, String errors) {

    boolean finished() {
      return run.state() == TaskState.FINISHED;
    }
  }

  /// Where what the nodes print goes.
  private enum Show {
    PREFIXED,
    INTERLEAVED,
    SORTED,
    FILES,
    NOTHING
  }

  /// How much of what a run prints is shown at its end.
  private static final int MOST_KEPT = 1 << 20;

  @Option(
      names = "--nodes",
      paramLabel = "NODE,...",
      split = ",",
      description = "These nodes. Default: all that are online and reachable.")
  private List<String> nodes = List.of();

  @Option(names = "--nodegroup", paramLabel = "GROUP", description = "Nodes of this group.")
  private @Nullable String group;

  @Option(names = "--job", paramLabel = "ID", description = "The nodes that this job is on.")
  private @Nullable String job;

  @Option(names = "--exclude", paramLabel = "NODE,...", split = ",", description = "Not these.")
  private List<String> excluded = List.of();

  @Option(
      names = "--all",
      description = "All nodes that are online and reachable, which is the default.")
  private boolean all;

  @Option(
      names = "--interleaved",
      description = "Lines as they come, without the names of the nodes.")
  private boolean interleaved;

  @Option(names = "--sorted", description = "What each node printed together, by name.")
  private boolean sorted;

  @Option(
      names = "--outputdir",
      paramLabel = "DIR",
      description = "Write what each node prints to NODE.out and NODE.err in this folder.")
  private @Nullable String outputDirectory;

  @Option(
      names = "--workdir",
      paramLabel = "DIR",
      description = "Directory to run in. Default: the one you are in.")
  private String workdir = "";

  @Option(names = "--stdin", paramLabel = "FILE", description = "File for standard input.")
  private @Nullable String stdin;

  @Option(names = "--project", paramLabel = "NAME", description = "Project it is counted to.")
  private @Nullable String project;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "Job template of the runs. Default: Default.")
  private @Nullable String template;

  @Mixin private Environment environment = new Environment();

  @Parameters(
      paramLabel = "CMD",
      arity = "1..*",
      preprocessor = Words.class,
      description = "The command, with its arguments.")
  private List<String> words = List.of();

  private boolean forPeople;
  private final Interruption interruption =
      new Interruption(code -> Runtime.getRuntime().halt(code));

  Clusrun(World world) {
    super(world);
  }

  @Override
  Output output(OutputOptions options) {
    forPeople = options.format() == Format.TABLE;
    return options.open(world);
  }

  @Override
  Work prepare() {
    if (Stream.of(all, !nodes.isEmpty(), group != null, job != null).filter(given -> given).count()
        > 1) {
      throw Accepted.refused(
          "expected one of --all, --nodes, --nodegroup and --job, but got several");
    }
    var ofJob = job == null ? OptionalInt.empty() : OptionalInt.of(Accepted.value(Inputs.job(job)));
    var show = show();
    return (cluster, out) -> {
      var targets = targets(cluster, ofJob);
      world.streams().terminal().onSignal(interruption::received);
      var runs = run(cluster, targets, forPeople ? show : Show.NOTHING);
      if (forPeople) {
        summary(runs);
      } else {
        out.list(ClusrunNoun.RUN, runs.stream());
      }
      return interruption.signal() != 0
          ? interruption.exitCode()
          : runs.stream().allMatch(NodeRun::finished) ? ExitCode.DONE : ExitCode.FAILED;
    };
  }

  private Show show() {
    if (Stream.of(interleaved, sorted, outputDirectory != null).filter(given -> given).count()
        > 1) {
      throw Accepted.refused(
          "expected one of --interleaved, --sorted and --outputdir, but got several");
    }
    return interleaved
        ? Show.INTERLEAVED
        : sorted ? Show.SORTED : outputDirectory == null ? Show.PREFIXED : Show.FILES;
  }

  // The nodes.

  private List<String> targets(Cluster cluster, OptionalInt ofJob) {
    var known = cluster.nodes();
    for (var name : nodes) {
      if (known.stream().noneMatch(node -> node.name().equals(name))) {
        cluster.node(name);
      }
    }
    var targets =
        known.stream()
            .filter(node -> isMeant(node, ofJob))
            .map(NodeStatus::name)
            .filter(name -> !excluded.contains(name))
            .sorted()
            .toList();
    if (targets.isEmpty()) {
      throw Accepted.refused(
          "expected nodes that are online and reachable, but none of those asked for is; capataz"
              + " node list shows them");
    }
    return targets;
  }

  private boolean isMeant(NodeStatus node, OptionalInt ofJob) {
    if (!nodes.isEmpty()) {
      // Those that are away are waited for: they were asked for by name.
      return nodes.contains(node.name());
    }
    return node.reachable()
        && node.state() == NodeState.ONLINE
        && (group == null || node.groups().contains(group))
        && (ofJob.isEmpty() || node.capacity().jobs().contains(ofJob.getAsInt()));
  }

  // The runs.

  private List<NodeRun> run(Cluster cluster, List<String> targets, Show show)
      throws IOException, InterruptedException {
    var jobs = new ArrayList<Job>();
    interruption.reactWith(() -> cancel(jobs));
    var runs = new ArrayList<CompletableFuture<NodeRun>>();
    try {
      for (var node : targets) {
        var submitted = cluster.submit(draft(node));
        synchronized (jobs) {
          jobs.add(submitted);
        }
        runs.add(start(node, submitted, show));
      }
      if (interruption.signal() != 0) {
        // Those that were submitted after it.
        cancel(jobs);
      }
      var done = new ArrayList<NodeRun>();
      for (var run : runs) {
        var ended = run.join();
        done.add(ended);
        if (show == Show.SORTED) {
          world.streams().out().print(ended.output());
          world.streams().out().flush();
          world.streams().err().print(ended.errors());
        }
      }
      return done;
    } catch (CapatazException failure) {
      cancel(jobs);
      throw failure;
    }
  }

  private JobDraft draft(String node) {
    var task =
        TaskBuilder.create()
            .set(TaskProperty.COMMAND_LINE, RunOptions.commandLine(words))
            .set(TaskProperty.WORK_DIRECTORY, Inputs.absolute(workdir, world.directory()))
            .set(TaskProperty.REQUIRED_NODES, node)
            .rerunnable(false);
    if (stdin != null) {
      task.set(TaskProperty.STD_IN_FILE_PATH, stdin);
    }
    var draft =
        JobBuilder.named("clusrun " + node)
            .priority(Accepted.value(Priority.parse("Highest")))
            .environment(environment.variables(world))
            .task(task.build());
    if (project != null) {
      draft.project(project);
    }
    if (template != null) {
      draft.template(template);
    }
    return draft.build();
  }

  private void cancel(List<Job> jobs) {
    List<Job> submitted;
    synchronized (jobs) {
      submitted = List.copyOf(jobs);
    }
    for (var each : submitted) {
      try {
        each.cancel("interrupted");
      } catch (CapatazException ended) {
        // It has ended by itself, or whoever waits for it hears of it as well.
      }
    }
  }

  private CompletableFuture<NodeRun> start(String node, Job submitted, Show show) {
    var done = new CompletableFuture<NodeRun>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                done.complete(attend(node, submitted, show));
              } catch (IOException failed) {
                done.completeExceptionally(
                    failed.getCause() instanceof CapatazException known ? known : failed);
              } catch (RuntimeException | InterruptedException failed) {
                done.completeExceptionally(failed);
              }
            });
    return done;
  }

  private NodeRun attend(String node, Job submitted, Show show)
      throws IOException, InterruptedException {
    var streams = world.streams();
    var kept = new Kept();
    var keptErrors = new Kept();
    try (var out = sink(node, ".out", show, streams.out(), kept);
        var errors = sink(node, ".err", show, streams.err(), keptErrors)) {
      new Relay(submitted, new InstanceId(submitted.id(), 1, 0), true, streams.err())
          .copy(
              List.of(
                  new Relay.Route(StandardStream.OUTPUT, out),
                  new Relay.Route(StandardStream.ERROR, errors)));
      submitted.await();
    }
    return new NodeRun(
        node, submitted.id(), submitted.instance(1, 0), kept.text(), keptErrors.text());
  }

  /// Where one stream of one node goes.
  private PrintStream sink(String node, String suffix, Show show, PrintStream stream, Kept kept)
      throws IOException {
    var sink =
        switch (show) {
          case PREFIXED -> new PrefixedLines(node + ": ", stream);
          case INTERLEAVED -> new PrefixedLines("", stream);
          case SORTED -> new PrefixedLines(node + ": ", print(kept));
          case FILES -> file(node + suffix);
          case NOTHING -> kept;
        };
    return print(sink);
  }

  private static PrintStream print(OutputStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  private OutputStream file(String name) throws IOException {
    var folder = world.directory().resolve(String.valueOf(outputDirectory));
    Files.createDirectories(folder);
    return Files.newOutputStream(folder.resolve(name));
  }

  /// Keeps the beginning of what is written to it.
  private static final class Kept extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      if (bytes.size() < MOST_KEPT) {
        bytes.write(b);
      }
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  // The end.

  /// As HPC Pack ends it.
  private void summary(List<NodeRun> runs) {
    var out = world.streams().out();
    for (var run : runs) {
      out.println("------ " + run.node() + " " + outcome(run.run()) + " ------");
    }
    var finished = runs.stream().filter(NodeRun::finished).count();
    out.println("------ Summary ------");
    out.println(counted(finished) + " succeeded");
    out.println(counted(runs.size() - finished) + " failed");
  }

  private static String outcome(InstanceStatus run) {
    return run.exitCode().isPresent()
        ? "returns " + run.exitCode().getAsInt()
        : run.message().isEmpty() ? "is " + run.state() : run.message();
  }

  private static String counted(long nodes) {
    return nodes + (nodes == 1 ? " node" : " nodes");
  }
}
