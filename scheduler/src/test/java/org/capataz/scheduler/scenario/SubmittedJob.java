package org.capataz.scheduler.scenario;

import java.util.List;
import java.util.Objects;
import org.capataz.model.JobState;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Task;

/// A job of a scenario, as the head node knows it at the moment of asking.
final class SubmittedJob {
  private final ClusterState state;
  private final int id;

  SubmittedJob(ClusterState state, int id) {
    this.state = state;
    this.id = id;
  }

  int id() {
    return id;
  }

  Job job() {
    return Objects.requireNonNull(state.job(id));
  }

  JobState state() {
    return job().life().state();
  }

  /// Cores that it holds. The nodes that it holds something of.
  List<String> nodes() {
    return job().grants().stream().map(grant -> grant.node().name()).toList();
  }

  int cores() {
    return job().grantedCores();
  }

  Job.Counts counts() {
    return job().counts();
  }

  String message() {
    return switch (job().life()) {
      case JobLife.Ended ended -> ended.message();
      case JobLife.Stopping stopping -> stopping.message();
      case JobLife.Configuring c -> "";
      case JobLife.Queued q -> "";
      case JobLife.Running r -> "";
    };
  }

  List<Task> tasks() {
    return job().tasks();
  }

  OpenTask prep() {
    return Objects.requireNonNull(job().prep());
  }

  OpenTask release() {
    return Objects.requireNonNull(job().release());
  }

  OpenTask service() {
    return Objects.requireNonNull(job().service());
  }

  Instance onlyTask() {
    return task(1);
  }

  Instance task(int number) {
    return instance(number, 0);
  }

  Instance task(String name) {
    for (var task : tasks()) {
      if (task.spec().name().equals(name)) {
        return task(task.number());
      }
    }
    throw new AssertionError("expected a task " + name);
  }

  /// An instance by its place in the sweep, from 0.
  Instance instance(int task, int ordinal) {
    return new Instance(state, id, task, ordinal);
  }
}
