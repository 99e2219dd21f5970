package org.capataz.scheduler.simulation;

import org.capataz.model.Topology;
import org.capataz.scheduler.event.NodeOffer;

/// A node as the journal tells it.
record NodeRecord(String name, NodeOffer offer, boolean online, boolean reachable) {

  NodeRecord with(boolean nowOnline, boolean nowReachable) {
    return new NodeRecord(name, offer, nowOnline, nowReachable);
  }

  Topology topology() {
    return offer.topology();
  }

  boolean usable() {
    return online && reachable;
  }
}
