package org.capataz.scheduler.state;

import org.capataz.model.CoreSet;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.GrantLife;

/// A job's hold on cores and memory of one node.
public final class Grant {
  private final long id;
  private final int job;
  private final Node node;
  private final long openTime;
  private GrantLife life;
  private CoreSet cores;
  private int memoryMb;
  private CoreSet busy = CoreSet.EMPTY;
  private int busyMemoryMb;
  private boolean used;
  private boolean lost;

  Grant(long id, int job, Node node, long openTime, GrantLife.Usable life) {
    this.id = id;
    this.job = job;
    this.node = node;
    this.openTime = openTime;
    this.life = life;
    this.cores = life.cores();
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
    return cores;
  }

  public int memoryMb() {
    return memoryMb;
  }

  /// Cores of the grant that no attempt has.
  public CoreSet idle() {
    return cores.minus(busy);
  }

  public CoreSet busy() {
    return busy;
  }

  public int busyMemoryMb() {
    return busyMemoryMb;
  }

  public int idleMemoryMb() {
    return memoryMb - busyMemoryMb;
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
    cores = gone ? CoreSet.EMPTY : life.held().cores();
    memoryMb = gone ? 0 : life.held().memoryMb();
    if (!cores.containsAll(busy) || memoryMb < busyMemoryMb) {
      throw new IllegalStateException("expected grant " + id + " to keep what its attempts use");
    }
  }

  void occupy(Placement placement, int memory) {
    if (!idle().containsAll(placement.cores()) || memory > idleMemoryMb()) {
      throw new IllegalStateException(
          "expected idle cores " + placement.cores() + " in grant " + id + ", but has " + idle());
    }
    busy = busy.plus(placement.cores());
    busyMemoryMb += memory;
  }

  void vacate(Placement placement, int memory) {
    busy = busy.minus(placement.cores());
    busyMemoryMb -= memory;
  }
}
