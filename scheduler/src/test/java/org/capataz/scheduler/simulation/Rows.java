package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Facts;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Outline;
import org.capataz.scheduler.state.Stored;
import org.capataz.scheduler.state.Task;
import org.jspecify.annotations.Nullable;

/// A store in memory: what a commit's events are about is written anew from the state, as rows; the
/// journal is kept beside it. Both survive the death of a head node.
final class Rows {

  /// Events of one commit, and the epoch of the head node that made it.
  private record Commit(long epoch, List<Event> events) {}

  /// What a job's rows are made of.
  private static final class JobRows {
    private Event.JobCreated created;
    private final Map<UUID, Integer> additions = new HashMap<>();
    private JobLife life = new JobLife.Configuring();
    private Facts facts = Facts.NEW;
    private @Nullable Outline outline;
    private List<Stored.StoredGrant> grants = List.of();
    private final Map<Integer, TaskRows> tasks = new LinkedHashMap<>();

    JobRows(Event.JobCreated created) {
      this.created = created;
    }

    void rewrite(JobDraft draft) {
      created =
          new Event.JobCreated(
              created.job(), created.requestId(), created.owner(), draft, created.time());
    }

    TaskRows task(int number) {
      return tasks.computeIfAbsent(number, ignored -> new TaskRows());
    }
  }

  /// An attempt that has not ended.
  private record Begun(long epoch, Event.AttemptDispatched event) {}

  private static final class TaskRows {
    private Task.@Nullable Checkpoint checkpoint;
    private final List<byte[]> log = new ArrayList<>();
    private final Map<Integer, Begun> begun = new LinkedHashMap<>();
    private List<Stored.StoredAttempt> live = List.of();

    boolean isTouched() {
      return checkpoint != null || !log.isEmpty() || !live.isEmpty();
    }

    Stored.StoredTask stored() {
      var entries = new ArrayList<EndedLog.Entry>();
      log.forEach(block -> EndedLog.unpack(block, entries::add));
      return new Stored.StoredTask(checkpoint, entries, live);
    }
  }

  private final UUID cluster = new UUID(4, 2);
  private final List<Commit> journal = new ArrayList<>();
  private final Map<Integer, JobRows> jobs = new LinkedHashMap<>();
  private final Map<Integer, Event.NodeRegistered> nodes = new LinkedHashMap<>();
  private final Map<Integer, Boolean> online = new HashMap<>();
  private Stored.Counters counters = new Stored.Counters(0, 0, 0, 0);
  private List<Stored.StoredUsage> usages = List.of();
  private ClusterSettings settings = ClusterSettings.DEFAULT;
  private long epoch;

  UUID cluster() {
    return cluster;
  }

  /// Raised each time that a head node starts.
  long nextEpoch() {
    return ++epoch;
  }

  void commit(List<Event> events, ClusterState state) {
    var lasting = events.stream().filter(event -> !(event instanceof Event.Passing)).toList();
    journal.add(new Commit(epoch, lasting));
    var touched = new LinkedHashSet<Integer>();
    for (var event : lasting) {
      switch (event) {
        case Event.OfJob ofJob -> {
          touched.add(ofJob.job());
          note(ofJob, state);
        }
        case Event.ClusterParameterSet s -> settings = settings.with(s.parameter(), s.text());
        case Event.ClusterVariableSet s -> settings = settings.withVariable(s.name(), s.value());
        case Event.TemplateSet s -> settings = settings.withTemplate(s.template());
        case Event.ShareSet s -> settings = settings.with(settings.shares().with(s.share()));
        case Event.ShareDeleted s -> settings = settings.with(settings.shares().without(s.of()));
        case Event.ClockSet s ->
            state.jobs().stream()
                .filter(job -> job.holdsLicences() || !job.grants().isEmpty())
                .forEach(job -> touched.add(job.id()));
        case Event.TemplateDeleted s -> settings = settings.withoutTemplate(s.name());
        case Event.NodeRegistered registered -> nodes.put(registered.node(), registered);
        case Event.NodeSwitched switched -> online.put(switched.node(), switched.online());
        case Event.NodeReachability r -> throw new AssertionError(r);
      }
    }
    touched.stream()
        .filter(jobs::containsKey)
        .forEach(id -> write(Objects.requireNonNull(state.job(id))));
    usages =
        state.accounts().all().stream()
            .filter(account -> account.usage().since() != 0)
            .map(
                account ->
                    new Stored.StoredUsage(
                        account.of(), account.usage().coreSeconds(), account.usage().since()))
            .toList();
    counters =
        new Stored.Counters(
            state.nextJob() - 1,
            state.nextNode() - 1,
            state.nextGrant() - 1,
            state.nextOrder() - 1);
  }

  boolean isMissing(int job) {
    return !jobs.containsKey(job);
  }

  /// A job as it is stored.
  JobDraft draft(int job) {
    return rows(job).created.draft();
  }

  private JobRows rows(int job) {
    return Objects.requireNonNull(jobs.get(job));
  }

