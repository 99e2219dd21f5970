package org.capataz.scheduler.policy;

import java.util.Iterator;

/// The queue as the administrator wants it ([Snapshot#rules]). Whatever is chosen: priority comes
/// first; a job starts as soon as its minimum is free, with up to its maximum; what no waiting job
/// can use lets running jobs grow; and a job that asks for more than all nodes could give holds
/// nobody up.
public final class QueuePolicy implements Policy {

  @Override
  public Plan plan(Snapshot snapshot) {
    return new Pass(snapshot).plan();
  }

  /// The jobs that wait, in the order in which they come to their turn.
  public static Iterator<Snapshot.Claim> turns(Snapshot snapshot) {
    return Turns.of(snapshot);
  }
}
