package org.capataz.simulator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.QueueRules;
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
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;

/// Plays a trace through the engine of a head node, in virtual time: its jobs are submitted when
/// they were, with the limits that they had, and end as long after their start as they took. One
/// use each.
///
/// The engine's time is the trace's, so that what is reckoned from the time of a submission comes
/// to the same; a microsecond late, for 0 is no time to the engine.
public final class Replay {

  /// What becomes first of things that happen at the same second.
  public enum Ties {
    /// Ends, then submissions, then one look at the queue.
    BATCH,
    /// Submissions, then ends, and a look at the queue after each; what ends then by its limit
    /// counts as ended already.
    SERIAL
  }

  private static final long SECOND = 1_000_000;
  private static final int ENDED_AT_A_TIME = 4096;

  /// A job that runs.
  private record Run(long end, int number, Trace.Job job, int id) {}

  private final Trace trace;
  private final Ties ties;

  /// Whether reservations are made anew after each end.
  private final boolean remakes;

  private final ClusterState state = new ClusterState(new UUID(1, 1), 1);
  private final Engine engine = new Engine(state, new QueuePolicy(), this::heard);
  private final Map<Integer, Trace.Job> waiting = new HashMap<>();
  private final PriorityQueue<Run> running =
      new PriorityQueue<>(Comparator.comparingLong(Run::end).thenComparingInt(Run::number));
  private final long[] starts;
  private final Map<Trace.Job, Integer> places = new HashMap<>();
  private int arrived;
  private int started;
  private int ended;

  /// @param coresPerNode of each node, the last of which may have fewer
  /// @param parameters of the cluster
  public Replay(
      Trace trace, int coresPerNode, Ties ties, Map<ClusterParameter, String> parameters) {
    this.trace = trace;
    this.ties = ties;
    remakes =
        new ClusterSettings(parameters, Map.of()).queueRules().policy()
            == QueueRules.Policy.CONSERVATIVE;
    starts = new long[trace.jobs().size()];
    accepted(new Command.ChangeSettings(parameters, Map.of()), 1);
    for (var cores = 0; cores < trace.processors(); cores += coresPerNode) {
      connect(cores / coresPerNode + 1, Math.min(coresPerNode, trace.processors() - cores));
    }
  }

  private void connect(int number, int cores) {
    var found = new NodeOffer.Found(cores, 1, 1, List.of(), "", "");
    var offer = new NodeOffer(Topology.flat(cores), 1, found, List.of());
    var name = "n" + number;
    accepted(new Command.ConnectNode(new UUID(3, number), name, offer, "boot", List.of()), 1);
  }

  private int accepted(Command command, long now) {
    return engine.handle(command, now).orElseThrow();
  }

  /// Plays all of it.
  ///
  /// @return when each job of the trace started, in their order
  public long[] run() {
    while (arrived < trace.jobs().size() || !running.isEmpty() || !waiting.isEmpty()) {
      var now = next();
      switch (ties) {
        case BATCH -> batch(now);
        case SERIAL -> serial(now);
      }
    }
    return starts;
  }

  /// The second at which something happens next.
  private long next() {
    var next = Long.MAX_VALUE;
    if (arrived < trace.jobs().size()) {
      next = trace.jobs().get(arrived).submit();
    }
    if (!running.isEmpty()) {
      next = Math.min(next, running.peek().end());
    }
    var wakeup = engine.nextWakeup();
    next = wakeup == Long.MAX_VALUE ? next : Math.min(next, Math.ceilDiv(wakeup - 1, SECOND));
    if (next == Long.MAX_VALUE) {
      throw new IllegalStateException(
          "expected all jobs to start, but " + waiting.size() + " wait for nothing");
    }
    return next;
  }

  private void batch(long now) {
    while (endsAt(now)) {
      end(running.remove(), now);
      if (remakes) {
        settle(now);
      }
    }
    while (arrivesAt(now)) {
      arrive(now);
    }
    settle(now);
  }

  private void serial(long now) {
    var due = new ArrayList<Run>();
    for (var run : running) {
      if (run.end() == now && run.job().runtime() == run.job().estimate()) {
        due.add(run);
      }
    }
    due.forEach(run -> end(run, now));
    while (arrivesAt(now)) {
      arrive(now);
      settle(now);
    }
    while (endsAt(now)) {
      var run = running.remove();
      if (!due.contains(run)) {
        end(run, now);
      }
      settle(now);
    }
    settle(now);
  }

  private boolean endsAt(long now) {
    return !running.isEmpty() && running.peek().end() == now;
  }

  private boolean arrivesAt(long now) {
    return arrived < trace.jobs().size() && trace.jobs().get(arrived).submit() == now;
  }

  private static long micros(long seconds) {
    return seconds * SECOND + 1;
  }

  private void arrive(long now) {
    var job = trace.jobs().get(arrived);
    places.put(job, arrived);
    arrived++;
    var command = new Command.CreateJob(new UUID(2, arrived), "trace", draft(job), true);
    waiting.put(state.nextJob(), job);
    accepted(command, micros(now));
  }

  private static JobDraft draft(Trace.Job job) {
    var size = Integer.toString(job.processors());
    var task =
        TaskDraft.EMPTY
            .with(TaskProperty.COMMAND_LINE, "job")
            .with(TaskProperty.MIN_CORES, size)
            .with(TaskProperty.MAX_CORES, size);
    return JobDraft.EMPTY
        .with(JobProperty.RUNTIME_SECONDS, Long.toString(job.estimate()))
        .plus(task);
  }

  private void settle(long now) {
    engine.settle(micros(now));
  }

  private void heard(Event event) {
    if (event instanceof Event.JobStarted(var id, var time)) {
      var job = Objects.requireNonNull(waiting.remove(id));
      var start = (time - 1) / SECOND;
      starts[Objects.requireNonNull(places.remove(job))] = start;
      running.add(new Run(start + job.runtime(), ++started, job, id));
    }
  }

  private void end(Run run, long now) {
    var attempt = onlyAttempt(run.id());
    var start = micros(now - run.job().runtime());
    var end =
        new AttemptEnd(EndReason.EXITED, 0, start, micros(now), AttemptEnd.Usage.NONE, "", "");
    var reports = List.<AttemptReport>of(new AttemptReport.Ended(attempt.id(), end));
    for (var node : List.copyOf(attempt.nodes())) {
      accepted(new Command.Report(node, reports), micros(now));
    }
    ended++;
    if (ended % ENDED_AT_A_TIME == 0) {
      forgetEnded(now);
    }
  }

  private void forgetEnded(long now) {
    var last = 0;
    do {
      last = accepted(new Command.DeleteEndedJobs(last, micros(now)), micros(now));
    } while (last != 0);
  }

  private Attempt onlyAttempt(int job) {
    return Objects.requireNonNull(state.job(job)).task(1).live().iterator().next();
  }
}
