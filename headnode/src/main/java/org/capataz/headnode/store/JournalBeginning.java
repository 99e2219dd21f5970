package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.scheduler.event.Event;

/// What the journal begins with in place of records that were taken away: what they told of nodes
/// and settings that still holds. With it the state can be made from the journal alone.
final class JournalBeginning {

  /// What an event says something of, and which word of it.
  private record Subject(Class<?> kind, Object of) {}

  private final Map<Subject, Event> latest = new LinkedHashMap<>();
  private long epoch;

  /// Takes in the next record.
  void add(JournalRecord record) {
    epoch = record.epoch();
    record.events().forEach(this::add);
  }

  private void add(Event event) {
    switch (event) {
      case Event.NodeRegistered e -> put(e, e.node());
      case Event.NodeSwitched e -> put(e, e.node());
      case Event.ClusterParameterSet e -> put(e, e.parameter());
      case Event.ClusterVariableSet e -> put(e, e.name());
      case Event.TemplateSet e -> put(e, SettingsTable.key(e.template().name()));
      case Event.TemplateDeleted e ->
          latest.remove(new Subject(Event.TemplateSet.class, SettingsTable.key(e.name())));
      case Event.ShareSet e -> put(e, e.share().of());
      case Event.ShareDeleted e -> latest.remove(new Subject(Event.ShareSet.class, e.of()));
      case Event.OfJob e -> {}
      // Of no job that is left.
      case Event.ClockSet e -> {}
      case Event.NodeReachability e -> {}
    }
  }

  /// An event takes the place of the one before of its kind.
  private void put(Event event, Object of) {
    var subject = new Subject(event.getClass(), of);
    latest.remove(subject);
    latest.put(subject, event);
  }

  boolean isEmpty() {
    return latest.isEmpty();
  }

  /// The row with one record that tells it all.
  byte[] block(long sequence) {
    List<Event> events = new ArrayList<>(latest.values());
    var time = EventCodec.time(events.getFirst());
    var out = new PackedWriter();
    JournalCodec.write(out, new JournalRecord(sequence, epoch, 0, time, events), 0);
    return Block.compressed(out.toBytes());
  }
}
