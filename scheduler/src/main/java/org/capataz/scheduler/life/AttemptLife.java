package org.capataz.scheduler.life;

import java.util.List;
import java.util.Optional;
import org.capataz.model.EndReason;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.AttemptEnd;

/// Where an attempt is between being given to a node and its recorded end. With the end it leaves
/// the live state; its instance is then Finished, Failed, or Queued again.
public sealed interface AttemptLife {

  /// Given to its node, which has not yet said that it runs.
  record Dispatching() implements AttemptLife {}

  /// Given to its node ahead of its turn: it begins there when those before it on the same cores
  /// have ended, and holds nothing until then.
  record Assigned() implements AttemptLife {}

  /// The same, and its node was asked to give it back unless it has begun.
  ///
  /// @param why for what reason, which says what becomes of it
  record Recalled(Step.Stop why) implements AttemptLife {}

  record Running(long startTime) implements AttemptLife {}

  /// Its node was told to end it, and has not yet said that it has.
  ///
  /// @param startTime 0 if it is not known to have started
  record Stopping(long startTime, Step.Stop stop) implements AttemptLife {}

  /// Over on some of its nodes; the others were told to end it.
  ///
  /// @param startTime 0 if it is not known to have started
  /// @param told what it was told by somebody, and not by the end of one of its parts
  /// @param end what it will have come to, by what is known so far
  /// @param left the nodes where something of it may still run
  record Closing(long startTime, Optional<Step.Stop> told, AttemptEnd end, List<Integer> left)
      implements AttemptLife {

    public Closing {
      left = List.copyOf(left);
    }

    /// What the nodes that are left are told.
    public Step.Stop order() {
      return told.orElseGet(() -> new Step.Stop(end.reason(), end.message(), false));
    }

    /// With the end of one more part. The first part to end says why the attempt did, unless its
    /// command then did well all the same, or it had been told to stop. Where the command failed
    /// first it may have heard of the end of another part before anybody else.
    private Closing with(Step.EndPart part) {
      var next =
          switch (part.part) {
            case OTHER -> end.with(part.end);
            case CAUSE ->
                told.isPresent() || end.reason() != EndReason.EXITED
                    ? end.with(part.end)
                    : part.end.ofPart().withProcess(end);
            case GOOD_COMMAND -> part.end.with(end);
            case COMMAND -> told.isPresent() ? part.end.with(end) : end.withProcess(part.end);
          };
      return new Closing(startTime, told, next, part.left);
    }
  }

  /// What can happen to a live attempt.
  sealed interface Step {

    record Start(long startTime) implements Step {}

    /// Another one may change the reason, and hurry.
    ///
    /// @param force whether it is to be killed at once, without time to end by itself
    record Stop(EndReason reason, String message, boolean force) implements Step {}

    /// All before it have ended, and their cores are its own.
    record Inherit() implements Step {}

    /// It is to be given back unless it has begun. Another one may change the reason from a mere
    /// recall, and hurry.
    record Recall(Stop why) implements Step {}

    /// One of its nodes says that nothing of it runs there any more.
    ///
    /// @param left the nodes that have not said so yet
    record EndPart(Part part, AttemptEnd end, List<Integer> left) implements Step {}
  }

  /// What a node had of an attempt.
  enum Part {
    COMMAND,
    /// The command, and it ended by itself and well.
    GOOD_COMMAND,
    /// What the command may have started there.
    OTHER,
    /// The same, and its node ended it: a command that has failed did so for that.
    CAUSE
  }

