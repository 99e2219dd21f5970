package org.capataz.headnode.rpc;

import java.util.ArrayList;
import java.util.Optional;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.view.JobView;
import org.capataz.model.JobState;
import org.capataz.model.Moment;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Task;

/// Reasons why jobs and tasks wait that are no lack of resources, but rules of their own.
final class PendingRules {

  /// The model's PendingReason and one sentence.
  record Why(String reason, String sentence) {}

  private final EngineLoop loop;

  PendingRules(EngineLoop loop) {
    this.loop = loop;
  }

  /// Why the rest of a running job waits; empty if its own rules let it go on.
  Optional<Why> running(JobView job) {
    if (job.state() != JobState.RUNNING || job.counts().queued() == 0) {
      return Optional.empty();
    }
    return Answers.await(
        loop.read(
            state -> {
              var found = state.job(job.id());
              return found == null ? Optional.<Why>empty() : throttled(found);
            }));
  }

  /// Why a queued job is not even looked at; empty if only resources are missing.
  Optional<Why> queued(JobView job) {
    return Answers.await(
        loop.read(
            state -> {
              var found = state.job(job.id());
              return found == null || !found.isSubmitted()
                  ? Optional.<Why>empty()
                  : waiting(state, found);
            }));
  }

  private static Optional<Why> waiting(ClusterState state, Job job) {
    if (job.unfinishedParents() > 0) {
      return Optional.of(parents(state, job));
    }
    return job.holdUntil() == 0
        ? Optional.empty()
        : Optional.of(
            new Why(
                "HeldByUser",
                "it is held until "
                    + Moment.text(job.holdUntil())
                    + "; capataz job modify "
                    + job.id()
                    + " --holduntil now lets it go"));
  }

  private static Why parents(ClusterState state, Job job) {
    var open = new ArrayList<String>();
    for (var id : job.spec().rules().parents()) {
      var parent = state.job(id);
      var is = parent == null ? JobState.CANCELED : parent.life().state();
      if (is == JobState.FAILED || is == JobState.CANCELED) {
        return new Why(
            "ParentJobsCanceledOrFailed",
            "its parent job "
                + id
                + " is "
                + is
                + "; it starts when that has been requeued and has Finished");
      }
      if (is != JobState.FINISHED) {
        open.add("job " + id + " (" + is + ")");
      }
    }
    return new Why(
        "ParentJobsNotfinished",
        "it starts when its parent jobs have Finished: " + Explainer.some(open));
  }

  /// A throttle, if nothing but throttles keeps tasks from going on.
  private static Optional<Why> throttled(Job job) {
    if (!job.runnable().isEmpty() || job.ready() == 0) {
      return Optional.empty();
    }
    return job.tasks().stream()
        .filter(Task::isReady)
        .findFirst()
        .map(
            task ->
                new Why(
                    "MaxRunningReached",
                    "it is running: "
                        + job.counts().queued()
                        + " more wait because at most "
                        + task.maxRunning()
                        + " instances of "
                        + task.spec().title()
                        + " may run at once; capataz task modify "
                        + job.id()
                        + "."
                        + task.number()
                        + " --max-running N lets more run"));
  }
}
