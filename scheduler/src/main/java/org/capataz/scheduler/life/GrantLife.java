package org.capataz.scheduler.life;

import org.capataz.model.Parts;

/// A job's hold on cores, GPUs and memory of one node: what the job is charged for. Its times, with
/// the core time summed over all its sizes, are the accounting record.
public sealed interface GrantLife {

  /// Held, and usable by the job's tasks.
  ///
  /// @param since when it got this size
  /// @param coreMicros cores × microseconds held until then
  record Usable(Parts parts, int memoryMb, long since, long coreMicros) implements GrantLife {}

  /// Handed back.
  record Returned(long time, long coreMicros) implements GrantLife {}

  /// What can happen to a grant.
  sealed interface Step {

    record Resize(Parts parts, int memoryMb, long time) implements Step {}

    record Close(long time) implements Step {}
  }

  /// The life after a step.
  ///
  /// @throws IllegalStep if that step cannot follow
  default GrantLife after(Step step) {
    return switch (this) {
      case Usable usable ->
          switch (step) {
            case Step.Resize(var parts, var memoryMb, var time) ->
                new Usable(parts, memoryMb, time, usable.coreMicrosAt(time));
            case Step.Close(var time) -> new Returned(time, usable.coreMicrosAt(time));
          };
      case Returned r -> throw new IllegalStep(this, step);
    };
  }

  /// Cores × microseconds held until `time`; a clock that went back counts nothing.
  default long coreMicrosAt(long time) {
    return switch (this) {
      case Usable(var parts, var memoryMb, var since, var before) ->
          before + parts.cores().size() * Math.max(0, time - since);
      case Returned(var at, var coreMicros) -> coreMicros;
    };
  }
}
