package org.capataz.scheduler.life;

import org.capataz.model.EndReason;
import org.capataz.model.TaskState;

/// Where an attempt is between being given to a node and its recorded end. With the end it leaves
/// the live state; its instance is then Finished, Failed, or Queued again.
public sealed interface AttemptLife {

  /// Given to its node, which has not yet said that it runs.
  record Dispatching() implements AttemptLife {}

  record Running(long startTime) implements AttemptLife {}

  /// Its node was told to end it, and has not yet said that it has.
  ///
  /// @param startTime 0 if it is not known to have started
  /// @param force whether it is to be killed at once, without time to end by itself
  record Stopping(long startTime, EndReason reason, String message, boolean force)
      implements AttemptLife {}

  /// What can happen to a live attempt.
  sealed interface Step {

    record Start(long startTime) implements Step {}

    /// Another one may change the reason, and hurry.
    record Stop(EndReason reason, String message, boolean force) implements Step {}
  }

  /// The life after a step.
  ///
  /// @throws IllegalStep if that step cannot follow
  default AttemptLife after(Step step) {
    return switch (this) {
      case Dispatching() ->
          switch (step) {
            case Step.Start(var time) -> new Running(time);
            case Step.Stop(var reason, var message, var force) ->
                new Stopping(0, reason, message, force);
          };
      case Running(var started) ->
          switch (step) {
            case Step.Stop(var reason, var message, var force) ->
                new Stopping(started, reason, message, force);
            case Step.Start s -> throw new IllegalStep(this, s);
          };
      case Stopping(var started, var reason, var message, var forced) ->
          switch (step) {
            case Step.Start(var time) -> new Stopping(time, reason, message, forced);
            case Step.Stop(var other, var text, var force) ->
                new Stopping(started, other, text, forced || force);
          };
    };
  }

  /// The state that people see.
  default TaskState state() {
    return switch (this) {
      case Dispatching d -> TaskState.DISPATCHING;
      case Running r -> TaskState.RUNNING;
      case Stopping s -> TaskState.CANCELING;
    };
  }

  default long startTime() {
    return switch (this) {
      case Dispatching d -> 0;
      case Running running -> running.startTime;
      case Stopping stopping -> stopping.startTime;
    };
  }
}
