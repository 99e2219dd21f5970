package org.capataz.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.capataz.model.ClusterParameter;
import org.capataz.model.Result;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// The program `capataz simulate`.
@Command(name = "capataz simulate", mixinStandardHelpOptions = true)
public final class SimulateMain implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  @Parameters(paramLabel = "TRACE", description = "A trace in the Standard Workload Format.")
  private Path trace = Path.of("");

  @Option(names = "--policy", paramLabel = "NAME", split = ",", description = "Policies.")
  private List<String> policies = List.of(ClusterParameter.SCHEDULING_POLICY.defaultText());

  @Option(names = "--order", paramLabel = "NAME", split = ",", description = "Orders.")
  private List<String> orders = List.of(ClusterParameter.QUEUE_ORDER.defaultText());

  @Option(names = "--procs", paramLabel = "COUNT", description = "Processors.")
  private @Nullable Integer processors;

  @Option(names = "--cores-per-node", paramLabel = "COUNT", description = "Cores of a node.")
  private int coresPerNode = 1;

  @Option(names = "--lookahead", paramLabel = "COUNT", description = "BackfillLookahead.")
  private String lookahead = "-1";

  @Option(names = "--guard", paramLabel = "SECONDS", description = "StarvationGuard.")
  private String guard = ClusterParameter.STARVATION_GUARD.defaultText();

  @Option(names = "--ties", paramLabel = "batch|serial", description = "What is first.")
  private Replay.Ties ties = Replay.Ties.BATCH;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to write the schedule.")
  private @Nullable Path out;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      description = "How to write the summary.")
  private Format format = Format.TABLE;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private final PrintStream printed;

  /// How a summary is written.
  enum Format {
    TABLE,
    JSON
  }

  /// What came of one policy and order.
  private record Row(String policy, String order, Summary summary) {}

  private SimulateMain(PrintStream printed) {
    this.printed = printed;
  }

  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /// The program, with what it prints.
  ///
  /// @return its exit code
  static int run(PrintStream printed, PrintStream complaints, String... arguments) {
    return new CommandLine(new SimulateMain(printed))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (mistake, ignored) -> {
              complaints.println("capataz: " + mistake.getMessage());
              return USAGE;
            })
        .setExecutionExceptionHandler(
            (failure, commandLine, parsed) -> {
              complaints.println("capataz: " + failure.getMessage());
              return FAILED;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    if (coresPerNode < 1 || (processors != null && processors < 1)) {
      throw refused("expected --procs and --cores-per-node of 1 or more, but got less");
    }
    if (out != null && policies.size() * orders.size() > 1) {
      throw refused("expected one policy and one order with --out, but got several");
    }
    var settings = new ArrayList<Map<ClusterParameter, String>>();
    for (var policy : policies) {
      for (var order : orders) {
        settings.add(parameters(policy, order));
      }
    }
    var read =
        Trace.read(trace, processors == null ? OptionalInt.empty() : OptionalInt.of(processors));
    var rows = new ArrayList<Row>();
    for (var parameters : settings) {
      var starts = new Replay(read, coresPerNode, ties, parameters).run();
      rows.add(
          new Row(
              parameters.getOrDefault(ClusterParameter.SCHEDULING_POLICY, ""),
              parameters.getOrDefault(ClusterParameter.QUEUE_ORDER, ""),
              Summary.of(read, starts)));
      if (out != null) {
        write(read, starts, out);
      }
    }
    switch (format) {
      case TABLE -> table(rows);
      case JSON -> json(rows);
    }
    return 0;
  }

  private ParameterException refused(String message) {
    return new ParameterException(
        spec == null ? new CommandLine(this) : spec.commandLine(), message);
  }

  private Map<ClusterParameter, String> parameters(String policy, String order) {
    var given = new EnumMap<ClusterParameter, String>(ClusterParameter.class);
    given.put(ClusterParameter.SCHEDULING_POLICY, policy);
    given.put(ClusterParameter.QUEUE_ORDER, order);
    given.put(ClusterParameter.BACKFILL_LOOKAHEAD, lookahead);
    given.put(ClusterParameter.STARVATION_GUARD, guard);
    var checked = new EnumMap<ClusterParameter, String>(ClusterParameter.class);
    given.forEach(
        (parameter, text) -> {
          switch (parameter.check(text)) {
            case Result.Ok<String>(var value) -> checked.put(parameter, value);
            case Result.Refused<String>(var refusal) -> throw refused(refusal.message());
          }
        });
    return checked;
  }

  /// Writes a line for each job, in the order in which they start: id, submission, start, end and
  /// processors.
  private static void write(Trace trace, long[] starts, Path out) throws IOException {
    try (var writer = Files.newBufferedWriter(out)) {
      var inOrder =
          IntStream.range(0, starts.length)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingLong(i -> starts[i])
                      .thenComparingInt(i -> trace.jobs().get(i).id()))
              .toList();
      for (var i : inOrder) {
        var job = trace.jobs().get(i);
        writer.write(
            "%d %d %d %d %d%n"
                .formatted(
                    job.id(),
                    job.submit(),
                    starts[i],
                    starts[i] + job.runtime(),
                    job.processors()));
      }
    }
  }

  private void table(List<Row> rows) {
    printed.println(
        "POLICY        ORDER      JOBS  MEAN WAIT   MAX WAIT  MEAN SLOWDOWN  UTILIZATION"
            + "   MAKESPAN");
    for (var row : rows) {
      var summary = row.summary;
      printed.println(
          String.format(
              Locale.ROOT,
              "%-12s  %-6s %8d %8.0f s %8d s %14.2f %11.2f%% %8d s",
              row.policy,
              row.order,
              summary.jobs(),
              summary.meanWait(),
              summary.maxWait(),
              summary.meanBoundedSlowdown(),
              100 * summary.utilization(),
              summary.makespan()));
    }
  }

  /// One line for each run, as other commands write lists.
  private void json(List<Row> rows) {
    var lines = new ArrayList<String>();
    for (var row : rows) {
      var summary = row.summary;
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"policy\":\"%s\",\"order\":\"%s\",\"jobs\":%d,\"meanWaitSeconds\":%.4f,"
                  + "\"maxWaitSeconds\":%d,\"meanBoundedSlowdown\":%.4f,\"utilization\":%.4f,"
                  + "\"makespanSeconds\":%d}",
              row.policy,
              row.order,
              summary.jobs(),
              summary.meanWait(),
              summary.maxWait(),
              summary.meanBoundedSlowdown(),
              summary.utilization(),
              summary.makespan()));
    }
    printed.println("{\"schema\":\"capataz/v1\",\"runs\":[\n" + String.join(",\n", lines) + "\n]}");
  }
}
