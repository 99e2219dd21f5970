package org.capataz.scheduler.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Pace;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.OpenTask;

/// How fast Service tasks start what has ended again, and when they give up.
final class Services {

  /// An instance that ran for less ended at once.
  private static final long QUICK_MICROS = 5_000_000;

  private static final long FIRST_PAUSE_MICROS = 1_000_000;
  private static final long LONGEST_PAUSE_MICROS = 60_000_000;

  /// Failures at once, one after the other, that a service is allowed.
  private static final int MOST_FAILURES = 10;

  private final ClusterState state;
  private final Consumer<Event> emit;

  Services(ClusterState state, Consumer<Event> emit) {
    this.state = state;
    this.emit = emit;
  }

  /// Takes the end of an instance.
  ///
  /// @return why the job has to be given up; empty if it goes on
  Optional<String> ended(Job job, Attempt attempt, AttemptEnd end, TaskState ended, long now) {
    if (!(job.life() instanceof JobLife.Running)
        || !(job.task(attempt.task()) instanceof OpenTask service)
        || attempt.life() instanceof AttemptLife.Stopping
        || end.reason().isInfrastructure()
        || !service.goesOn()) {
      return Optional.empty();
    }
    var pace = service.pace();
    if (end.startTime() != 0 && end.endTime() - end.startTime() >= QUICK_MICROS) {
      if (!pace.equals(Pace.STEADY)) {
        change(job, service, Pace.STEADY, now);
      }
      return Optional.empty();
    }
    if (attempt.ordinal() < pace.round()) {
      return Optional.empty();
    }
    var failures = ended == TaskState.FAILED ? pace.failures() + 1 : 0;
    if (failures == MOST_FAILURES) {
      var why =
          service.spec().title()
              + " failed: "
              + MOST_FAILURES
              + " times in a row it ended within "
              + QUICK_MICROS / 1_000_000
              + " s of its start, the last time with "
              + end.why();
      emit.accept(
          new Event.TaskSkipped(
              job.id(), service.number(), TaskState.FAILED, end.reason(), why, now));
      return Optional.of(why);
    }
    var quick = pace.quick() + 1;
    var pause = Math.min(LONGEST_PAUSE_MICROS, FIRST_PAUSE_MICROS << Math.min(quick - 1, 20));
    change(job, service, new Pace(quick, failures, service.made(), now + pause), now);
    return Optional.empty();
  }

  private void change(Job job, OpenTask service, Pace pace, long now) {
    emit.accept(new Event.ServicePaced(job.id(), service.number(), pace, now));
  }

  /// Lets the services go on whose pause is over.
  void resume(long now) {
    while (!state.paused().isEmpty() && ClusterState.pausedUntil(state.paused().first()) <= now) {
      var job = state.paused().first();
      var service = known(job);
      change(job, service, service.pace().resumed(), now);
    }
  }

  /// Lets the pauses take as long as they should though the clock was set.
  void setClock(long by, long now) {
    for (var job : List.copyOf(state.paused())) {
      var service = known(job);
      change(job, service, service.pace().whenClockIsSet(by), now);
    }
  }

  private static OpenTask known(Job job) {
    var service = job.service();
    if (service == null) {
      throw new IllegalStateException("expected a service in job " + job.id());
    }
    return service;
  }

  /// When the next pause is over; the end of time if there is none.
  long nextWakeup() {
    return state.paused().isEmpty()
        ? Long.MAX_VALUE
        : ClusterState.pausedUntil(state.paused().first());
  }
}
