package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
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

/// A sweep that runs on one node, and is stored as it goes on.
final class SweepRun {
  private final Store store;
  private final ClusterState state;
  private final Engine engine;
  private final List<Event> events = new ArrayList<>();
  private long now = 1_700_000_000_000_000L;
  private int commits;

  SweepRun(Store store, int cores, int instances) {
    this.store = store;
    state = new ClusterState(store.cluster(), store.epoch());
    engine = new Engine(state, new QueuePolicy(), events::add);
    var found = new NodeOffer.Found(cores, 1, 64_000, List.of(), "Linux", "amd64");
    var offer = new NodeOffer(Topology.flat(cores), 64_000, found, List.of());
    handle(new Command.ConnectNode(new UUID(1, 1), "n1", offer, "boot", List.of()));
    var task =
        TaskDraft.EMPTY
            .with(TaskProperty.COMMAND_LINE, "work *")
            .with(TaskProperty.TYPE, "ParametricSweep")
            .with(TaskProperty.END_VALUE, "" + instances);
    handle(new Command.CreateJob(new UUID(2, 2), "user", JobDraft.EMPTY.plus(task), true));
    commit();
  }

  ClusterState state() {
    return state;
  }

  int commits() {
    return commits;
  }

  private void handle(Command command) {
    engine.handle(command, now);
  }

  private void commit() {
    engine.settle(now);
    store.commit(events, state);
    events.clear();
    commits++;
  }

  /// Lets the oldest instances end, in one commit, and others start in their place, in another.
  ///
  /// @return whether there were any
  boolean end(int count) {
    var running = List.copyOf(state.nodes().iterator().next().attempts());
    var ending = running.subList(0, Math.min(count, running.size()));
    now += 31_415;
    handle(
        new Command.Report(
            1, ending.stream().map(attempt -> (AttemptReport) ended(attempt)).toList()));
    commit();
    now += 2_718;
    var started =
        state.nodes().iterator().next().attempts().stream()
            .filter(attempt -> attempt.life().startTime() == 0)
            .map(attempt -> (AttemptReport) new AttemptReport.Running(attempt.id(), now - 271))
            .toList();
    if (!started.isEmpty()) {
      handle(new Command.Report(1, started));
      commit();
    }
    return !ending.isEmpty();
  }

  /// An end whose figures differ from those of others as real ones do.
  private AttemptReport.Ended ended(Attempt attempt) {
    var hash = attempt.ordinal() * 0x9E3779B97F4A7C15L;
    var start = attempt.life().startTime() == 0 ? now : attempt.life().startTime();
    var usage =
        new AttemptEnd.Usage(
            20_000 + (hash >>> 52), 3_000 + (hash >>> 44 & 0x3FF), 9_000 + (hash >>> 36 & 0xFF));
    var end = now - (hash >>> 28 & 0xFF);
    return new AttemptReport.Ended(
        attempt.id(), new AttemptEnd(EndReason.EXITED, 0, start, end, usage, "", ""));
  }
}
