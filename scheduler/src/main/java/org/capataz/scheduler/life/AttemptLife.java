package org.capataz.scheduler.life;

import java.util.List;
import org.capataz.model.EndReason;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;

/// Where an attempt is between being given to a node and its recorded end. With the end it leaves
/// the live state; its instance is then Finished, Failed, or Queued again.
public sealed interface AttemptLife {

  /// Given to its node, which has not yet said that it runs.
  record Dispatching() implements AttemptLife {}

  record Running(long startTime) implements AttemptLife {}

  /// Its node was told to end it, and has not yet said that it has.
  ///
  /// @param startTime 0 if it is not known to have started
  record Stopping(long startTime, EndReason reason, String message) implements AttemptLife {}

  /// Over on some of its nodes; the others were told to end it.
  ///
  /// @param stopped whether it was told to end before: then it does not run again
  /// @param end what it will have come to, by what is known so far
  /// @param left the nodes where something of it may still run
  record Closing(long startTime, boolean stopped, AttemptEnd end, List<Integer> left)
      implements AttemptLife {

    public Closing {
      left = List.copyOf(left);
    }

    /// With the end of one more part. The first part to end says why the attempt did, unless its
    /// command then did well all the same, or it had been told to stop.
    private Closing with(Step.EndPart part) {
      var next =
          !part.ofCommand
              ? end.with(part.end)
              : stopped || part.end.isSuccess() ? part.end.with(end) : end.withProcess(part.end);
      return new Closing(startTime, stopped, next, part.left);
    }
  }

  /// What can happen to a live attempt.
  sealed interface Step {

    record Start(long startTime) implements Step {}

    record Stop(EndReason reason, String message) implements Step {}

    /// One of its nodes says that nothing of it runs there any more.
    ///
    /// @param ofCommand whether that is the node of its command
    /// @param left the nodes that have not said so yet
    record EndPart(boolean ofCommand, AttemptEnd end, List<Integer> left) implements Step {}
  }

  /// The life after a step.
  ///
  /// @throws IllegalStep if that step cannot follow
  default AttemptLife after(Step step) {
    return switch (this) {
      case Dispatching() ->
          switch (step) {
            case Step.Start(var time) -> new Running(time);
            case Step.Stop(var reason, var message) -> new Stopping(0, reason, message);
            case Step.EndPart part -> closing(part);
          };
      case Running(var started) ->
          switch (step) {
            case Step.Stop(var reason, var message) -> new Stopping(started, reason, message);
            case Step.EndPart part -> closing(part);
            case Step.Start s -> throw new IllegalStep(this, s);
          };
      case Stopping(var started, var reason, var message) ->
          switch (step) {
            case Step.Start(var time) -> new Stopping(time, reason, message);
            case Step.EndPart part -> closing(part);
            case Step.Stop s -> throw new IllegalStep(this, s);
          };
      case Closing closing ->
          switch (step) {
            case Step.Start(var time) ->
                new Closing(time, closing.stopped, closing.end, closing.left);
            case Step.EndPart part -> closing.with(part);
            case Step.Stop s -> throw new IllegalStep(this, s);
          };
    };
  }

  private Closing closing(Step.EndPart part) {
    var end = part.ofCommand ? part.end : part.end.ofPart();
    return new Closing(startTime(), isStopped(), end, part.left);
  }

  /// Whether it was told to end, and not by the end of one of its parts.
  default boolean isStopped() {
    return switch (this) {
      case Dispatching d -> false;
      case Running r -> false;
      case Stopping s -> true;
      case Closing closing -> closing.stopped;
    };
  }

  /// The state that people see.
  default TaskState state() {
    return switch (this) {
      case Dispatching d -> TaskState.DISPATCHING;
      case Running r -> TaskState.RUNNING;
      case Stopping s -> TaskState.CANCELING;
      case Closing closing -> closing.stopped ? TaskState.CANCELING : TaskState.FINISHING;
    };
  }

  default long startTime() {
    return switch (this) {
      case Dispatching d -> 0;
      case Running running -> running.startTime;
      case Stopping stopping -> stopping.startTime;
      case Closing closing -> closing.startTime;
    };
  }
}
