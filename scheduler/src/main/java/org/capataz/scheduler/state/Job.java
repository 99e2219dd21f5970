package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.JobProperty;
import org.capataz.model.JobSpec;
import org.capataz.model.PendingReason;
import org.capataz.model.Priority;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.model.Unit;
import org.capataz.scheduler.event.Pace;
import org.capataz.scheduler.life.GrantLife;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// A job, from its making to its deletion.
public final class Job {

  /// Instances of the tasks that do the job's work, by what has become of them.
  public record Counts(long queued, long running, long finished, long failed, long canceled) {

    long all() {
      return queued + running + finished + failed + canceled;
    }
  }

  /// How far somebody said that it is.
  ///
  /// @param percent -1 if nobody did
  public record Progress(int percent, String message) {
    public static final Progress UNSAID = new Progress(-1, "");
  }

  /// What keeps it from starting, as far as that was noted.
  ///
  /// @param since when that was noted, 0 for never
  /// @param changes how often it has changed
  public record Pending(PendingReason reason, long since, int changes) {
    public static final Pending NOTHING = new Pending(PendingReason.NONE, 0, 0);
  }

  /// Until when it does not start.
  ///
  /// @param until in microseconds since 1970; 0 for now
  /// @param byFilter whether the activation filter wants it so
  public record Hold(long until, boolean byFilter) {
    public static final Hold NONE = new Hold(0, false);

    static Hold byUser(long until) {
      return new Hold(until, false);
    }
  }

  /// What of a job neither its draft nor its tasks tell.
  ///
  /// @param revision how often its draft was changed
  /// @param attemptBase the highest number of an attempt before it was last Configuring
  public record Facts(
      int requeues, int revision, int attemptBase, Progress progress, Pending pending, Hold hold) {
    public static final Facts NEW = new Facts(0, 0, 0, Progress.UNSAID, Pending.NOTHING, Hold.NONE);

    Facts requeued() {
      return new Facts(requeues + 1, revision, attemptBase, progress, pending, hold);
    }

    Facts revised() {
      return new Facts(requeues, revision + 1, attemptBase, progress, pending, hold);
    }

    Facts withAttemptBase(int base) {
      return new Facts(requeues, revision, base, progress, pending, hold);
    }

    Facts with(Progress said) {
      return new Facts(requeues, revision, attemptBase, said, pending, hold);
    }

    Facts with(Pending noted) {
      return new Facts(requeues, revision, attemptBase, progress, noted, hold);
    }

    Facts with(Hold other) {
      return new Facts(requeues, revision, attemptBase, progress, pending, other);
    }
  }

  private final int id;
  private final UUID requestId;
  private final Set<UUID> additions = new HashSet<>();
  private final String owner;
  private final long createTime;
  private JobLife life = new JobLife.Configuring();
  private JobDraft draft;
  private @Nullable JobSpec spec;
  private Priority priority = Priority.NORMAL;
  private List<Task> tasks = List.of();
  private List<OpenTask> open = List.of();
  private List<Group> groups = List.of();
  private final NavigableSet<Integer> runnable = new TreeSet<>();
  private final Map<Integer, Grant> grants = new LinkedHashMap<>();
  private final Set<Grant> idle = new LinkedHashSet<>();
  private final Set<Grant> unusable = new LinkedHashSet<>();
  private int grantedCores;
  private int leavingCores;
  private int live;
  private int running;
  private long queued;
  private long finished;
  private long failed;
  private long canceled;
  private int undone;
  private int ready;
  private Facts facts = Facts.NEW;
  private int unfinishedParents;
  private int lastAttempt;

  /// The members of a group that are not done, and who waits for them.
  private static final class Group {
    private final List<Task> dependents = new ArrayList<>();
    private int undone;
  }

  Job(int id, UUID requestId, String owner, JobDraft draft, long createTime) {
    this.id = id;
    this.requestId = requestId;
    this.owner = owner;
    this.draft = draft;
    this.createTime = createTime;
  }

  public int id() {
    return id;
  }

