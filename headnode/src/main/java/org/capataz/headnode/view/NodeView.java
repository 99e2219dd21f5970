package org.capataz.headnode.view;

import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.state.Node;

/// A node at a glance.
///
/// @param reachabilitySince when its connection came or went, 0 if it has not been seen yet
/// @param busyCores cores that a job holds
public record NodeView(
    int id,
    String name,
    boolean online,
    boolean draining,
    boolean reachable,
    long reachabilitySince,
    NodeOffer offer,
    int busyCores,
    int reservedMemoryMb) {

  public static NodeView of(Node node) {
    return new NodeView(
        node.id(),
        node.name(),
        node.online(),
        node.draining(),
        node.reachable(),
        node.reachabilitySince(),
        node.offer(),
        node.granted().size(),
        node.grantedMemoryMb());
  }
}
