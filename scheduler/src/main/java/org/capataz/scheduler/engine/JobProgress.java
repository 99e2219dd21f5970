package org.capataz.scheduler.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
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
import org.jspecify.annotations.Nullable;

/// What happens inside one job, without the policy: tasks start in the cores that the job holds, in
/// order and as their dependencies allow; cores that it cannot use go back; ends have their
/// consequences.
final class JobProgress {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final Consequences consequences;
  private final Waiting waiting;
  private final Placing placing;
  private final NodeTasks nodeTasks;
  private final Services services;
  private final Backlog backlog;
  private Optional<Plan.Reclaim> reclaim = Optional.empty();

  JobProgress(ClusterState state, Consumer<Event> emit, Waiting waiting, Memory memory) {
    this.waiting = waiting;
    this.state = state;
    this.emit = emit;
    this.consequences = new Consequences(state, emit, this);
    this.placing = new Placing(state, memory);
    this.nodeTasks = new NodeTasks(state, emit);
    this.services = new Services(state, emit);
    this.backlog = new Backlog(state, emit, placing, this::isReclaimed);
  }

  NodeTasks nodeTasks() {
    return nodeTasks;
  }

  Services services() {
    return services;
  }

  Backlog backlog() {
    return backlog;
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
        var dropped = nodeTasks.dropUnusable(job, now);
        if (reclaim.isPresent()) {
          backlog.giveWay(job, now);
        }
        start(job, now);
        backlog.fill(job, this::rerunAfter, now);
        backlog.spread(job, now);
        var hopeless = dropped || job.live() == 0 ? nodeTasks.hopeless(job) : "";
        if (isOver(job)) {
          finish(job, now);
        } else if (!hopeless.isEmpty()) {
          stop(job, JobState.FAILED, hopeless, now);
        } else {
          handBackUnusable(job, now);
        }
      }
      case JobLife.Stopping stopping -> {
        handBackIdle(job, now);
        if (job.live() == 0) {
          stopped(job, stopping, now);
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
              false,
              rerunAfter(task),
              now));
      backlog.begun(task.live(ordinal));
    }
  }

  /// What would run again if it is lost has a lease.
  private int rerunAfter(Task task) {
    return task.spec().rerunnable() && !task.spec().kind().isOpen()
        ? state.settings().rerunAfterSeconds()
        : 0;
  }

  // Handing back.

  /// Hands back idle cores. A job keeps its minimum while something of it runs or is yet to come,
  /// but not cores of a node that takes no work, nor, if nothing runs, cores that its next run does
  /// not fit: it then claims others.
  private void handBackUnusable(Job job, long now) {
    var stalled = job.live() == 0 && !job.runnable().isEmpty();
    var pauses = ClusterState.pausedUntil(job) != 0;
    var comesBack = backlog.isComingBack(job);
    for (var grant : List.copyOf(job.idleGrants())) {
      // A service that pauses is about to go on, and so is what comes back to run elsewhere, unless
      // somebody waits for what is held.
      var keeps = (pauses || comesBack) && !isReclaimed(job, grant);
      var spare = keeps ? 0 : job.surplus();
      var all = stalled || !grant.node().usable();
      var surplus = all ? grant.idle() : units(job, grant, grant.idle(), spare);
      if (!surplus.isEmpty()) {
        handBack(job, grant, surplus, now);
      }
    }
  }

  /// Whether a job that waits could be helped by what another holds above its minimum.
  private boolean isReclaimed(Job job, Grant grant) {
    return reclaim.isPresent() && reclaim.get().concerns(job.priority(), grant.node().id());
  }

  /// At most so many whole units of some parts of a grant.
  private static Parts units(Job job, Grant grant, Parts parts, int most) {
    var unit = job.spec().resources().unit();
    var topology = grant.node().topology();
    var count = Math.min(topology.count(unit, parts), most);
    return count <= 0 ? Parts.NONE : topology.take(unit, count, parts);
  }

  private void handBack(Job job, Grant grant, Parts parts, long now) {
    var kept = grant.parts().minus(parts);
    if (kept.cores().isEmpty()) {
      nodeTasks.leave(job, grant, now);
    } else {
      emit.accept(
          new Event.GrantResized(
              grant.job(), grant.id(), grant.node().id(), kept, grant.busyMemoryMb(), now));
    }
  }

  // Ending.

  /// Takes the end of what one of its nodes has of a live attempt. While others are left, the
  /// attempt is not over, and keeps all of its cores.
  void end(Attempt attempt, int node, AttemptEnd part, long now) {
    if (attempt.nodes().size() == 1) {
      var valid = known(attempt).task(attempt.task()).spec().rules().validExitCodes();
      end(attempt, attempt.endAfter(node, part, valid), now);
    } else {
      var end = part.message().isEmpty() && node != attempt.leadNode() ? named(node, part) : part;
      emit.accept(
          new Event.AttemptPartEnded(
              attempt.job(), attempt.task(), attempt.ordinal(), node, end, now));
    }
  }

  private Job known(Attempt attempt) {
    var job = state.job(attempt.job());
    if (job == null) {
      throw new IllegalStateException("expected job " + attempt.job() + " to be known");
    }
    return job;
  }

  /// Of many nodes, one that was lost is to be found.
  private AttemptEnd named(int node, AttemptEnd part) {
    var at = state.node(node);
    return at == null || !part.reason().isInfrastructure()
        ? part
        : part.withReason(
            part.reason(),
            part.reason() == EndReason.NODE_STOPPED
                ? "node " + at.name() + " was stopped"
                : "node " + at.name() + " no longer knows what ran there");
  }

  private void end(Attempt attempt, AttemptEnd end, long now) {
    var job = known(attempt);
    var task = job.task(attempt.task());
    var recorded = Consequences.recorded(attempt, end);
    var next = consequences.stateAfter(job, task, attempt, recorded);
    if (end.startTime() != 0) {
      nodeTasks.started(attempt, now);
    }
    var heir = heir(job, attempt);
    var recall = heir == null ? null : heir.life();
    emit.accept(
        new Event.AttemptEnded(
            attempt.job(), attempt.task(), attempt.ordinal(), next, recorded, now));
    backlog.begun(heir);
    if (heir != null && recall instanceof AttemptLife.Recalled(var why) && stopsAfter(why)) {
      stop(heir, why.reason(), why.message(), why.force(), now);
    }
    if (recorded.reason() == EndReason.RECALLED) {
      dropped(job, attempt, now);
      return;
    }
    switch (task.spec().kind()) {
      case NODE_PREP -> withdraw(job, attempt, now);
      case NODE_RELEASE -> nodeTasks.released(job, attempt, now);
      case SERVICE -> {
        var failure = services.ended(job, attempt, recorded, next, now);
        if (failure.isPresent()) {
          stop(job, JobState.FAILED, failure.get(), now);
        }
        yieldCores(job, attempt, now);
      }
      case BASIC, PARAMETRIC_SWEEP -> {
        if (job.life() instanceof JobLife.Running) {
          consequences.follow(job, task, next, now);
        }
        yieldCores(job, attempt, now);
      }
    }
  }

  /// Who takes over the cores of an attempt when it ends; null if nobody does.
  private static @Nullable Attempt heir(Job job, Attempt attempt) {
    var grant = job.grantOn(attempt.leadNode());
    return grant == null || attempt.isBehind() ? null : grant.behind(attempt);
  }

  /// Whether one that was to be given back, and may have begun all the same, is to be stopped.
  private static boolean stopsAfter(AttemptLife.Step.Stop recall) {
    return recall.reason() != EndReason.RECALLED && recall.reason() != EndReason.JOB_ENDED;
  }

  /// Takes it that an attempt was given back before it began: its instance waits again, unless it
  /// is no more to run.
  private void dropped(Job job, Attempt attempt, long now) {
    var why =
        attempt.life() instanceof AttemptLife.Recalled(var recall)
            ? Optional.of(recall)
            : attempt.life().told();
    var message = why.map(AttemptLife.Step.Stop::message).orElse("");
    switch (job.life()) {
      case JobLife.Running r -> {
        var reason = why.map(AttemptLife.Step.Stop::reason).orElse(EndReason.RECALLED);
        if (reason != EndReason.RECALLED && reason != EndReason.REQUEUED) {
          skip(attempt, EndReason.CANCELED, message, now);
        }
        yieldCores(job, attempt, now);
      }
      case JobLife.Stopping stopping when stopping.then() != JobState.QUEUED ->
          skip(attempt, EndReason.JOB_ENDED, stopping.message(), now);
      case JobLife.Stopping s -> {}
      case JobLife.Configuring c -> {}
      case JobLife.Queued q -> {}
      case JobLife.Ended e -> {}
    }
  }

  private void skip(Attempt attempt, EndReason reason, String message, long now) {
    emit.accept(
        new Event.InstanceSkipped(
            attempt.job(),
            attempt.task(),
            attempt.ordinal(),
            TaskState.CANCELED,
            reason,
            message,
            now));
  }

  /// Hands back cores of a run that ended: those that their node no longer offers, and, if a job
  /// that waits could be helped by it, those that the job holds above its minimum.
  private void yieldCores(Job job, Attempt ended, long now) {
    if (!(job.life() instanceof JobLife.Running)) {
      return;
    }
    withdraw(job, ended, now);
    for (var placement : ended.placements()) {
      var grant = job.grantOn(placement.node());
      if (grant != null && grant.isUsable()) {
        // Those that another has taken over are not spare.
        var rest = placement.parts();
        rest = rest.minus(rest.minus(grant.idle()));
        var spare = isReclaimed(job, grant) ? units(job, grant, rest, job.surplus()) : Parts.NONE;
        if (!spare.isEmpty()) {
          handBack(job, grant, spare, now);
        }
      }
    }
  }

  /// Hands back what a run had of what its nodes no longer offer.
  private void withdraw(Job job, Attempt ended, long now) {
    for (var placement : ended.placements()) {
      var grant = job.grantOn(placement.node());
      if (grant != null && grant.isUsable() && job.life() instanceof JobLife.Running) {
        var parts = placement.parts();
        withdraw(job, grant, parts.minus(parts.minus(grant.idle())), now);
      }
    }
  }

  /// Has jobs hand back what they hold idle of cores that a node no longer offers.
  void withdraw(Node node, long now) {
    for (var job : state.running()) {
      var grant = job.grantOn(node.id());
      if (grant != null && grant.isUsable()) {
        withdraw(job, grant, grant.idle(), now);
      }
    }
  }

  private void withdraw(Job job, Grant grant, Parts idle, long now) {
    var gone = idle.minus(grant.node().offered());
    if (!gone.isEmpty()) {
      handBack(job, grant, gone, now);
    }
  }

  /// Ends a job: what has not run is dropped, what runs is told to stop, and its nodes are
  /// released.
  void stop(Job job, JobState then, String message, long now) {
    stop(job, then, message, Command.Manner.USUAL, now);
  }

  /// Ends a job: what has not run is dropped.
  ///
  /// @param manner what becomes of what runs; if forced, its nodes are left without a release
  void stop(Job job, JobState then, String message, Command.Manner manner, long now) {
    var force = manner == Command.Manner.FORCED;
    emit.accept(new Event.JobStopping(job.id(), then, message, force, now));
    if (job.live() == 0) {
      return;
    }
    if (manner == Command.Manner.GRACEFUL) {
      List.copyOf(job.assigned())
          .forEach(run -> backlog.recall(run, EndReason.JOB_ENDED, message, false, now));
      return;
    }
    var reason = then == JobState.FINISHED ? EndReason.TASK_FINISHED : EndReason.CANCELED;
    for (var task : job.tasks()) {
      if (force || task.spec().kind() != TaskKind.NODE_RELEASE) {
        task.live().forEach(attempt -> stop(attempt, reason, message, force, now));
      }
    }
  }

  /// Tells a run to stop, unless it was told already and need not hurry more than it was told to.
  void stop(Attempt attempt, EndReason reason, String message, boolean force, long now) {
    if (attempt.isBehind()) {
      backlog.recall(attempt, reason, message, force, now);
      return;
    }
    var isTold =
        attempt
            .life()
            .told()
            .filter(told -> told.reason() == reason && (told.force() || !force))
            .isPresent();
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
    emit.accept(
        stopping.then() == JobState.QUEUED
            ? new Event.JobRequeued(job.id(), false, state.nextOrder(), now)
            : new Event.JobEnded(job.id(), stopping.then(), stopping.message(), now));
  }

  private void finish(Job job, long now) {
    var message = failure(job);
    var result = message.isEmpty() ? JobState.FINISHED : JobState.FAILED;
    if (job.live() > 0 || nodeTasks.takesTime(job)) {
      stop(job, result, message, now);
    } else {
      handBackIdle(job, now);
      emit.accept(new Event.JobEnded(job.id(), result, message, now));
    }
  }

  /// Why a job has failed of which all tasks are done; empty if it has finished. A service, which
  /// has no end of its own, is judged as a whole.
  private static String failure(Job job) {
    var service = job.service();
    if (service != null) {
      return service.state() == TaskState.FINISHED
          ? ""
          : service.spec().title()
              + (service.state() == TaskState.CANCELED ? " was canceled" : " failed");
    }
    var counts = job.counts();
    var unfinished = counts.failed() + counts.canceled();
    return unfinished == 0
        ? ""
        : unfinished
            + " of "
            + (unfinished + counts.finished())
            + (counts.canceled() == 0 ? " failed" : " failed or were canceled");
  }

  /// Hands back all in which nothing runs.
  private void handBackIdle(Job job, long now) {
    nodeTasks.dropUnusable(job, now);
    for (var grant : List.copyOf(job.idleGrants())) {
      handBack(job, grant, grant.idle(), now);
    }
  }
}