  /// The client's name for the request that made the job.
  public UUID requestId() {
    return requestId;
  }

  /// The client's names for the requests that changed what it is.
  Set<UUID> additions() {
    return additions;
  }

  public String owner() {
    return owner;
  }

  public long createTime() {
    return createTime;
  }

  public JobLife life() {
    return life;
  }

  /// The job as written so far.
  public JobDraft draft() {
    return draft;
  }

  /// Until when it does not start, in microseconds since 1970; 0 if it need not wait.
  public long holdUntil() {
    return facts.hold().until();
  }

  public Hold hold() {
    return facts.hold();
  }

  /// How many of its parents have not Finished.
  public int unfinishedParents() {
    return unfinishedParents;
  }

  /// Whether nothing but resources keeps it from starting.
  public boolean isEligible() {
    return holdUntil() == 0 && unfinishedParents == 0;
  }

  /// The resolved job.
  ///
  /// @throws IllegalStateException if it has not been submitted
  public JobSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("expected job " + id + " to be submitted, but it is " + life);
    }
    return spec;
  }

  public boolean isSubmitted() {
    return spec != null;
  }

  public String name() {
    return draft.get(JobProperty.NAME).orElse("");
  }

  /// Its rank in the queue; Normal until the job has been submitted.
  public Priority priority() {
    return priority;
  }

  /// The tasks by number - 1; empty until the job has been submitted.
  public List<Task> tasks() {
    return tasks;
  }

  public Task task(int number) {
    return tasks.get(number - 1);
  }

  /// Its task of that type, or null: NodePrep, NodeRelease and Service are once in a job at most.
  private @Nullable OpenTask only(TaskKind kind) {
    for (var task : open) {
      if (task.spec().kind() == kind) {
        return task;
      }
    }
    return null;
  }

  public @Nullable OpenTask prep() {
    return only(TaskKind.NODE_PREP);
  }

  public @Nullable OpenTask release() {
    return only(TaskKind.NODE_RELEASE);
  }

  public @Nullable OpenTask service() {
    return only(TaskKind.SERVICE);
  }

  /// Numbers of the tasks of which an instance may be dispatched, in order.
  public NavigableSet<Integer> runnable() {
    return Collections.unmodifiableNavigableSet(runnable);
  }

  /// How many tasks could go on, had they the cores and no throttle.
  public int ready() {
    return ready;
  }

  /// The tasks that wait for this one.
  public List<Task> dependents(Task task) {
    return task.group() < 0 ? List.of() : groups.get(task.group()).dependents;
  }

  public Collection<Grant> grants() {
    return Collections.unmodifiableCollection(grants.values());
  }

  /// What the job holds on a node, or null.
  public @Nullable Grant grantOn(int node) {
    return grants.get(node);
  }

  /// Grants with cores that a task may have, and no attempt has.
  public Collection<Grant> idleGrants() {
    return Collections.unmodifiableSet(idle);
  }

  /// Grants that the job cannot use: their nodes are being prepared, could not be, or were lost.
  public Collection<Grant> unusable() {
    return Collections.unmodifiableSet(unusable);
  }

  public int grantedCores() {
    return grantedCores;
  }

  /// How many units it holds.
  public int held() {
    return units(grantedCores, grants.values().stream());
  }

  /// How many units it holds of nodes that are not being released.
  public int kept() {
    return leavingCores == 0
        ? held()
        : units(
            grantedCores - leavingCores,
            grants.values().stream().filter(grant -> !grant.isReleasing()));
  }

  private int units(int cores, Stream<Grant> held) {
    var unit = spec().resources().unit();
    return unit == Unit.CORE
        ? cores
        : held.mapToInt(grant -> grant.node().topology().held(unit, grant.parts())).sum();
  }

  /// How many units it keeps above its minimum; negative if it lacks some.
  public int surplus() {
    return kept() - spec().units().min();
  }

  /// The nodes that it holds something of.
  public Collection<Integer> nodes() {
    return Collections.unmodifiableSet(grants.keySet());
  }

  /// Whether it holds the licences that it asks for.
  public boolean holdsLicences() {
    return life instanceof JobLife.Running
        || (life instanceof JobLife.Stopping && life.startTime() != 0);
  }

  /// How many attempts are live.
  public int live() {
    return live;
  }

  /// Whether every task that does the job's work is done.
  public boolean isDone() {
    return undone == 0;
  }

  public int requeues() {
    return facts.requeues();
  }

  public Facts facts() {
    return facts;
  }

  /// How often its draft was changed since it was made.
  public int revision() {
    return facts.revision();
  }

  /// The highest number of an attempt before it was last Configuring.
  public int attemptBase() {
    return facts.attemptBase();
  }

  /// What somebody said of its progress.
  public Progress progress() {
    return facts.progress();
  }

  /// What keeps it from starting, as far as that was noted while it has been in the queue.
  public Pending pending() {
    return facts.pending();
  }

  /// How far it is, 0 to 100: as somebody said, or by the instances that have finished.
  public int percentDone() {
    var counts = counts();
    return facts.progress().percent() >= 0
        ? facts.progress().percent()
        : counts.all() == 0 ? 0 : (int) (100 * counts.finished() / counts.all());
  }

  /// Whether nothing of it has run, nor been skipped.
  public boolean isUntouched() {
    return facts.requeues() == 0
        && life instanceof JobLife.Queued
        && finished + failed + canceled == 0;
  }

  /// What it is filed under.
  public JobLabels labels() {
    return JobLabels.of(draft);
  }

  public Counts counts() {
    return new Counts(queued, running, finished, failed, canceled);
  }

  void step(JobLife.Step step) {
    life = life.after(step);
    if (!(life instanceof JobLife.Queued)) {
      facts = facts.with(new Pending(PendingReason.NONE, 0, facts.pending().changes()));
    }
  }

  /// Takes another draft.
  void rewrite(JobDraft changed) {
    draft = changed;
    facts = facts.revised();
  }

  /// Takes a changed draft, and lives by it.
  void modify(JobDraft changed) {
    rewrite(changed);
    if (spec == null) {
      return;
    }
    var before = spec;
    var resolved = JobSpec.resolve(changed).orElseThrow();
    if (before.rules().holdUntil() != resolved.rules().holdUntil()) {
      hold(Hold.byUser(resolved.rules().holdUntil()));
    }
    if (!before.hasShapeOf(resolved)) {
      forgetTasks();
      resolve(resolved);
      return;
    }
    spec = resolved;
    priority = resolved.priority();
    for (var task : tasks) {
      task.respec(resolved.task(task.number()));
      refresh(task);
    }
  }

  /// Makes a job that waited or has ended one that is written to.
  void reopen(JobDraft written) {
    forgetTasks();
    spec = null;
    priority = Priority.NORMAL;
    draft = written;
    unfinishedParents = 0;
    hold(Hold.NONE);
    facts = facts.withAttemptBase(Math.max(lastAttempt, attemptBase()));
  }

  private void forgetTasks() {
    tasks = List.of();
    open = List.of();
    groups = List.of();
    runnable.clear();
    running = 0;
    queued = 0;
    finished = 0;
    failed = 0;
    canceled = 0;
    undone = 0;
    ready = 0;
  }

  void progress(Progress said) {
    facts = facts.with(said);
  }

  void block(PendingReason reason, long time) {
    facts = facts.with(new Pending(reason, time, facts.pending().changes() + 1));
  }

  /// Sets up the tasks of a job that is being submitted.
  void resolve() {
    var resolved = JobSpec.resolve(draft).orElseThrow();
    hold(Hold.byUser(resolved.rules().holdUntil()));
    resolve(resolved);
  }

  private void resolve(JobSpec resolved) {
    spec = resolved;
    priority = resolved.priority();
    var groupOf = groups(resolved);
    tasks =
        resolved.tasks().stream()
            .map(task -> task(task, groupOf.getOrDefault(task.number(), -1)))
            .toList();
    open = tasks.stream().filter(OpenTask.class::isInstance).map(OpenTask.class::cast).toList();
    groups = resolved.groups().stream().map(group -> new Group()).toList();
    for (var task : tasks) {
      task.spec().waitsFor().forEach(group -> groups.get(group).dependents.add(task));
    }
    for (var task : tasks) {
      if (isWork(task)) {
        open(task);
      }
      tally(task, 1);
    }
  }

  void hold(Hold other) {
    facts = facts.with(other);
  }

  void waitFor(int count) {
    unfinishedParents = count;
  }

  /// Sets up tasks that were added to a job that runs.
  void extend() {
    var more = JobSpec.resolve(draft).orElseThrow();
    spec = more;
    var all = new ArrayList<>(groups);
    while (all.size() < more.groups().size()) {
      all.add(new Group());
    }
    groups = List.copyOf(all);
    var groupOf = groups(more);
    for (var task : tasks) {
      var group = groupOf.getOrDefault(task.number(), -1);
      if (group != task.group()) {
        task.join(group);
        groups.get(group).undone += task.isDone() ? 0 : 1;
      }
    }
    var added = new ArrayList<Task>();
    for (var task : more.tasks().subList(tasks.size(), more.tasks().size())) {
      added.add(task(task, groupOf.getOrDefault(task.number(), -1)));
    }
    var longer = new ArrayList<>(tasks);
    longer.addAll(added);
    tasks = List.copyOf(longer);
    for (var task : added) {
      for (var group : task.spec().waitsFor()) {
        groups.get(group).dependents.add(task);
        task.await(groups.get(group).undone > 0 ? 1 : 0);
      }
    }
    for (var task : added) {
      open(task);
      tally(task, 1);
    }
  }

  private static Map<Integer, Integer> groups(JobSpec resolved) {
    var groupOf = new HashMap<Integer, Integer>();
    for (var group = 0; group < resolved.groups().size(); group++) {
      for (var member : resolved.groups().get(group).members()) {
        groupOf.put(member, group);
      }
    }
    return groupOf;
  }

  private Task task(TaskSpec task, int group) {
    return task.kind().isOpen()
        ? new OpenTask(task, group, attemptBase())
        : new Task(task, group, attemptBase());
  }

  private static boolean isWork(Task task) {
    return !task.spec().kind().isForNodes();
  }

  /// Takes a task out of the counts before it changes (-1), and into them when it has (+1).
  private void tally(Task task, int sign) {
    if (!isWork(task)) {
      return;
    }
    if (!(task instanceof OpenTask)) {
      queued += (long) sign * task.pending().size();
    }
    running += sign * task.live().size();
    finished += (long) sign * task.finished();
    failed += (long) sign * task.failed();
    canceled += (long) sign * task.canceled();
  }

  /// Counts a task that is not done, and makes its dependents wait for it.
  private void open(Task task) {
    undone++;
    if (task.group() >= 0 && groups.get(task.group()).undone++ == 0) {
      await(groups.get(task.group()), 1);
    }
    refresh(task);
  }

  private void close(Task task) {
    undone--;
    if (task.group() >= 0 && --groups.get(task.group()).undone == 0) {
      await(groups.get(task.group()), -1);
    }
  }

  private void await(Group group, int change) {
    for (var dependent : group.dependents) {
      dependent.await(change);
      refresh(dependent);
    }
  }

  private void refresh(Task task) {
    ready += task.changeOfReadiness();
    if (task.isRunnable()) {
      runnable.add(task.number());
    } else {
      runnable.remove(task.number());
    }
  }

  void dispatch(Attempt attempt) {
    var task = task(attempt.task());
    tally(task, -1);
    task.dispatch(attempt);
    tally(task, 1);
    live++;
    lastAttempt = Math.max(lastAttempt, attempt.number());
    refresh(task);
  }

  void end(EndedLog.Entry entry, Attempt attempt) {
    var task = task(attempt.task());
    tally(task, -1);
    task.end(entry);
    tally(task, 1);
    live--;
    settle(task);
  }

  void skip(Task task, TaskState state, EndReason reason, String message, long time) {
    if (!task.isDone()) {
      tally(task, -1);
      task.skip(state, reason, message, time);
      tally(task, 1);
      settle(task);
    }
  }

  void skip(Task task, int ordinal, TaskState state, EndReason reason, String message, long time) {
    tally(task, -1);
    task.skip(ordinal, state, reason, message, time);
    tally(task, 1);
    settle(task);
  }

  void throttle(Task task, int maxRunning) {
    task.throttle(maxRunning);
    refresh(task);
  }

  private void settle(Task task) {
    refresh(task);
    if (task.isDone() && isWork(task)) {
      close(task);
    }
  }

  /// Gives its service another pace.
  void pace(Pace pace) {
    var service = service();
    if (service == null) {
      throw new IllegalStateException("expected job " + id + " to have a service");
    }
    service.pace(pace);
    refresh(service);
  }

  void requeue(boolean failedOnly) {
    facts = facts.requeued();
    for (var task : tasks) {
      putBack(task, () -> task.requeue(failedOnly));
    }
  }

  void requeue(Task task) {
    putBack(task, () -> task.requeue(false));
  }

  void requeue(Task task, int ordinal) {
    putBack(task, () -> task.requeue(ordinal));
  }

  private void putBack(Task task, Runnable change) {
    var wasDone = task.isDone();
    tally(task, -1);
    change.run();
    tally(task, 1);
    if (wasDone && !task.isDone()) {
      open(task);
    } else {
      refresh(task);
    }
  }

  void add(Grant grant) {
    grants.put(grant.node().id(), grant);
    grantedCores += grant.cores().size();
    refresh(grant);
  }

  /// Files a grant of which cores became idle or busy.
  void refresh(Grant grant) {
    file(grant, idle, grant.isUsable() && !grant.idle().cores().isEmpty());
    var held = !grant.cores().isEmpty();
    file(grant, unusable, held && (grant.isPreparing() || grant.lost()));
  }

  private static void file(Grant grant, Set<Grant> set, boolean belongs) {
    if (belongs) {
      set.add(grant);
    } else {
      set.remove(grant);
    }
  }

  void resize(Grant grant, GrantLife.Step step) {
    var before = grant.cores().size();
    var wasLeaving = grant.isReleasing();
    grant.step(step);
    grantedCores += grant.cores().size() - before;
    if (grant.parts().isEmpty()) {
      grants.remove(grant.node().id());
      leavingCores -= wasLeaving ? before : 0;
    }
    refresh(grant);
  }

  /// An attempt of a task of some type has got cores of a grant.
  void occupied(Grant grant, TaskKind kind) {
    if (kind == TaskKind.NODE_PREP) {
      grant.step(new GrantLife.Step.Prepare());
    } else if (kind == TaskKind.NODE_RELEASE) {
      grant.step(new GrantLife.Step.Release());
      leavingCores += grant.cores().size();
    }
    refresh(grant);
  }

  /// An attempt of a task of some type has ended in a grant.
  void vacated(Grant grant, TaskKind kind, TaskState state) {
    if (kind == TaskKind.NODE_PREP && state == TaskState.FINISHED) {
      grant.step(new GrantLife.Step.Ready());
    }
    refresh(grant);
  }

  /// Makes the job as it was stored.
  void restore(JobLife stored) {
    life = stored;
  }

  /// To be called before its tasks are set up.
  void restore(Facts stored) {
    facts = stored;
  }

  void restore(
      Task task,
      Task.@Nullable Checkpoint checkpoint,
      Collection<EndedLog.Entry> log,
      List<Attempt> running) {
    tally(task, -1);
    task.restore(checkpoint, log, running);
    tally(task, 1);
    live += running.size();
    log.forEach(entry -> lastAttempt = Math.max(lastAttempt, entry.number()));
    running.forEach(attempt -> lastAttempt = Math.max(lastAttempt, attempt.number()));
    settle(task);
  }
}
