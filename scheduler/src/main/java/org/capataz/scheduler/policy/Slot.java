package org.capataz.scheduler.policy;

import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.model.Unit;

/// What is free of a node, as a pass uses it up.
final class Slot {

  /// What it was, to go back to.
  record Mark(Parts free, int memoryMb, Snapshot.Tenants tenants) {}

  private final int node;
  private final NodeTraits traits;
  private final int firstCores;
  private Parts free;
  private int cores;
  private int memoryMb;
  private Snapshot.Tenants tenants;

  Slot(Snapshot.Free node) {
    this.node = node.node();
    traits = node.traits();
    free = node.parts();
    cores = free.cores().size();
    firstCores = cores;
    memoryMb = node.memoryMb();
    tenants = node.tenants();
  }

  int node() {
    return node;
  }

  NodeTraits traits() {
    return traits;
  }

  int cores() {
    return cores;
  }

  /// How many cores were free at first.
  int firstCores() {
    return firstCores;
  }

  int memoryMb() {
    return memoryMb;
  }

  /// How many whole units are free.
  int count(Unit unit) {
    return unit == Unit.CORE || cores == 0 ? cores : traits.topology().count(unit, free);
  }

  /// Whether it has something for a job.
  boolean isOpenTo(Snapshot.Claim claim) {
    return cores > 0 && tenants.admit(claim.job(), claim.resources().exclusive());
  }

  Parts take(Snapshot.Claim claim, int units, int moreMemoryMb) {
    var taken = traits.topology().take(claim.resources().unit(), units, free);
    free = free.minus(taken);
    cores -= taken.cores().size();
    memoryMb -= moreMemoryMb;
    tenants = tenants.with(claim.job(), claim.resources().exclusive());
    return taken;
  }

  /// Takes what is already chosen for a job.
  void take(Snapshot.Holding job, Plan.Share share) {
    free = free.minus(share.parts());
    cores = free.cores().size();
    memoryMb -= share.memoryMb();
    tenants = tenants.with(job.job(), job.exclusive());
  }

  Mark mark() {
    return new Mark(free, memoryMb, tenants);
  }

  void reset(Mark mark) {
    free = mark.free;
    cores = free.cores().size();
    memoryMb = mark.memoryMb;
    tenants = mark.tenants;
  }
}
