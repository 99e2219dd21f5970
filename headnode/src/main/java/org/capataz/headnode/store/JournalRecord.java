package org.capataz.headnode.store;

import java.util.List;
import org.capataz.scheduler.event.Event;

/// Consecutive events of one job, or of nodes, from one commit.
///
/// @param sequence its place in the journal, from 1; later records have higher ones
/// @param epoch the opening of the store that committed it
/// @param job the job, or 0 for nodes
/// @param time when its first event happened, in microseconds since 1970
/// @param events in the order in which they happened
public record JournalRecord(long sequence, long epoch, int job, long time, List<Event> events) {

  public JournalRecord {
    events = List.copyOf(events);
  }
}
