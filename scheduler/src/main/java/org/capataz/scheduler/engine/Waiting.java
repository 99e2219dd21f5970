package org.capataz.scheduler.engine;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.capataz.model.JobRules;
import org.capataz.model.JobState;
import org.capataz.model.Moment;
import org.capataz.model.PendingReason;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.jspecify.annotations.Nullable;

/// Queued jobs that wait for other jobs, or for a time.
final class Waiting {

  /// The farthest that a job may be held, in microseconds: a year, whatever its length.
  private static final long LONGEST_HOLD = 366L * 24 * 3600 * 1_000_000;

  private final ClusterState state;
  private final Consumer<Event> emit;

  Waiting(ClusterState state, Consumer<Event> emit) {
    this.state = state;
    this.emit = emit;
  }

  // At the door.

  /// Why a job cannot wait for what its rules say.
  ///
  /// @param id of the job, 0 for one that does not exist yet
  static Optional<Refusal> refusal(ClusterState state, int id, JobRules rules, long now) {
    for (var parent : rules.parents()) {
      var job = state.job(parent);
      if (job == null) {
        return Optional.of(
            Refusal.notFound("expected ParentJobIds of jobs, but there is no job " + parent));
      }
      if (!job.isSubmitted()) {
        return Optional.of(
            Refusal.wrongState(
                "expected parent jobs that have been submitted, but job "
                    + parent
                    + " is "
                    + job.life().state()));
      }
    }
    if (waitsFor(state, rules.parents(), id)) {
      return Optional.of(
          Refusal.invalid(
              "expected parent jobs that do not wait for job " + id + " itself, but one does"));
    }
    // A job that was made before and is submitted late is not held any more.
    return id == 0 ? hold(rules.holdUntil(), now) : tooFar(rules.holdUntil(), now);
  }

  /// Whether one of these jobs waits for that one, be it through others.
  private static boolean waitsFor(ClusterState state, List<Integer> jobs, int id) {
    if (state.children(id).isEmpty()) {
      return false;
    }
    var left = new ArrayDeque<>(jobs);
    var seen = new HashSet<Integer>();
    while (!left.isEmpty()) {
      int next = left.remove();
      if (next == id) {
        return true;
      }
      var job = state.job(next);
      if (seen.add(next) && job != null && job.isSubmitted()) {
        left.addAll(job.spec().rules().parents());
      }
    }
    return false;
  }

  private static Optional<Refusal> hold(long until, long now) {
    return until != 0 && until < now
        ? Optional.of(
            Refusal.invalid(
                "expected HoldUntil in the future, but "
                    + Moment.text(until)
                    + " is past; it is "
                    + Moment.text(now)))
        : tooFar(until, now);
  }

  private static Optional<Refusal> tooFar(long until, long now) {
    return until - now > LONGEST_HOLD
        ? Optional.of(
            Refusal.invalid(
                "expected HoldUntil at most a year ahead, but got " + Moment.text(until)))
        : Optional.empty();
  }

  Result<Integer> hold(int id, long until, long now) {
    var job = state.job(id);
    if (job == null) {
      return Result.refused(JobRequests.unknown(id));
    }
    if (!(job.life() instanceof JobLife.Queued)) {
      return Result.refused(
          Refusal.wrongState(
              "expected a Queued job to hold, but job " + id + " is " + job.life().state()));
    }
    var refusal = hold(until, now);
    if (refusal.isPresent()) {
      return Result.refused(refusal.get());
    }
    if (job.holdUntil() != until) {
      emit.accept(new Event.HoldChanged(id, until, false, now));
    }
    return Result.ok(id);
  }

  /// Has the activation filter asked anew about a queued job that it holds; what the job's owner
  /// said of a hold holds again.
  static void askAnew(Job job, Consumer<Event> emit, long now) {
    if (job.hold().byFilter() && job.life() instanceof JobLife.Queued) {
      emit.accept(new Event.HoldChanged(job.id(), job.spec().rules().holdUntil(), false, now));
    }
  }

  /// What jobs with these parents wait for; nothing if all of these have Finished.
  static PendingReason reason(ClusterState state, List<Integer> parents) {
    var reason = PendingReason.NONE;
    for (var id : parents) {
      var parent = state.job(id);
      var is = parent == null ? JobState.CANCELED : parent.life().state();
      if (is == JobState.FAILED || is == JobState.CANCELED) {
        return PendingReason.PARENT_JOBS_CANCELED_OR_FAILED;
      }
      reason = is == JobState.FINISHED ? reason : PendingReason.PARENT_JOBS_NOT_FINISHED;
    }
    return reason;
  }

  // As time goes by.

  /// Lets jobs go whose time has come.
  void release(long now) {
    while (!state.held().isEmpty() && state.held().first().holdUntil() <= now) {
      emit.accept(new Event.HoldChanged(state.held().first().id(), 0, false, now));
    }
  }

  /// When the next job's time comes; the end of time if none is held.
  long nextRelease() {
    return state.held().isEmpty() ? Long.MAX_VALUE : state.held().first().holdUntil();
  }

  /// Why a queued job fails now: a parent did, or was canceled. Empty if none did, or if the job
  /// waits for somebody to see to it.
  Optional<String> failure(Job job) {
    if (job.unfinishedParents() == 0 || job.spec().rules().holdsOnParentFailure()) {
      return Optional.empty();
    }
    for (var parent : job.spec().rules().parents()) {
      var life = ended(parent);
      if (life != null && life.state() != JobState.FINISHED) {
        return Optional.of(
            "not run because its parent job "
                + parent
                + (life.state() == JobState.FAILED ? " failed" : " was canceled"));
      }
    }
    return Optional.empty();
  }

  private JobLife.@Nullable Ended ended(int id) {
    var job = state.job(id);
    return job != null && job.life() instanceof JobLife.Ended ended ? ended : null;
  }
}
