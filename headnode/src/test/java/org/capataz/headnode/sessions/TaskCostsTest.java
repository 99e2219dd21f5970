package org.capataz.headnode.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.loop.RunningLoop;
import org.capataz.headnode.store.CountingFiles;
import org.capataz.headnode.store.Store;
import org.capataz.headnode.view.Board;
import org.capataz.model.EndReason;
import org.capataz.proto.v1.HeadMessage;
import org.capataz.proto.v1.Start;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.wire.Identities;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the head node does for the tasks of a sweep: counted, so that it is the same on any
/// machine, where the time that it takes is not. All runs on one thread: a node that is ordered to
/// start tasks, be it behind others, reports their ends, in one report, before the engine's next
/// turn; so all batches are alike.
class TaskCostsTest {

  private static final int NODES = 4;
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
    COMMITS("commits", 10), // 8: the submission, and ends that were told together
    WRITTEN_BYTES("bytes written to the database's file", 240_000), // 196,608
    SYNCS("syncs of the database's file", 20), // 15, or one more when H2 shortens the file
    EVENTS("events", 2_100), // 2,013: a start and an end each
    RECORDS("journal records", 10), // 8: one a commit
    ORDERS("messages to nodes", 36), // 29: one to each node after each commit
    ORDER_BYTES("bytes of messages to nodes", 110_000), // 99,054
    ALLOCATED_BYTES("bytes allocated by the engine's thread", 18_900_000); // 16,958,000

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

  @TempDir static Path directory;
  private static Map<Cost, Long> measured = Map.of();

  @BeforeAll
  @Timeout(120)
  static void aSweepRuns() {
    measured = new Cluster(directory).run();
  }

  @Test
  void aThousandTasksCostNoMoreThanTheirBounds() {
    System.out.println("1,000 tasks cost a head node " + measured);
    assertThat(excesses(measured)).isEmpty();
  }

  @Test
  void aCostThatDoublesIsNamed() {
    var doubled = new EnumMap<>(measured);
    doubled.replaceAll((_, count) -> 2 * count);

    assertThat(excesses(doubled))
        .as("each cost has become so small that its bound is to be lowered, or is named")
        .hasSameSizeAs(Cost.values());
    assertThat(excesses(Map.of(Cost.COMMITS, 1_000L)))
        .containsExactly(
            "expected at most 10 commits for 1,000 tasks, but got 1000; see docs/performance.md");
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

  /// A head node and its nodes. It runs one sweep for all to be as it stays, and another to count.
  private static final class Cluster {
    private final Store store;
    private final EngineLoop loop;
    private long micros = 1_700_000_000_000_000L;
    private long commits;
    private long events;
    private long orders;
    private long orderBytes;

    /// What the nodes' part of the thread's work allocates.
    private long allocatedByNodes;

    private int unacknowledged;

    /// As of the end of each sweep.
    private final List<Map<Cost, Long>> counts = new ArrayList<>();

    Cluster(Path directory) {
      store = CountingFiles.open(directory);
      loop =
          new EngineLoop(
              counting(),
              () -> {
                throw new AssertionError("expected no commit to fail");
              },
              new QueuePolicy(),
              () -> micros += 137,
              new Board());
    }

    private Store counting() {
      return (Store)
          Proxy.newProxyInstance(
              Store.class.getClassLoader(),
              new Class<?>[] {Store.class},
              (_, method, given) -> {
                if (method.getName().equals("commit")) {
                  commits++;
                  events += ((List<?>) given[0]).size();
                }
                return method.invoke(store, given);
              });
    }

    Map<Cost, Long> run() {
      for (var name = 1; name <= NODES; name++) {
        var node = new Node();
        var session = new NodeSession(node, Runnable::run, _ -> null);
        var _ =
            loop.connect(RunningLoop.greeting("n" + name, CORES), session)
                .thenAccept(answer -> node.id = answer.orElseThrow());
      }
      submit();
      loop.run();
      var difference = new EnumMap<>(counts.getLast());
      counts.getFirst().forEach((cost, count) -> difference.merge(cost, -count, Long::sum));
      return difference;
    }

    private void submit() {
      unacknowledged = TASKS;
      var draft = RunningLoop.job(RunningLoop.sweep(TASKS));
      var _ = loop.ask(new Command.CreateJob(new UUID(7, micros), "ana", draft, true));
    }

    private void acknowledged(int count) {
      unacknowledged -= count;
      if (count > 0 && unacknowledged == 0) {
        counts.add(counted());
        if (counts.size() == 1) {
          submit();
        } else {
          loop.stop();
        }
      }
    }

    private Map<Cost, Long> counted() {
      var counts = new EnumMap<Cost, Long>(Cost.class);
      for (var cost : Cost.values()) {
        counts.put(
            cost,
            switch (cost) {
              case COMMITS -> commits;
              case WRITTEN_BYTES -> CountingFiles.WRITTEN.get();
              case SYNCS -> CountingFiles.SYNCS.get();
              case EVENTS -> events;
              case RECORDS -> store.sequence();
              case ORDERS -> orders;
              case ORDER_BYTES -> orderBytes;
              case ALLOCATED_BYTES -> THREADS.getCurrentThreadAllocatedBytes() - allocatedByNodes;
            });
      }
      return counts;
    }

    /// A node's end of the stream.
    private final class Node implements StreamObserver<HeadMessage> {
      private int id;

      @Override
      public void onNext(HeadMessage message) {
        var allocated = THREADS.getCurrentThreadAllocatedBytes();
        orders++;
        orderBytes += message.getSerializedSize();
        var started = message.getOrders().getStartsList();
        if (!started.isEmpty()) {
          var ends = started.stream().map(this::ended).toList();
          var _ = loop.ask(new Command.Report(id, ends));
        }
        acknowledged(message.getOrders().getAcknowledgedCount());
        allocatedByNodes += THREADS.getCurrentThreadAllocatedBytes() - allocated;
      }

      /// With figures that differ as real ones do.
      private AttemptReport ended(Start start) {
        var attempt = Identities.ofMessage(start.getAttempt());
        var hash = attempt.instance().instance() * 0x9E3779B97F4A7C15L;
        var usage =
            new AttemptEnd.Usage(
                20_000 + (hash >>> 52),
                3_000 + (hash >>> 44 & 0x3FF),
                9_000 + (hash >>> 36 & 0xFF));
        return new AttemptReport.Ended(
            attempt,
            new AttemptEnd(EndReason.EXITED, 0, micros - (hash >>> 50), micros, usage, "", ""));
      }

      @Override
      public void onError(Throwable cause) {
        assertThat(counts).as("sweeps before the end: " + cause).hasSize(2);
      }

      @Override
      public void onCompleted() {}
    }
  }
}
