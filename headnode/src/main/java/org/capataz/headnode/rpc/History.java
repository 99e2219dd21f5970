package org.capataz.headnode.rpc;

import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.store.JournalRecord;
import org.capataz.model.Moment;
import org.capataz.proto.v1.HistoryEntry;
import org.capataz.proto.v1.ListJobHistoryReply;
import org.capataz.proto.v1.ListJobHistoryRequest;
import org.capataz.scheduler.event.Event;
import org.jspecify.annotations.Nullable;

/// Tells what happened to a job, from the journal, which has it all.
final class History {

  /// Records that one call reads at most, whether or not there is something to tell in them.
  private static final int MOST_RECORDS = 5000;

  private static final int AT_ONCE = 500;

  private final EngineLoop loop;

  History(EngineLoop loop) {
    this.loop = loop;
  }

  ListJobHistoryReply list(ListJobHistoryRequest request, int pageSize) {
    var page = ListJobHistoryReply.newBuilder();
    var after = after(request.getPageToken());
    for (var read = 0; read < MOST_RECORDS; read += AT_ONCE) {
      var records = loop.store().journal(after, request.getJob(), AT_ONCE);
      for (var entry : records) {
        add(entry, page);
        after = entry.sequence();
        if (page.getEntriesCount() >= pageSize) {
          return page.setNextPageToken(Long.toString(after)).build();
        }
      }
      if (records.size() < AT_ONCE) {
        return page.build();
      }
    }
    return page.setNextPageToken(Long.toString(after)).build();
  }

  private static long after(String token) {
    if (token.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(token);
    } catch (NumberFormatException wrong) {
      throw SchedulerService.wrongPageToken();
    }
  }

  private void add(JournalRecord entry, ListJobHistoryReply.Builder page) {
    for (var event : entry.events()) {
      var told = event instanceof Event.OfJob ofJob ? tell(ofJob) : null;
      if (told != null) {
        page.addEntries(told);
      }
    }
  }

  private @Nullable HistoryEntry tell(Event.OfJob event) {
    return switch (event) {
      case Event.JobCreated e -> entry(e.time(), "Created", "by " + e.owner());
      case Event.TasksAdded e -> entry(e.time(), "TasksAdded", "");
      case Event.JobModified e -> entry(e.time(), "Modified", "");
      case Event.JobConfigured e -> entry(e.time(), "Configured", "");
      case Event.JobSubmitted e -> entry(e.time(), "Submitted", "");
      case Event.JobBlocked e -> entry(e.time(), "Waiting", e.reason().toString());
      case Event.JobStarted e -> entry(e.time(), "Started", "");
      case Event.GrantOpened e -> ofNode(e.time(), "NodeAdded", e.parts().cores().size(), e.node());
      case Event.GrantClosed e -> ofNode(e.time(), "NodeLeft", 0, e.node());
      case Event.JobStopping e -> entry(e.time(), "Stopping", e.message());
      case Event.JobRequeued e ->
          entry(e.time(), "Requeued", e.failedOnly() ? "what failed of it" : "");
      case Event.HoldChanged e ->
          e.until() == 0
              ? entry(e.time(), "Released", "")
              : entry(
                  e.time(),
                  "Held",
                  (e.byFilter() ? "by the activation filter until " : "until ")
                      + Moment.text(e.until()));
      case Event.JobEnded e ->
          entry(e.time(), "Ended", e.state() + (e.message().isEmpty() ? "" : ": " + e.message()));
      case Event.OfJob e -> null;
    };
  }

  private static HistoryEntry entry(long time, String event, String detail) {
    return HistoryEntry.newBuilder().setTime(time).setEvent(event).setDetail(detail).build();
  }

  private HistoryEntry ofNode(long time, String event, int cores, int node) {
    var view = loop.board().node(node);
    return HistoryEntry.newBuilder()
        .setTime(time)
        .setEvent(event)
        .setDetail(cores == 0 ? "" : cores == 1 ? "1 core" : cores + " cores")
        .setNode(view == null ? "" : view.name())
        .build();
  }
}