  private void note(Event.OfJob event, ClusterState state) {
    switch (event) {
      case Event.JobDeleted deleted -> jobs.remove(deleted.job());
      case Event.JobCreated created -> jobs.put(created.job(), new JobRows(created));
      case Event.TasksAdded added -> {
        var rows = rows(added.job());
        var draft = rows.created.draft();
        rows.additions.put(added.requestId(), draft.tasks().size() + 1);
        var tasks = new ArrayList<>(draft.tasks());
        tasks.addAll(added.tasks());
        rows.rewrite(draft.withTasks(tasks));
      }
      case Event.JobModified modified -> {
        var rows = rows(modified.job());
        rows.additions.put(Objects.requireNonNull(modified.requestId()), modified.job());
        rows.rewrite(modified.change().on(rows.created.draft()).orElseThrow());
        checkpointAll(state, modified.job());
      }
      case Event.AttemptDispatched dispatched ->
          rows(dispatched.job())
              .task(dispatched.task())
              .begun
              .put(dispatched.ordinal(), new Begun(epoch, dispatched));
      case Event.AttemptEnded ended -> {
        var rows = rows(ended.job()).task(ended.task());
        var began = Objects.requireNonNull(rows.begun.remove(ended.ordinal()));
        var entry =
            new EndedLog.Entry(
                ended.ordinal(),
                began.event().number(),
                began.epoch(),
                ended.state(),
                began.event().placements().getFirst().node(),
                Placement.cores(began.event().placements()),
                ended.end());
        rows.log.add(EndedLog.pack(List.of(entry)));
      }
      case Event.TaskSkipped skipped -> checkpoint(state, skipped.job(), skipped.task());
      case Event.InstanceSkipped skipped -> checkpoint(state, skipped.job(), skipped.task());
      case Event.TaskRequeued requeued -> checkpoint(state, requeued.job(), requeued.task());
      case Event.InstanceRequeued requeued -> checkpoint(state, requeued.job(), requeued.task());
      case Event.JobConfigured configured -> rows(configured.job()).tasks.clear();
      case Event.ThrottleChanged changed -> checkpoint(state, changed.job(), changed.task());
      case Event.JobStopping stopping when stopping.then() != JobState.QUEUED ->
          checkpointAll(state, stopping.job());
      case Event.JobRequeued requeued -> checkpointAll(state, requeued.job());
      case Event.OfJob other -> {}
    }
  }

  private void checkpointAll(ClusterState state, int job) {
    for (var task : Objects.requireNonNull(state.job(job)).tasks()) {
      checkpoint(state, job, task.number());
    }
  }

  /// Writes what became of a task, unless the same commit took the job back to before all that.
  private void checkpoint(ClusterState state, int job, int task) {
    var tasks = Objects.requireNonNull(state.job(job)).tasks();
    if (!tasks.isEmpty()) {
      rows(job).task(task).checkpoint = tasks.get(task - 1).checkpoint();
    }
  }

  private void write(Job job) {
    var rows = rows(job.id());
    rows.life = job.life();
    rows.facts = job.facts();
    rows.outline = job.outline();
    rows.grants = job.grants().stream().map(Rows::stored).toList();
    for (var task : job.tasks()) {
      var stored = rows.task(task.number());
      // In the order of their dispatch.
      stored.live =
          stored.begun.keySet().stream()
              .map(ordinal -> Rows.stored(Objects.requireNonNull(task.live(ordinal))))
              .toList();
      if (task instanceof OpenTask) {
        rows.task(task.number()).checkpoint = task.checkpoint();
      }
    }
  }

  private static Stored.StoredGrant stored(Grant grant) {
    return new Stored.StoredGrant(
        grant.id(),
        grant.node().id(),
        grant.openTime(),
        grant.life().held(),
        grant.used(),
        grant.lost());
  }

  private static Stored.StoredAttempt stored(Attempt attempt) {
    return new Stored.StoredAttempt(
        attempt.ordinal(),
        attempt.number(),
        attempt.id().epoch(),
        attempt.placements(),
        attempt.rerunAfter(),
        attempt.dispatchTime(),
        attempt.life());
  }

  /// The state as the rows have it.
  ClusterState restored(long newEpoch) {
    var state = new ClusterState(cluster, newEpoch);
    state.restore(
        new Stored(
            counters,
            settings,
            usages,
            nodes.values().stream()
                .map(node -> new Stored.StoredNode(node, online.getOrDefault(node.node(), true)))
                .toList(),
            jobs.values().stream().map(Rows::stored).toList()));
    return state;
  }

  private static Stored.StoredJob stored(JobRows rows) {
    var tasks = new HashMap<Integer, Stored.StoredTask>();
    rows.tasks.forEach(
        (number, task) -> {
          if (task.isTouched()) {
            tasks.put(number, task.stored());
          }
        });
    var draft = rows.created.draft();
    return new Stored.StoredJob(
        rows.created.job(),
        rows.created.requestId(),
        rows.created.owner(),
        rows.created.time(),
        () -> draft,
        draft.get(JobProperty.NAME).orElse(""),
        JobLabels.of(draft),
        rows.additions,
        rows.life,
        rows.facts,
        rows.outline,
        rows.grants,
        tasks);
  }

  /// The state as the journal has it.
  ClusterState folded(long newEpoch) {
    var state = new ClusterState(cluster, newEpoch);
    for (var entry : journal) {
      entry.events.forEach(event -> state.replay(event, entry.epoch));
    }
    return state;
  }

  List<Event> events() {
    return journal.stream().flatMap(entry -> entry.events.stream()).toList();
  }
}
