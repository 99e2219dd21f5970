package org.capataz.headnode.store;

import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.jspecify.annotations.Nullable;

/// What an event names, and so must exist.
final class Known {

  private Known() {}

  static Job job(ClusterState state, int id) {
    return of(state.job(id));
  }

  static Node node(ClusterState state, int id) {
    return of(state.node(id));
  }

  static <T> T of(@Nullable T found) {
    if (found == null) {
      throw new IllegalStateException("expected what an event names to be known");
    }
    return found;
  }
}
