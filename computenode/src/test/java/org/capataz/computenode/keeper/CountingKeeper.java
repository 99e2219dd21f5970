package org.capataz.computenode.keeper;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;

/// A keeper that counts what it does: its [KeeperState], [Spool] and [Frames] are real, and what it
/// runs starts at once and ends when a test says so.
public final class CountingKeeper implements AutoCloseable {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final KeeperState state = new KeeperState("boot", List.of());
  private final ByteArrayOutputStream pipe = new ByteArrayOutputStream();
  private final Frames frames = new Frames(InputStream.nullInputStream(), pipe);
  private final List<Report.Running> running = new ArrayList<>();
  private final Path file;
  private final Spool spool;
  private long micros = 1_700_000_000_000_000L;
  private long allocated;

  public CountingKeeper(Path file) throws IOException {
    this.file = file;
    spool = new Spool(file, "boot", List.of());
  }

  /// Takes requests, and starts what is to be started.
  ///
  /// @return what the agent is told
  public List<Report> accept(Collection<Request> requests) throws IOException {
    frames.send(requests);
    var told = new ArrayList<Report>();
    for (var request : requests) {
      post(new Input.FromAgent(request), told);
    }
    while (state.hasWaiting()) {
      var before = THREADS.getCurrentThreadAllocatedBytes();
      var next = state.begin(now());
      allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
      if (next instanceof Request.Start(var attempt, var execution, var lane)) {
        spool.append(new Begun(attempt, execution.limits(), lane));
        var process = new ProcessId(attempt.instance().job(), micros / 10_000);
        var started = new Report.Running(attempt, process, micros, false);
        running.add(started);
        post(new Input.Started(started), told);
      }
    }
    frames.send(told);
    return told;
  }

  /// Lets all that runs end.
  ///
  /// @return what the agent is told
  public List<Report> endAll() throws IOException {
    var told = new ArrayList<Report>();
    for (var run : running) {
      var usage = new ResourceUsage(20_000, 3_000, 9_000);
      var outcome =
          new Report.Outcome(new ExitStatus.Code(0), run.startMicros(), micros, usage, "");
      post(new Input.Exited(run.attempt(), outcome), told);
    }
    running.clear();
    frames.send(told);
    return told;
  }

  private void post(Input input, List<Report> told) throws IOException {
    var before = THREADS.getCurrentThreadAllocatedBytes();
    var actions = state.on(input, now());
    allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
    for (var action : actions) {
      switch (action) {
        case Action.Note(var fact) -> spool.append(fact);
        case Action.Tell(var report) -> told.add(report);
        case Action.Kill _ -> {}
        default -> throw new AssertionError("expected tasks that end by themselves: " + action);
      }
    }
  }

  private Moment now() {
    micros += 137;
    return new Moment(micros / 1_000, micros);
  }

  /// Bytes that have gone either way between it and the agent.
  public long pipeBytes() {
    return pipe.size();
  }

  public long spoolRecords() throws IOException {
    return Spool.read(file).records().size();
  }

  public long spoolBytes() throws IOException {
    return Files.size(file);
  }

  /// Bytes that its state has allocated.
  public long allocatedBytes() {
    return allocated;
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
