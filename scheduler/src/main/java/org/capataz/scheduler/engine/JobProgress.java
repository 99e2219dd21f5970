package org.capataz.scheduler.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;

/// What happens inside one job, without the policy: tasks start in the cores that the job holds, in
/// order and as their dependencies allow; cores that it cannot use go back; ends have their
/// consequences.
final class JobProgress {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final Consequences consequences;
  private final Waiting waiting;
  private final Placing placing;
  private Optional<Plan.Reclaim> reclaim = Optional.empty();

  JobProgress(ClusterState state, Consumer<Event> emit, Waiting waiting) {
    this.waiting = waiting;
    this.state = state;
    this.emit = emit;
    this.consequences = new Consequences(state, emit, this);
    this.placing = new Placing(state);
  }

  void reclaim(Optional<Plan.Reclaim> gathered) {
    reclaim = gathered;
  }

  Optional<Plan.Reclaim> reclaiming() {
    return reclaim;
  }

  /// Does all that the job can do by itself now.
  void advance(Job job, long now) {
    switch (job.life()) {
      case JobLife.Queued q -> {
        var failure = waiting.failure(job);
        if (failure.isPresent()) {
          stop(job, JobState.FAILED, failure.get(), now);
        } else if (isOver(job) && job.isEligible()) {
          emit.accept(new Event.JobStarted(job.id(), now));
          finish(job, now);
        }
      }
      case JobLife.Running r -> {
        start(job, now);
        if (isOver(job)) {
          finish(job, now);
        } else {
          handBackUnusable(job, now);
        }
      }
      case JobLife.Stopping stopping -> {
        if (job.live() == 0) {
          stopped(job, stopping, now);
        } else {
          for (var grant : List.copyOf(job.idleGrants())) {
            handBack(grant, grant.idle(), now);
          }
        }
      }
      case JobLife.Configuring c -> {}
      case JobLife.Ended e -> {}
    }
  }

  /// Whether nothing is to be expected of it.
  private static boolean isOver(Job job) {
    return job.isDone() && !job.spec().rules().runUntilCanceled();
  }

  // Starting.

  private void start(Job job, long now) {
    while (!job.runnable().isEmpty() && !job.idleGrants().isEmpty()) {
      var task = job.task(job.runnable().first());
      var placements = placing.place(job, task);
      if (placements.isEmpty()) {
        return;
      }
      var ordinal = task.pending().first();
      emit.accept(
          new Event.AttemptDispatched(
              job.id(),
              task.number(),
              ordinal,
              task.former(ordinal).number() + 1,
              placements,
              now));
    }
  }

  // Handing back.

  /// Hands back idle cores. A job keeps its minimum while something of it runs or is yet to come,
  /// but not cores of a node that takes no work, nor, if nothing runs, cores that its next run does
  /// not fit: it then claims others.
  private void handBackUnusable(Job job, long now) {
    var stalled = job.live() == 0 && !job.runnable().isEmpty();
    for (var grant : List.copyOf(job.idleGrants())) {
      var all = stalled || !grant.node().usable();
      var surplus = all ? grant.idle() : units(job, grant, grant.idle(), job.surplus());
      if (!surplus.isEmpty()) {
        handBack(grant, surplus, now);
      }
    }
  }

  /// At most so many whole units of some parts of a grant.
  private static Parts units(Job job, Grant grant, Parts parts, int most) {
    var unit = job.spec().resources().unit();
    var topology = grant.node().topology();
    var count = Math.min(topology.count(unit, parts), most);
    return count <= 0 ? Parts.NONE : topology.take(unit, count, parts);
  }

  private void handBack(Grant grant, Parts parts, long now) {
    var kept = grant.parts().minus(parts);
    emit.accept(
        kept.cores().isEmpty()
            ? new Event.GrantClosed(grant.job(), grant.id(), grant.node().id(), now)
            : new Event.GrantResized(
                grant.job(), grant.id(), grant.node().id(), kept, grant.busyMemoryMb(), now));
  }

  // Ending.

