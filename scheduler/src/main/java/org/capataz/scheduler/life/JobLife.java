package org.capataz.scheduler.life;

import org.capataz.model.JobState;

/// Where a job is in its life. Times are microseconds since 1970.
public sealed interface JobLife {

  /// Being written; tasks may be added.
  record Configuring() implements JobLife {}

  /// Waiting for resources.
  ///
  /// @param order its place among jobs of the same priority: lower is earlier
  record Queued(long submitTime, long order) implements JobLife {}

  /// Holding resources.
  ///
  /// @param countsFrom from when its run time counts: its start, as a clock would have told it that
  ///   was right then if this one is now
  record Running(long submitTime, long order, long startTime, long countsFrom) implements JobLife {}

  /// Waiting for what still runs to stop, and for the job's nodes to be released.
  ///
  /// @param then what it becomes then: Canceled, Failed, Finished or Queued
  /// @param force whether its nodes are left without a release
  record Stopping(long submitTime, long startTime, JobState then, String message, boolean force)
      implements JobLife {}

  /// Over, unless somebody requeues it.
  ///
  /// @param startTime 0 if it never ran
  record Ended(JobState state, long submitTime, long startTime, long endTime, String message)
      implements JobLife {}

  /// What can happen to a job.
  sealed interface Step {

    record Submit(long order, long time) implements Step {}

    record Start(long time) implements Step {}

    /// It is to end.
    ///
    /// @param force whether there is no time for the release of its nodes; it stays so
    record Stop(JobState then, String message, boolean force) implements Step {}

    record End(JobState state, String message, long time) implements Step {}

    record Requeue(long order) implements Step {}

    /// Gets another place among jobs of the same priority.
    record Place(long order) implements Step {}

    /// The clock was set.
    ///
    /// @param by how much later it is for that, in microseconds
    record SetClock(long by) implements Step {}

    /// Back to being written; submitted again, all of it runs again.
    record Configure() implements Step {}
  }

  /// The life after a step.
  ///
  /// @throws IllegalStep if that step cannot follow
  default JobLife after(Step step) {
    return switch (this) {
      case Configuring() ->
          switch (step) {
            case Step.Submit(var order, var time) -> new Queued(time, order);
            case Step.End(var state, var message, var time) ->
                new Ended(state, 0, 0, time, message);
            case Step.Start s -> throw new IllegalStep(this, s);
            case Step.Stop s -> throw new IllegalStep(this, s);
            case Step.Requeue s -> throw new IllegalStep(this, s);
            case Step.Place s -> throw new IllegalStep(this, s);
            case Step.SetClock s -> throw new IllegalStep(this, s);
            case Step.Configure s -> throw new IllegalStep(this, s);
          };
      case Queued(var submitted, var order) ->
          switch (step) {
            case Step.Place(var place) -> new Queued(submitted, place);
            case Step.Start(var time) -> new Running(submitted, order, time, time);
            case Step.Stop(var then, var message, var force) ->
                new Stopping(submitted, 0, then, message, force);
            case Step.Configure() -> new Configuring();
            case Step.Submit s -> throw new IllegalStep(this, s);
            case Step.SetClock s -> throw new IllegalStep(this, s);
            case Step.End s -> throw new IllegalStep(this, s);
            case Step.Requeue s -> throw new IllegalStep(this, s);
          };
      case Running(var submitted, var order, var started, var counted) ->
          switch (step) {
            case Step.Place(var place) -> new Running(submitted, place, started, counted);
            case Step.SetClock(var by) -> new Running(submitted, order, started, counted + by);
            case Step.Stop(var then, var message, var force) ->
                new Stopping(submitted, started, then, message, force);
            case Step.End(var state, var message, var time) ->
                new Ended(state, submitted, started, time, message);
            case Step.Submit s -> throw new IllegalStep(this, s);
            case Step.Start s -> throw new IllegalStep(this, s);
            case Step.Requeue s -> throw new IllegalStep(this, s);
            case Step.Configure s -> throw new IllegalStep(this, s);
          };
      case Stopping(var submitted, var started, var then, var why, var forced) ->
          switch (step) {
            case Step.Stop(var other, var message, var force) ->
                new Stopping(submitted, started, other, message, forced || force);
            case Step.End(var state, var message, var time) ->
                new Ended(state, submitted, started, time, message);
            case Step.Requeue(var order) -> new Queued(submitted, order);
            case Step.Place s -> throw new IllegalStep(this, s);
            case Step.Configure s -> throw new IllegalStep(this, s);
            case Step.Submit s -> throw new IllegalStep(this, s);
            case Step.SetClock s -> throw new IllegalStep(this, s);
            case Step.Start s -> throw new IllegalStep(this, s);
          };
      case Ended ended ->
          switch (step) {
            case Step.Requeue(var order) when ended.submitTime != 0 ->
                new Queued(ended.submitTime, order);
            case Step.Configure() -> new Configuring();
            case Step.Place s -> throw new IllegalStep(this, s);
            case Step.Requeue s -> throw new IllegalStep(this, s);
            case Step.Submit s -> throw new IllegalStep(this, s);
            case Step.SetClock s -> throw new IllegalStep(this, s);
            case Step.Start s -> throw new IllegalStep(this, s);
            case Step.Stop s -> throw new IllegalStep(this, s);
            case Step.End s -> throw new IllegalStep(this, s);
          };
    };
  }

  /// The state that people see.
  default JobState state() {
    return switch (this) {
      case Configuring c -> JobState.CONFIGURING;
      case Queued q -> JobState.QUEUED;
      case Running r -> JobState.RUNNING;
      case Stopping stopping ->
          stopping.then == JobState.FAILED || stopping.then == JobState.FINISHED
              ? JobState.FINISHING
              : JobState.CANCELING;
      case Ended ended -> ended.state;
    };
  }

  default long submitTime() {
    return switch (this) {
      case Configuring c -> 0;
      case Queued queued -> queued.submitTime;
      case Running running -> running.submitTime;
      case Stopping stopping -> stopping.submitTime;
      case Ended ended -> ended.submitTime;
    };
  }

  /// From when the run time counts; the start of what does not run.
  default long countsFrom() {
    return this instanceof Running running ? running.countsFrom : startTime();
  }

  default long startTime() {
    return switch (this) {
      case Configuring c -> 0;
      case Queued q -> 0;
      case Running running -> running.startTime;
      case Stopping stopping -> stopping.startTime;
      case Ended ended -> ended.startTime;
    };
  }
}
