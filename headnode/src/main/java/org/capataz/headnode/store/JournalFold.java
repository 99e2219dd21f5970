package org.capataz.headnode.store;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.capataz.model.JobDraft;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;

/// The state as the journal alone makes it, with the drafts to which it refers. What it tells of
/// jobs that were deleted since is left out, as their drafts are no more.
final class JournalFold {

  private static final int PAGE = 100;

  private final SqlStore store;
  private final ClusterState rows;
  private final Map<Integer, Queue<DraftPart>> parts = new HashMap<>();
  private final Map<Integer, JobDraft> wholes = new HashMap<>();
  private final ClusterState state;
  private long records;

  /// @param rows the state as the rows have it
  JournalFold(SqlStore store, ClusterState rows) {
    this.store = store;
    this.rows = rows;
    this.state = new ClusterState(store.cluster(), store.epoch());
  }

  /// Where rows and journal differ, a line each.
  List<String> differences() {
    // The numbers given out last may be those of jobs that are no more, and so may what was used.
    return StateText.differences(StateText.withoutNumbers(rows), StateText.withoutNumbers(state));
  }

  /// How many records there were.
  long records() {
    return records;
  }

  /// Goes through the journal.
  ///
  /// @throws IllegalStateException if it cannot have happened so
  void run() {
    var last = 0L;
    for (var page = store.journal(0, 0, PAGE);
        !page.isEmpty();
        page = store.journal(last, 0, PAGE)) {
      for (var record : page) {
        // It begins anywhere, as what only deleted jobs needed is taken away.
        if (records > 1 && record.sequence() != last + 1) {
          throw new IllegalStateException(
              "expected record " + (last + 1) + ", but " + record.sequence() + " comes next");
        }
        last = record.sequence();
        records++;
        for (var event : record.events()) {
          if (!(event instanceof Event.OfJob ofJob) || rows.job(ofJob.job()) != null) {
            state.replay(withDraft(event), record.epoch());
          }
        }
      }
    }
    if (last != store.sequence()) {
      throw new IllegalStateException(
          "expected the last record to be " + store.sequence() + ", but it is " + last);
    }
  }

  private Event withDraft(Event event) {
    return switch (event) {
      case Event.JobCreated(var job, var request, var owner, var draft, var time) -> {
        parts.put(job, new ArrayDeque<>(store.drafts(job)));
        yield new Event.JobCreated(job, request, owner, next(job), time);
      }
      case Event.TasksAdded(var job, var request, var tasks, var time) -> {
        var before = Objects.requireNonNull(wholes.get(job)).tasks().size();
        var after = next(job).tasks();
        yield new Event.TasksAdded(job, request, after.subList(before, after.size()), time);
      }
      case Event.JobModified(var job, var request, var change, var draft, var order, var time) ->
          new Event.JobModified(job, request, change, next(job), order, time);
      case Event.JobConfigured(var job, var draft, var time) ->
          new Event.JobConfigured(job, Objects.requireNonNull(wholes.get(job)), time);
      default -> event;
    };
  }

  /// The job with one part more.
  private JobDraft next(int job) {
    var part = Objects.requireNonNull(parts.get(job)).remove();
    var whole = part.on(wholes.getOrDefault(job, JobDraft.EMPTY));
    wholes.put(job, whole);
    return whole;
  }
}