  /// Takes the end of a live attempt.
  void end(Attempt attempt, AttemptEnd end, long now) {
    var job = state.job(attempt.job());
    if (job == null) {
      throw new IllegalStateException("expected job " + attempt.job() + " to be known");
    }
    var task = job.task(attempt.task());
    var recorded = Consequences.recorded(attempt, end);
    var next = consequences.stateAfter(job, task, attempt, recorded);
    emit.accept(
        new Event.AttemptEnded(
            attempt.job(), attempt.task(), attempt.ordinal(), next, recorded, now));
    if (job.life() instanceof JobLife.Running) {
      consequences.follow(job, task, next, now);
    }
    yieldCores(job, attempt, now);
  }

  /// Hands back cores of a run that ended: those that their node no longer offers, and, if a job
  /// that waits could be helped by it, those that the job holds above its minimum.
  private void yieldCores(Job job, Attempt ended, long now) {
    if (!(job.life() instanceof JobLife.Running)) {
      return;
    }
    for (var placement : ended.placements()) {
      var grant = job.grantOn(placement.node());
      if (grant != null) {
        withdraw(grant, placement.parts(), now);
        var rest = placement.parts();
        rest = rest.minus(rest.minus(grant.parts()));
        var reclaimed =
            reclaim.isPresent() && reclaim.get().concerns(job.priority(), placement.node());
        var spare = reclaimed ? units(job, grant, rest, job.surplus()) : Parts.NONE;
        if (!spare.isEmpty()) {
          handBack(grant, spare, now);
        }
      }
    }
  }

  /// Has jobs hand back what they hold idle of cores that a node no longer offers.
  void withdraw(Node node, long now) {
    for (var job : state.running()) {
      var grant = job.grantOn(node.id());
      if (grant != null) {
        withdraw(grant, grant.idle(), now);
      }
    }
  }

  private void withdraw(Grant grant, Parts idle, long now) {
    var gone = idle.minus(grant.node().offered());
    if (!gone.isEmpty()) {
      handBack(grant, gone, now);
    }
  }

  /// Ends a job before its time: what has not run is dropped, what runs is told to stop.
  void stop(Job job, JobState then, String message, long now) {
    stop(job, then, message, Command.Manner.USUAL, now);
  }

  /// Ends a job before its time: what has not run is dropped.
  ///
  /// @param manner what becomes of what runs
  void stop(Job job, JobState then, String message, Command.Manner manner, long now) {
    emit.accept(new Event.JobStopping(job.id(), then, message, now));
    if (job.live() == 0 || manner == Command.Manner.GRACEFUL) {
      return;
    }
    var reason = then == JobState.FINISHED ? EndReason.TASK_FINISHED : EndReason.CANCELED;
    for (var task : job.tasks()) {
      for (var attempt : task.live()) {
        stop(attempt, reason, message, manner == Command.Manner.FORCED, now);
      }
    }
  }

  /// Tells a run to stop, unless it was told already and need not hurry more than it was told to.
  void stop(Attempt attempt, EndReason reason, String message, boolean force, long now) {
    var isTold =
        attempt.life() instanceof AttemptLife.Stopping stopping
            && stopping.reason() == reason
            && (stopping.force() || !force);
    if (!isTold) {
      emit.accept(
          new Event.AttemptStopping(
              attempt.job(), attempt.task(), attempt.ordinal(), reason, message, force, now));
    }
  }

  /// Lets a job feel that some of a task's instances were canceled.
  void canceled(Job job, Task task, long now) {
    consequences.canceled(job, task, now);
  }

  private void stopped(Job job, JobLife.Stopping stopping, long now) {
    handBackAll(job, now);
    emit.accept(
        stopping.then() == JobState.QUEUED
            ? new Event.JobRequeued(job.id(), false, state.nextOrder(), now)
            : new Event.JobEnded(job.id(), stopping.then(), stopping.message(), now));
  }

  private void finish(Job job, long now) {
    handBackAll(job, now);
    var counts = job.counts();
    var unfinished = counts.failed() + counts.canceled();
    var all = unfinished + counts.finished();
    emit.accept(
        unfinished == 0
            ? new Event.JobEnded(job.id(), JobState.FINISHED, "", now)
            : new Event.JobEnded(
                job.id(),
                JobState.FAILED,
                unfinished
                    + " of "
                    + all
                    + (counts.canceled() == 0 ? " failed" : " failed or were canceled"),
                now));
  }

  private void handBackAll(Job job, long now) {
    for (var grant : List.copyOf(job.grants())) {
      emit.accept(new Event.GrantClosed(job.id(), grant.id(), grant.node().id(), now));
    }
  }
}
