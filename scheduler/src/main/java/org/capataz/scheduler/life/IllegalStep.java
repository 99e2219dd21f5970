package org.capataz.scheduler.life;

/// A step that the life cycle does not have: an event was decided that cannot follow, which is a
/// broken promise of ours and never a user's mistake.
public final class IllegalStep extends IllegalStateException {
  private static final long serialVersionUID = 1;

  IllegalStep(Object life, Object step) {
    super("expected a step that can follow " + life + ", but got " + step);
  }
}
