package org.capataz.scheduler.state;

import java.util.List;
import org.capataz.model.AttemptId;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.AttemptLife;

/// A run of one instance between dispatch and recorded end.
public final class Attempt {
  private final AttemptId id;
  private final int ordinal;
  private final List<Placement> placements;
  private final long dispatchTime;
  private AttemptLife life;

  Attempt(
      AttemptId id, int ordinal, List<Placement> placements, long dispatchTime, AttemptLife life) {
    this.id = id;
    this.ordinal = ordinal;
    this.placements = List.copyOf(placements);
    this.dispatchTime = dispatchTime;
    this.life = life;
  }

  public AttemptId id() {
    return id;
  }

  public int job() {
    return id.instance().job();
  }

  public int task() {
    return id.instance().task();
  }

  public int ordinal() {
    return ordinal;
  }

  public int number() {
    return id.number();
  }

  /// Where it holds cores; the command runs on the first one's node.
  public List<Placement> placements() {
    return placements;
  }

  /// The node that its command runs on.
  public int leadNode() {
    return placements.getFirst().node();
  }

  public int cores() {
    return Placement.cores(placements);
  }

  public long dispatchTime() {
    return dispatchTime;
  }

  public AttemptLife life() {
    return life;
  }

  void step(AttemptLife.Step step) {
    life = life.after(step);
  }
}
