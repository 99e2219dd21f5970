package org.capataz.scheduler.state;

import org.capataz.model.CoreSet;
import org.capataz.model.Parts;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.GrantLife;
import org.jspecify.annotations.Nullable;

/// A job's hold on cores, GPUs and memory of one node.
public final class Grant {
  private final long id;
  private final int job;
  private final Node node;
  private final long openTime;
  private GrantLife life;
  private Parts parts;
  private int memoryMb;
  private Parts busy = Parts.NONE;
  private int busyMemoryMb;
  private boolean closedToOthers;
  private boolean used;
  private boolean lost;
  private final Lanes lanes = new Lanes();

  Grant(long id, int job, Node node, long openTime, GrantLife.Usable life) {
    this.id = id;
    this.job = job;
    this.node = node;
    this.openTime = openTime;
    this.life = life;
    this.parts = life.parts();
    this.memoryMb = life.memoryMb();
  }

  public long id() {
    return id;
  }

  public int job() {
    return job;
  }

  public Node node() {
    return node;
  }

  public long openTime() {
    return openTime;
  }

  public GrantLife life() {
    return life;
  }

  public CoreSet cores() {
    return parts.cores();
  }

  public Parts parts() {
    return parts;
  }

  public int memoryMb() {
    return memoryMb;
  }

  /// What of the grant no attempt has.
  public Parts idle() {
    return parts.minus(busy);
  }

  public Parts busy() {
    return busy;
  }

  /// Whether an attempt is there that will have no other beside it.
  public boolean closedToOthers() {
    return closedToOthers;
  }

  public int busyMemoryMb() {
    return busyMemoryMb;
  }

  public int idleMemoryMb() {
    return memoryMb - busyMemoryMb;
  }

  /// Who has the cores of an attempt next; null if nobody waits behind it.
  public @Nullable Attempt behind(Attempt attempt) {
    return lanes.behind(attempt);
  }

  /// How many wait for the cores of an attempt.
  public int waitingBehind(Attempt attempt) {
    return lanes.length(attempt);
  }

  Lanes lanes() {
    return lanes;
  }

  /// Whether the job's tasks may use it: its node is prepared, and not being released.
  public boolean isUsable() {
    return life instanceof GrantLife.Usable && !lost;
  }

  public boolean isPreparing() {
    return life instanceof GrantLife.Preparing;
  }

  public boolean isReleasing() {
    return life instanceof GrantLife.Releasing;
  }

  /// Whether its job gets nothing more there before it is handed back.
  public boolean isLeaving() {
    return isReleasing() || lost;
  }

  /// Whether something of the job has run in it. Known of jobs with a NodeRelease task alone.
  public boolean used() {
    return used;
  }

  void use() {
    used = true;
  }

  /// Whether its node has restarted since, which undid what the job had prepared there. Known of
  /// jobs with a NodePrep or NodeRelease task alone.
  public boolean lost() {
    return lost;
  }

  void lose() {
    lost = true;
  }

  void step(GrantLife.Step step) {
    life = life.after(step);
    var gone = life instanceof GrantLife.Returned;
    parts = gone ? Parts.NONE : life.held().parts();
    memoryMb = gone ? 0 : life.held().memoryMb();
    if (!parts.containsAll(busy) || memoryMb < busyMemoryMb) {
      throw new IllegalStateException("expected grant " + id + " to keep what its attempts use");
    }
  }

  /// @param alone whether it will have no other beside it
  void occupy(Placement placement, boolean alone) {
    if (!idle().containsAll(placement.parts())
        || placement.memoryMb() > idleMemoryMb()
        || closedToOthers) {
      throw new IllegalStateException(
          "expected idle " + placement.parts() + " in grant " + id + ", but has " + idle());
    }
    busy = busy.plus(placement.parts());
    busyMemoryMb += placement.memoryMb();
    closedToOthers = alone;
  }

  void vacate(Placement placement) {
    busy = busy.minus(placement.parts());
    busyMemoryMb -= placement.memoryMb();
    closedToOthers = false;
  }
}