  /// The life after a step.
  ///
  /// @throws IllegalStep if that step cannot follow
  default AttemptLife after(Step step) {
    return switch (this) {
      case Dispatching() ->
          switch (step) {
            case Step.Start(var time) -> new Running(time);
            case Step.Stop stop -> new Stopping(0, stop);
            case Step.EndPart part -> closing(part);
            case Step.Inherit i -> throw new IllegalStep(this, i);
            case Step.Recall r -> throw new IllegalStep(this, r);
          };
      case Assigned() ->
          switch (step) {
            case Step.Inherit i -> new Dispatching();
            case Step.Recall(var why) -> new Recalled(why);
            case Step.Start s -> throw new IllegalStep(this, s);
            case Step.Stop s -> throw new IllegalStep(this, s);
            case Step.EndPart p -> throw new IllegalStep(this, p);
          };
      case Recalled(var before) ->
          switch (step) {
            case Step.Inherit i -> new Dispatching();
            case Step.Recall(var why) -> new Recalled(after(before, why));
            case Step.Start s -> throw new IllegalStep(this, s);
            case Step.Stop s -> throw new IllegalStep(this, s);
            case Step.EndPart p -> throw new IllegalStep(this, p);
          };
      case Running(var started) ->
          switch (step) {
            case Step.Stop stop -> new Stopping(started, stop);
            case Step.EndPart part -> closing(part);
            case Step.Start s -> throw new IllegalStep(this, s);
            case Step.Inherit i -> throw new IllegalStep(this, i);
            case Step.Recall r -> throw new IllegalStep(this, r);
          };
      case Stopping(var started, var before) ->
          switch (step) {
            case Step.Start(var time) -> new Stopping(time, before);
            case Step.Stop stop -> new Stopping(started, after(before, stop));
            case Step.EndPart part -> closing(part);
            case Step.Inherit i -> throw new IllegalStep(this, i);
            case Step.Recall r -> throw new IllegalStep(this, r);
          };
      case Closing(var started, var before, var end, var left) ->
          switch (step) {
            case Step.Start(var time) -> new Closing(time, before, end, left);
            case Step.Stop stop ->
                new Closing(
                    started,
                    Optional.of(before.map(former -> after(former, stop)).orElse(stop)),
                    end,
                    left);
            case Step.EndPart part -> ((Closing) this).with(part);
            case Step.Inherit i -> throw new IllegalStep(this, i);
            case Step.Recall r -> throw new IllegalStep(this, r);
          };
    };
  }

  private static Step.Stop after(Step.Stop before, Step.Stop stop) {
    return new Step.Stop(stop.reason, stop.message, before.force || stop.force);
  }

  private Closing closing(Step.EndPart part) {
    var isOfCommand = part.part == Part.COMMAND || part.part == Part.GOOD_COMMAND;
    var end = isOfCommand ? part.end : part.end.ofPart();
    return new Closing(startTime(), told(), end, part.left);
  }

  /// What it was told by somebody, and not by the end of one of its parts.
  default Optional<Step.Stop> told() {
    return switch (this) {
      case Dispatching d -> Optional.empty();
      case Assigned a -> Optional.empty();
      case Recalled r -> Optional.empty();
      case Running r -> Optional.empty();
      case Stopping stopping -> Optional.of(stopping.stop);
      case Closing closing -> closing.told;
    };
  }

  /// Whether it holds nothing yet, for others have to end before it begins.
  default boolean isBehind() {
    return this instanceof Assigned || this instanceof Recalled;
  }

  /// Whether it is behind others, and was not recalled.
  default boolean isAssigned() {
    return this instanceof Assigned;
  }

  /// The state that people see.
  default TaskState state() {
    return switch (this) {
      case Dispatching d -> TaskState.DISPATCHING;
      case Assigned a -> TaskState.QUEUED;
      case Recalled r -> TaskState.QUEUED;
      case Running r -> TaskState.RUNNING;
      case Stopping s -> TaskState.CANCELING;
      case Closing closing -> closing.told.isPresent() ? TaskState.CANCELING : TaskState.FINISHING;
    };
  }

  default long startTime() {
    return switch (this) {
      case Dispatching d -> 0;
      case Assigned a -> 0;
      case Recalled r -> 0;
      case Running running -> running.startTime;
      case Stopping stopping -> stopping.startTime;
      case Closing closing -> closing.startTime;
    };
  }
}
