package org.capataz.scheduler.state;

import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.GrantLife;

/// Carries out what has happened to jobs.
final class JobEvents {

  private final Jobs jobs;
  private final JobLists lists;
  private final JobMoves moves;
  private final Grants grants;
  private final Attempts attempts;

  JobEvents(Jobs jobs, JobLists lists, JobMoves moves, Grants grants, Attempts attempts) {
    this.jobs = jobs;
    this.lists = lists;
    this.moves = moves;
    this.grants = grants;
    this.attempts = attempts;
  }

  /// @param epoch when it happened
  void apply(Event.OfJob event, long epoch) {
    if (event instanceof Event.JobCreated created) {
      jobs.create(created);
      return;
    }
    var job = jobs.known(event.job());
    switch (event) {
      case Event.JobCreated c -> throw new AssertionError(c);
      case Event.JobModified modified -> moves.modify(job, modified);
      case Event.JobConfigured configured -> moves.configure(job, configured);
      case Event.JobBlocked(var id, var reason, var time) -> job.block(reason, time);
      case Event.JobProgressed(var id, var percent, var message, var time) ->
          job.progress(new Facts.Progress(percent, message));
      case Event.JobDeleted d -> {
        moves.delete(job);
        return;
      }
      case Event.TasksAdded added -> moves.extend(job, added);
      case Event.JobSubmitted submitted -> moves.submit(job, submitted);
      case Event.JobStarted started -> moves.start(job, started);
      case Event.JobStopping stopping -> moves.stop(job, stopping);
      case Event.JobEnded ended -> moves.end(job, ended);
      case Event.HoldChanged(var id, var until, var byFilter, var time) ->
          moves.hold(job, new Facts.Hold(until, byFilter));
      case Event.JobRequeued requeued -> moves.requeue(job, requeued);
      case Event.GrantOpened opened -> grants.open(job, opened);
      case Event.GrantResized(var id, var grant, var node, var parts, var memory, var time) ->
          grants.resize(job, grant, new GrantLife.Step.Resize(parts, memory, time));
      case Event.GrantClosed(var id, var grant, var node, var time) ->
          grants.resize(job, grant, new GrantLife.Step.Close(time));
      case Event.GrantUsed(var id, var grant, var node, var time) -> grants.known(grant).use();
      case Event.GrantLost(var id, var grant, var node, var time) -> grants.lose(job, grant);
      case Event.AttemptDispatched dispatched -> attempts.dispatch(job, dispatched, epoch);
      case Event.AttemptRecalled recalled -> attempts.recall(job, recalled);
      case Event.AttemptStarted started -> attempts.start(job, started);
      case Event.AttemptStopping stopping -> attempts.stop(job, stopping);
      case Event.AttemptPartEnded ended -> attempts.endPart(job, ended);
      case Event.AttemptEnded ended -> attempts.end(job, ended);
      case Event.TaskSkipped(var id, var task, var state, var reason, var message, var time) -> {
        // A service does not pause any more, and its place among the paused depends on the pace.
        lists.paused.remove(job);
        job.work().skip(job.task(task), state, reason, message, time);
      }
      case Event.InstanceSkipped(
              var id,
              var task,
              var ordinal,
              var state,
              var reason,
              var message,
              var time) ->
          job.work().skip(job.task(task), ordinal, state, reason, message, time);
      case Event.TaskRequeued(var id, var task, var time) -> job.work().requeue(job.task(task));
      case Event.InstanceRequeued(var id, var task, var ordinal, var time) ->
          job.work().requeue(job.task(task), ordinal);
      case Event.ThrottleChanged(var id, var task, var maxRunning, var time) ->
          job.work().throttle(job.task(task), maxRunning);
      case Event.ServicePaced(var id, var task, var pace, var time) -> {
        // Its place among the paused depends on the pace.
        lists.paused.remove(job);
        job.pace(pace);
      }
    }
    lists.refile(job);
  }
}
