package org.capataz.headnode.view;

import java.util.List;
import org.capataz.model.NodeTraits;
import org.capataz.model.Parts;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.state.Node;

/// A node at a glance.
///
/// @param reachabilitySince when its connection came or went, 0 if it has not been seen yet
/// @param busy what jobs hold
/// @param exclusive whether a job keeps all others out
/// @param jobs that hold something of it
public record NodeView(
    int id,
    String name,
    boolean online,
    boolean draining,
    boolean reachable,
    long reachabilitySince,
    NodeOffer offer,
    Parts busy,
    int reservedMemoryMb,
    boolean exclusive,
    List<Integer> jobs) {

  public int busyCores() {
    return busy.cores().size();
  }

  /// What it is chosen by.
  public NodeTraits traits() {
    return new NodeTraits(name, offer.groups(), offer.topology(), offer.memoryMb());
  }

  /// What no job holds.
  public Parts free() {
    return offer.topology().all().minus(busy);
  }

  public static NodeView of(Node node) {
    return new NodeView(
        node.id(),
        node.name(),
        node.online(),
        node.draining(),
        node.reachable(),
        node.reachabilitySince(),
        node.offer(),
        node.granted(),
        node.grantedMemoryMb(),
        node.exclusive(),
        node.tenants().stream().sorted().toList());
  }
}
