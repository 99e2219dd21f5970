package org.capataz.scheduler.scenario;

import java.util.List;
import java.util.Objects;
import org.capataz.model.EndReason;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Task;

/// One instance of a task, as the head node knows it at the moment of asking.
final class Instance {
  private final ClusterState cluster;
  private final int job;
  private final int task;
  private final int ordinal;

  Instance(ClusterState cluster, int job, int task, int ordinal) {
    this.cluster = cluster;
    this.job = job;
    this.task = task;
    this.ordinal = ordinal;
  }

  private Task task() {
    return Objects.requireNonNull(cluster.job(job)).task(task);
  }

  Attempt live() {
    return Objects.requireNonNull(
        task().live(ordinal), () -> "expected " + this + " to be live, but it is " + state());
  }

  TaskState state() {
    var live = task().live(ordinal);
    if (live != null) {
      return live.life().state();
    }
    if (task().pending().contains(ordinal)) {
      return TaskState.QUEUED;
    }
    for (var skipped : task().skipped()) {
      if (skipped.ordinals().contains(ordinal)) {
        return skipped.state();
      }
    }
    return Objects.requireNonNull(task().ended().snapshot().latest(ordinal)).state();
  }

  /// Which run of it is live.
  int attempt() {
    return live().number();
  }

  /// Nodes that its live run has cores of, the one that its command runs on first.
  List<String> nodes() {
    return live().placements().stream()
        .map(placement -> Objects.requireNonNull(cluster.node(placement.node())).name())
        .toList();
  }

  int cores() {
    return live().cores();
  }

  /// Why it ended, the last time that it ran or did not.
  EndReason endReason() {
    for (var skipped : task().skipped()) {
      if (skipped.ordinals().contains(ordinal)) {
        return skipped.reason();
      }
    }
    return Objects.requireNonNull(task().ended().snapshot().latest(ordinal)).end().reason();
  }

  String endMessage() {
    for (var skipped : task().skipped()) {
      if (skipped.ordinals().contains(ordinal)) {
        return skipped.message();
      }
    }
    return Objects.requireNonNull(task().ended().snapshot().latest(ordinal)).end().message();
  }

  /// What it used, the last time that it ran.
  AttemptEnd.Usage usage() {
    return Objects.requireNonNull(task().ended().snapshot().latest(ordinal)).end().usage();
  }

  @Override
  public String toString() {
    return job + "." + task + " at " + ordinal;
  }
}
