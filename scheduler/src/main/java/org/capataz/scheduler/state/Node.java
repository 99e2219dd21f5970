package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.model.Topology;
import org.capataz.scheduler.event.NodeOffer;

/// A compute node: what it offers, what of it is granted, and what runs there.
public final class Node {

  /// Most free cores first, then most free memory.
  static final Comparator<Node> MOST_FREE =
      (one, other) -> {
        var byCores = Integer.compare(other.freeCores, one.freeCores);
        var byMemory =
            byCores == 0 ? Integer.compare(other.freeMemoryMb(), one.freeMemoryMb()) : byCores;
        return byMemory == 0 ? Integer.compare(one.id, other.id) : byMemory;
      };

  private final int id;
  private final String name;
  private UUID identity;
  private NodeOffer offer;
  private NodeTraits traits;
  private Parts offered;
  private String bootId;
  private boolean online = true;
  private boolean reachable;
  private long reachabilitySince;
  private Parts granted = Parts.NONE;
  private Parts free;
  private int freeCores;
  private int grantedMemoryMb;
  private final Set<Integer> tenants = new LinkedHashSet<>();
  private boolean exclusive;
  private final Set<Attempt> attempts = new LinkedHashSet<>();

  Node(int id, UUID identity, String name, NodeOffer offer, String bootId) {
    this.id = id;
    this.identity = identity;
    this.name = name;
    this.offer = offer;
    this.traits = traits(name, offer);
    this.offered = offer.topology().all();
    this.free = offered;
    this.freeCores = offer.cores();
    this.bootId = bootId;
  }

  public int id() {
    return id;
  }

  /// The UUID that the node made for itself; another with the same name is another node.
  public UUID identity() {
    return identity;
  }

  public String name() {
    return name;
  }

  public NodeOffer offer() {
    return offer;
  }

  /// Its kernel's boot id: with another one, all that ran is gone.
  public String bootId() {
    return bootId;
  }

  /// Whether its administrator lets it take work.
  public boolean online() {
    return online;
  }

  /// Whether it is offline, but still works for a job.
  public boolean draining() {
    return !online && !granted.isEmpty();
  }

  public boolean reachable() {
    return reachable;
  }

  /// When its connection came or went; 0 if it has not been seen since this head node started.
  public long reachabilitySince() {
    return reachabilitySince;
  }

  /// Whether work may be started there now.
  public boolean usable() {
    return online && reachable;
  }

  /// What it is chosen by.
  public NodeTraits traits() {
    return traits;
  }

  private static NodeTraits traits(String name, NodeOffer offer) {
    return new NodeTraits(name, offer.groups(), offer.topology(), offer.memoryMb());
  }

  public Topology topology() {
    return offer.topology();
  }

  /// What it offers now. One that has come back with less may still have more granted: what runs
  /// there keeps it.
  public Parts offered() {
    return offered;
  }

  /// What no job holds.
  public Parts free() {
    return free;
  }

  private void count() {
    free = offered.minus(granted);
    freeCores = free.cores().size();
  }

  /// How many cores no job holds.
  public int freeCores() {
    return freeCores;
  }

  public Parts granted() {
    return granted;
  }

  /// The jobs that hold something of it.
  public Collection<Integer> tenants() {
    return Collections.unmodifiableSet(tenants);
  }

  /// Whether a job holds it that keeps the others out.
  public boolean exclusive() {
    return exclusive;
  }

  /// Whether a job may hold something, or more, of it.
  public boolean admits(int job, boolean exclusively) {
    return tenants.isEmpty()
        || (tenants.size() == 1 && tenants.contains(job))
        || !(exclusive || exclusively);
  }

  public int freeMemoryMb() {
    return Math.max(0, offer.memoryMb() - grantedMemoryMb);
  }

  public int grantedMemoryMb() {
    return grantedMemoryMb;
  }

  /// The attempts of which something may run there, oldest first.
  public Collection<Attempt> attempts() {
    return Collections.unmodifiableSet(attempts);
  }

  void register(UUID newIdentity, NodeOffer newOffer, String newBootId) {
    identity = newIdentity;
    offer = newOffer;
    traits = traits(name, newOffer);
    offered = newOffer.topology().all();
    count();
    bootId = newBootId;
  }

  void switchTo(boolean nowOnline) {
    online = nowOnline;
  }

  void reach(boolean nowReachable, long time) {
    reachable = nowReachable;
    reachabilitySince = time;
  }

  void enter(int job, boolean exclusively) {
    if (!admits(job, exclusively)) {
      throw new IllegalStateException(
          "expected a node that job " + job + " may be on, but " + tenants + " are on " + name);
    }
    tenants.add(job);
    exclusive |= exclusively;
  }

  void leave(int job) {
    tenants.remove(job);
    exclusive &= !tenants.isEmpty();
  }

  void grant(Parts parts, int memoryMb) {
    if (granted.intersects(parts)) {
      throw new IllegalStateException(
          "expected what is free on " + name + ", but " + parts + " overlap " + granted);
    }
    granted = granted.plus(parts);
    grantedMemoryMb += memoryMb;
    count();
  }

  void giveBack(Parts parts, int memoryMb) {
    granted = granted.minus(parts);
    grantedMemoryMb -= memoryMb;
    count();
  }

  void add(Attempt attempt) {
    attempts.add(attempt);
  }

  void remove(Attempt attempt) {
    attempts.remove(attempt);
  }
}
