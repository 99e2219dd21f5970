package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.capataz.model.CoreSet;
import org.capataz.scheduler.event.NodeOffer;

/// A compute node: what it offers, what of it is granted, and what runs there.
public final class Node {
  private final int id;
  private final String name;
  private UUID identity;
  private NodeOffer offer;
  private CoreSet offered;
  private String bootId;
  private boolean online = true;
  private boolean reachable;
  private long reachabilitySince;
  private CoreSet granted = CoreSet.EMPTY;
  private int freeCores;
  private int grantedMemoryMb;
  private final Set<Attempt> attempts = new LinkedHashSet<>();

  Node(int id, UUID identity, String name, NodeOffer offer, String bootId) {
    this.id = id;
    this.identity = identity;
    this.name = name;
    this.offer = offer;
    this.offered = CoreSet.first(offer.cores());
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

  /// The cores that it offers now. One that has come back with fewer may still have more granted:
  /// what runs there keeps them.
  public CoreSet offered() {
    return offered;
  }

  /// Cores that no job holds.
  public CoreSet free() {
    return offered.minus(granted);
  }

  /// How many cores no job holds.
  public int freeCores() {
    return freeCores;
  }

  public CoreSet granted() {
    return granted;
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
    offered = CoreSet.first(newOffer.cores());
    freeCores = free().size();
    bootId = newBootId;
  }

  void switchTo(boolean nowOnline) {
    online = nowOnline;
  }

  void reach(boolean nowReachable, long time) {
    reachable = nowReachable;
    reachabilitySince = time;
  }

  void grant(CoreSet cores, int memoryMb) {
    if (granted.intersects(cores)) {
      throw new IllegalStateException(
          "expected free cores on " + name + ", but " + cores + " overlap " + granted);
    }
    granted = granted.plus(cores);
    grantedMemoryMb += memoryMb;
    freeCores = free().size();
  }

  void giveBack(CoreSet cores, int memoryMb) {
    granted = granted.minus(cores);
    grantedMemoryMb -= memoryMb;
    freeCores = free().size();
  }

  void add(Attempt attempt) {
    attempts.add(attempt);
  }

  void remove(Attempt attempt) {
    attempts.remove(attempt);
  }
}
