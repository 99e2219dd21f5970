package org.capataz.systemtests;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import org.capataz.client.InstanceStatus;

/// How many cores were at work at the same time, by the start and end times on record.
final class Occupancy {

  /// A run that has ended.
  ///
  /// @param cores that it was given, by what its task asked for
  record Run(InstanceStatus end, int cores) {
    String node() {
      return end.node();
    }
  }

  /// Cores that are taken at a moment, or given back if negative.
  private record Change(Instant time, int cores) {}

  private Occupancy() {}

  /// The most cores that these runs held at any one time. A run that starts in the microsecond in
  /// which another ends comes after it.
  static int mostCores(Collection<Run> runs) {
    var changes = new ArrayList<Change>();
    for (var run : runs) {
      changes.add(new Change(run.end().startTime().orElseThrow(), run.cores()));
      changes.add(new Change(run.end().endTime().orElseThrow(), -run.cores()));
    }
    changes.sort(comparing(Change::time).thenComparingInt(Change::cores));
    var now = 0;
    var most = 0;
    for (var change : changes) {
      now += change.cores();
      most = Math.max(most, now);
    }
    return most;
  }
}
