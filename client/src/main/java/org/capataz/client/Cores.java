package org.capataz.client;

import org.capataz.model.Unit;

/// What a job asks for and holds.
///
/// @param unit what min and max are counted in
/// @param min that must be free for it to start; 0 while that is not worked out yet
/// @param max that it may grow to; 0 while that is not worked out yet
/// @param allocated cores that it holds now
public record Cores(Unit unit, int min, int max, int allocated) {

  /// Counted in cores.
  public Cores(int min, int max, int allocated) {
    this(Unit.CORE, min, max, allocated);
  }
}
