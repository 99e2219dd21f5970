package org.capataz.computenode.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.capataz.computenode.agent.AgentMachine.Now;
import org.capataz.computenode.keeper.CountingKeeper;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Request;
import org.capataz.model.AttemptId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node's agent and keeper do for tasks, of which eight run at a time and end together after
/// a millisecond: counted, so that it is the same on any machine, where the time that it takes is
/// not.
final class TaskCostsTest extends AgentMachineScript {

  private static final int CORES = 8;
  private static final int TASKS = 1_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final boolean POINTERS_ARE_LONG =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption("UseCompressedOops")
          .getValue()
          .equals("false");

  /// What is counted, and how much of it may be for 1,000 tasks. Beside it stands what it was when
  /// the bound was set.
  private enum Cost {
    REQUESTS("requests to the keeper", 1_200), // 1,125: starts; ends of eight
    KEEPER_REPORTS("reports of the keeper", 2_100), // 2,000: that it runs, and that it has ended
    PIPE_BYTES("bytes between agent and keeper", 1_200_000), // 1,023,125
    SPOOL_RECORDS("records of the spool", 3_300), // 3,125
    SPOOL_BYTES("bytes of the spool", 360_000), // 310,625
    REPORTS("reports to the head node", 140), // 126: the ends of eight, and the first start
    REPORT_BYTES("bytes of reports to the head node", 72_000), // 61,738
    AGENT_ALLOCATED_BYTES("bytes allocated by the agent's decisions", 11_000_000), // 9,876,000
    KEEPER_ALLOCATED_BYTES("bytes allocated by the keeper's decisions", 750_000); // 662,000

    private final String what;
    private final long bound;

    Cost(String what, long bound) {
      this.what = what;
      this.bound = bound;
    }

    /// Where pointers take eight bytes, as in a very large heap, objects take up to half as much
    /// again.
    long bound() {
      return what.startsWith("bytes allocated") && POINTERS_ARE_LONG ? bound * 3 / 2 : bound;
    }
  }

  @TempDir Path directory;
  private CountingKeeper keeper;
  private Map<Cost, Long> measured = Map.of();
  private long requests;
  private long keeperReports;
  private long reports;
  private long reportBytes;
  private long allocated;

  /// Ends that the head node has heard of.
  private final List<AttemptId> ended = new ArrayList<>();

  @BeforeEach
  void aSweepRuns() throws IOException {
    try (var counting = new CountingKeeper(directory.resolve("spool"))) {
      keeper = counting;
      perform(List.of(new Action.Ask(new Request.ListAttempts())));
      on(welcome(1));
      run(1);
      var before = counted();
      run(1 + TASKS);
      measured = counted();
      before.forEach((cost, count) -> measured.merge(cost, -count, Long::sum));
    }
  }

  private void run(int first) throws IOException {
    for (var next = first; next < first + TASKS; next += CORES) {
      var starts = IntStream.range(next, next + CORES).mapToObj(job -> start(job)).toList();
      on(orders(starts, List.of(), takeEnded()));
      hear(keeper.endAll());
    }
    nanos += LINGER.toNanos();
    on();
    on(orders(List.of(), List.of(), takeEnded()));
  }

  private List<AttemptId> takeEnded() {
    var taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  private void hear(List<Report> told) throws IOException {
    keeperReports += told.size();
    nanos += Duration.ofMillis(1).toNanos();
    on(told.stream().map(Input.Reported::new).toArray(Input[]::new));
  }

  private void on(Input... inputs) throws IOException {
    var before = THREADS.getCurrentThreadAllocatedBytes();
    var actions = machine.on(List.of(inputs), new Now(nanos, nanos / 1_000));
    allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
    perform(actions);
  }

  private void perform(List<Action> actions) throws IOException {
    var asked = new ArrayList<Request>();
    for (var action : actions) {
      switch (action) {
        case Action.Ask(var request) -> asked.add(request);
        case Action.Send(var attempts) -> {
          reports++;
          reportBytes += NodeMessages.report(attempts).getSerializedSize();
          attempts.stream()
              .filter(Ended.class::isInstance)
              .forEach(report -> ended.add(report.attempt()));
        }
        case Action.Connect _, Action.Keep _, Action.Say _ -> {}
        default -> throw new AssertionError("expected what tasks need, but got " + action);
      }
    }
    if (!asked.isEmpty()) {
      requests += asked.size();
      hear(keeper.accept(asked));
    }
  }

  private Map<Cost, Long> counted() throws IOException {
    var counts = new EnumMap<Cost, Long>(Cost.class);
    for (var cost : Cost.values()) {
      counts.put(
          cost,
          switch (cost) {
            case REQUESTS -> requests;
            case KEEPER_REPORTS -> keeperReports;
            case PIPE_BYTES -> keeper.pipeBytes();
            case SPOOL_RECORDS -> keeper.spoolRecords();
            case SPOOL_BYTES -> keeper.spoolBytes();
            case REPORTS -> reports;
            case REPORT_BYTES -> reportBytes;
            case AGENT_ALLOCATED_BYTES -> allocated;
            case KEEPER_ALLOCATED_BYTES -> keeper.allocatedBytes();
          });
    }
    return counts;
  }

  @Test
  void aThousandTasksCostNoMoreThanTheirBounds() {
    System.out.println("1,000 tasks cost a node " + measured);
    assertThat(excesses(measured)).isEmpty();
  }

  @Test
  void aCostThatDoublesIsNamed() {
    var doubled = new EnumMap<>(measured);
    doubled.replaceAll((_, count) -> 2 * count);

    assertThat(excesses(doubled))
        .as("each cost has become so small that its bound is to be lowered, or is named")
        .hasSameSizeAs(Cost.values());
    assertThat(excesses(Map.of(Cost.REPORTS, 1_000L)))
        .containsExactly(
            "expected at most 140 reports to the head node for 1,000 tasks, but got 1000;"
                + " see docs/performance.md");
  }

  private static List<String> excesses(Map<Cost, Long> counts) {
    return counts.entrySet().stream()
        .filter(count -> count.getValue() > count.getKey().bound())
        .map(
            count ->
                "expected at most %d %s for 1,000 tasks, but got %d; see docs/performance.md"
                    .formatted(count.getKey().bound(), count.getKey().what, count.getValue()))
        .toList();
  }
}
