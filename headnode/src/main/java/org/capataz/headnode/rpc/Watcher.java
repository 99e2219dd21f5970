package org.capataz.headnode.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.store.JournalRecord;
import org.capataz.headnode.view.Board;
import org.capataz.model.JobSpec;
import org.capataz.proto.v1.InstanceSummary;
import org.capataz.proto.v1.JobEvent;
import org.capataz.proto.v1.WatchRequest;
import org.capataz.scheduler.event.Event;
import org.jspecify.annotations.Nullable;

/// Tells clients what happens to jobs: from the board while they keep up, and from the journal
/// where they come from further back. What one client does not read holds nobody up, and nothing is
/// fetched for it before it has read what came before.
final class Watcher {

  /// Records at a time, and events of all of them but the last: few, for they are kept for whoever
  /// stops reading.
  private static final int PAGE = 64;

  private static final int MOST_EVENTS = 128;
  private static final int MOST_SPECS = 64;

  private final EngineLoop loop;
  private final Board board;
  private final TaskMessages messages;

  Watcher(EngineLoop loop) {
    this.loop = loop;
    this.board = loop.board();
    this.messages = new TaskMessages(board);
  }

  void watch(WatchRequest request, StreamObserver<JobEvent> out) {
    if (request.getJob() != 0 && board.job(request.getJob()) == null) {
      out.onError(SchedulerService.noJob(request.getJob()));
      return;
    }
    if (request.getJob() == 0 && request.getUntilEnd()) {
      out.onError(
          Status.INVALID_ARGUMENT
              .withDescription("expected a job to watch until its end, but got none")
              .asRuntimeException());
      return;
    }
    Outlet.open(out, new One(request)::run);
  }

  /// One client's watch.
  private final class One {
    private final WatchRequest request;
    private final Map<Integer, Optional<JobSpec>> specs =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Optional<JobSpec>> eldest) {
            return size() > MOST_SPECS;
          }
        };

    One(WatchRequest request) {
      this.request = request;
    }

    void run(Outlet<JobEvent> outlet) throws InterruptedException {
      // The number first: what is shown then is at least as new, and nothing is missed.
      var shown = board.sequence();
      var at = request.getAfter() == 0 ? shown : Math.min(request.getAfter(), shown);
      var last = JobEvent.getDefaultInstance();
      if (request.getAfter() == 0 && request.getJob() != 0) {
        last = now(shown);
        outlet.send(last);
      }
      while (true) {
        // The number last: that of the commit which ended the job is then among them.
        var ended = request.getUntilEnd() && hasEnded();
        shown = board.sequence();
        if (ended && at >= shown) {
          if (!now(at).getJob().equals(last.getJob())) {
            outlet.send(now(at));
          }
          return;
        }
        outlet.awaitReader();
        var recent = board.awaitAfter(at, PAGE);
        var fetched = recent == null ? loop.store().journal(at, request.getJob(), PAGE) : recent;
        var records = beginning(fetched);
        at = records.isEmpty() ? at : records.getLast().sequence();
        if (recent == null && fetched.size() < PAGE && records.size() == fetched.size()) {
          at = Math.max(at, shown);
        }
        for (var events = events(records).iterator(); events.hasNext(); ) {
          last = events.next();
          outlet.send(last);
        }
        if (request.getJob() != 0 && board.job(request.getJob()) == null) {
          outlet.send(now(at));
          return;
        }
      }
    }

    private boolean hasEnded() {
      var job = board.job(request.getJob());
      return job == null || job.state().isEnd();
    }

    private JobEvent now(long sequence) {
      var event = JobEvent.newBuilder().setSequence(sequence);
      var job = board.job(request.getJob());
      return (job == null ? event.setDeleted(true) : event.setJob(Messages.job(job))).build();
    }

    private static List<JournalRecord> beginning(List<JournalRecord> records) {
      var events = 0;
      for (var i = 0; i < records.size(); i++) {
        events += records.get(i).events().size();
        if (events > MOST_EVENTS) {
          return List.copyOf(records.subList(0, i + 1));
        }
      }
      return records;
    }

    /// Made one by one. Where single instances are not asked for, the latest event of each job
    /// stands for all.
    private Stream<JobEvent> events(List<JournalRecord> records) {
      var wanted =
          records.stream()
              .filter(entry -> request.getJob() == 0 || request.getJob() == entry.job());
      if (!request.getInstances()) {
        var latest = new LinkedHashMap<Integer, JournalRecord>();
        wanted.forEach(entry -> latest.putLast(entry.job(), entry));
        wanted = latest.values().stream();
      }
      return wanted.map(this::event).flatMap(Optional::stream);
    }

    private Optional<JobEvent> event(JournalRecord entry) {
      var job = board.job(entry.job());
      if (job == null) {
        return Optional.empty();
      }
      var event =
          JobEvent.newBuilder()
              .setSequence(entry.sequence())
              .setTime(entry.time())
              .setJob(Messages.job(job));
      if (request.getInstances()) {
        event.addAllInstances(instances(entry));
      }
      return Optional.of(event.build());
    }

    private List<InstanceSummary> instances(JournalRecord entry) {
      var found = new ArrayList<InstanceSummary>();
      for (var event : entry.events()) {
        if (event instanceof Event.JobModified || event instanceof Event.JobSubmitted) {
          specs.remove(entry.job());
        }
        var spec = spec(entry.job());
        if (event instanceof Event.OfJob ofJob && spec != null) {
          var instance =
              messages.instance(
                  ofJob,
                  (task, ordinal) ->
                      InstanceSummary.newBuilder()
                          .setJob(entry.job())
                          .setTask(task)
                          .setInstance(spec.task(task).sweep().index(ordinal)));
          if (instance != null) {
            found.add(instance);
          }
        }
      }
      return found;
    }

    private @Nullable JobSpec spec(int id) {
      return specs
          .computeIfAbsent(
              id,
              unknown ->
                  Answers.await(
                      loop.read(
                          state -> {
                            var job = state.job(id);
                            return job != null && job.isSubmitted()
                                ? Optional.of(job.spec())
                                : Optional.<JobSpec>empty();
                          })))
          .orElse(null);
    }
  }
}
