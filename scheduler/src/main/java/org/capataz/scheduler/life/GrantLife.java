package org.capataz.scheduler.life;

import org.capataz.model.Parts;

/// A job's hold on cores, GPUs and memory of one node: what the job is charged for. Its times, with
/// the core time summed over all its sizes, are the accounting record.
public sealed interface GrantLife {

  /// Held while the job's NodePrep task runs; nothing else of the job may use it yet.
  record Preparing(Usable held) implements GrantLife {}

  /// Held, and usable by the job's tasks.
  ///
  /// @param since when it got this size
  /// @param coreMicros cores × microseconds held until then
  record Usable(Parts parts, int memoryMb, long since, long coreMicros) implements GrantLife {

    /// Cores × microseconds held until `time`; a clock that went back counts nothing.
    public long coreMicrosAt(long time) {
      return coreMicros + parts.cores().size() * Math.max(0, time - since);
    }

    /// As it is when the clock was set.
    ///
    /// @param by how much later it is for that, in microseconds
    public Usable whenClockIsSet(long by) {
      return new Usable(parts, memoryMb, since + by, coreMicros);
    }

    private Usable resized(Step.Resize resize) {
      return new Usable(resize.parts, resize.memoryMb, resize.time, coreMicrosAt(resize.time));
    }

    private Returned closed(Step.Close close) {
      return new Returned(close.time, coreMicrosAt(close.time));
    }
  }

  /// Held while the job's NodeRelease task runs; nothing else of the job may use it any more.
  record Releasing(Usable held) implements GrantLife {}

  /// Handed back.
  record Returned(long time, long coreMicros) implements GrantLife {}

  /// What can happen to a grant.
  sealed interface Step {

    record Resize(Parts parts, int memoryMb, long time) implements Step {}

    /// The preparation of the node begins.
    record Prepare() implements Step {}

    /// The node is prepared.
    record Ready() implements Step {}

    /// The release of the node begins.
    record Release() implements Step {}

    record Close(long time) implements Step {}

    /// The clock was set.
    ///
    /// @param by how much later it is for that, in microseconds
    record SetClock(long by) implements Step {}
  }

  /// The life after a step.
  ///
  /// @throws IllegalStep if that step cannot follow
  default GrantLife after(Step step) {
    return switch (this) {
      case Preparing(var held) ->
          switch (step) {
            case Step.Resize resize -> new Preparing(held.resized(resize));
            case Step.Ready() -> held;
            case Step.Release() -> new Releasing(held);
            case Step.Close close -> held.closed(close);
            case Step.SetClock(var by) -> new Preparing(held.whenClockIsSet(by));
            case Step.Prepare s -> throw new IllegalStep(this, s);
          };
      case Usable usable ->
          switch (step) {
            case Step.Resize resize -> usable.resized(resize);
            case Step.Prepare() -> new Preparing(usable);
            case Step.Release() -> new Releasing(usable);
            case Step.Close close -> usable.closed(close);
            case Step.SetClock(var by) -> usable.whenClockIsSet(by);
            case Step.Ready s -> throw new IllegalStep(this, s);
          };
      case Releasing(var held) ->
          switch (step) {
            case Step.Close close -> held.closed(close);
            case Step.SetClock(var by) -> new Releasing(held.whenClockIsSet(by));
            case Step.Resize s -> throw new IllegalStep(this, s);
            case Step.Prepare s -> throw new IllegalStep(this, s);
            case Step.Ready s -> throw new IllegalStep(this, s);
            case Step.Release s -> throw new IllegalStep(this, s);
          };
      case Returned r -> throw new IllegalStep(this, step);
    };
  }

  /// What is held, whatever it is used for.
  ///
  /// @throws IllegalStateException if nothing is
  default Usable held() {
    return switch (this) {
      case Preparing preparing -> preparing.held;
      case Usable usable -> usable;
      case Releasing releasing -> releasing.held;
      case Returned r -> throw new IllegalStateException("expected a grant that is held: " + r);
    };
  }
}
