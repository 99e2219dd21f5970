package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;

/// Records of the journal, to and from the content of a [Block]. Their sequence numbers are not
/// written: they follow one another from the block's own.
final class JournalCodec {

  private JournalCodec() {}

  /// Makes the records of a commit: one for each run of events of the same job, or of nodes, so
  /// that the order between jobs is kept.
  static List<JournalRecord> records(List<Event> events, long firstSequence, long epoch) {
    var records = new ArrayList<JournalRecord>();
    var from = 0;
    for (var to = 1; to <= events.size(); to++) {
      var job = job(events.get(from));
      if (to == events.size() || job(events.get(to)) != job) {
        var run = events.subList(from, to).stream().map(JournalCodec::withoutWriting).toList();
        var time = EventCodec.time(run.getFirst());
        records.add(new JournalRecord(firstSequence + records.size(), epoch, job, time, run));
        from = to;
      }
    }
    return records;
  }

  private static int job(Event event) {
    return event instanceof Event.OfJob ofJob ? ofJob.job() : 0;
  }

  private static Event withoutWriting(Event event) {
    if (event instanceof Event.JobCreated(var job, var request, var owner, var draft, var time)) {
      return new Event.JobCreated(job, request, owner, JobDraft.EMPTY, time);
    }
    if (event instanceof Event.TasksAdded(var job, var request, var tasks, var time)) {
      return new Event.TasksAdded(job, request, List.of(), time);
    }
    if (event
        instanceof
        Event.JobModified(var job, var request, var change, var draft, var order, var time)) {
      return new Event.JobModified(job, request, JobChange.NONE, JobDraft.EMPTY, order, time);
    }
    if (event instanceof Event.JobConfigured(var job, var draft, var time)) {
      return new Event.JobConfigured(job, JobDraft.EMPTY, time);
    }
    return event;
  }

  /// Writes a record.
  ///
  /// @param before the time of the record before it in the block, 0 for the first
  static void write(PackedWriter out, JournalRecord record, long before) {
    out.unsigned(record.job()).unsigned(record.epoch()).signed(record.time() - before);
    EventCodec.write(out, record.events());
  }

  /// Reads all records of a block.
  ///
  /// @param sequence that of the first
  static List<JournalRecord> read(byte[] content, long sequence) {
    var in = new PackedReader(content);
    var records = new ArrayList<JournalRecord>();
    var time = 0L;
    while (!in.isAtEnd()) {
      var job = in.count();
      var epoch = in.unsigned();
      time += in.signed();
      var events = EventCodec.read(in, job, time);
      records.add(new JournalRecord(sequence + records.size(), epoch, job, time, events));
    }
    return records;
  }
}
