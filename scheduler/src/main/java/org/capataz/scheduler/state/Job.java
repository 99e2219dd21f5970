package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobSpec;
import org.capataz.model.Priority;
import org.capataz.model.TaskState;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// A job, from its making to its deletion.
public final class Job {

  /// Instances by what has become of them.
  public record Counts(long queued, long running, long finished, long failed, long canceled) {}

  private final int id;
  private final UUID requestId;
  private final String owner;
  private final long createTime;
  private JobLife life = new JobLife.Configuring();
  private JobDraft draft;
  private @Nullable JobSpec spec;
  private Priority priority = Priority.NORMAL;
  private List<Task> tasks = List.of();
  private List<Group> groups = List.of();
  private final NavigableSet<Integer> runnable = new TreeSet<>();
  private final Map<Integer, Grant> grants = new LinkedHashMap<>();
  private final Set<Grant> idle = new LinkedHashSet<>();
  private int grantedCores;
  private int live;
  private long queued;
  private long finished;
  private long failed;
  private long canceled;
  private int undone;
  private int ready;
  private int requeues;
  private int formerAttempts;
  private long holdUntil;
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
    return holdUntil;
  }

  /// How many of its parents have not Finished.
  public int unfinishedParents() {
    return unfinishedParents;
  }

  /// Whether nothing but resources keeps it from starting.
  public boolean isEligible() {
    return holdUntil == 0 && unfinishedParents == 0;
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

  /// Grants with cores that no attempt has.
  public Collection<Grant> idleGrants() {
    return Collections.unmodifiableSet(idle);
  }

  public int grantedCores() {
    return grantedCores;
  }

  /// How many attempts are live.
  public int live() {
    return live;
  }

  /// Whether every task is done.
  public boolean isDone() {
    return undone == 0;
  }

  /// The highest number of an attempt before the job was configured anew, 0 if it was not: no
  /// number is used twice.
  public int formerAttempts() {
    return formerAttempts;
  }

  public int requeues() {
    return requeues;
  }

  public Counts counts() {
    return new Counts(queued, live, finished, failed, canceled);
  }

  void step(JobLife.Step step) {
    life = life.after(step);
  }

  void rewrite(JobDraft changed) {
    draft = changed;
  }

  /// Sets up the tasks of a job that is being submitted.
  void resolve() {
    resolve(JobSpec.resolve(draft).orElseThrow());
  }

  private void resolve(JobSpec resolved) {
    spec = resolved;
    holdUntil = resolved.rules().holdUntil();
    priority = resolved.priority();
    var groupOf = groups(resolved);
    tasks =
        resolved.tasks().stream()
            .map(task -> new Task(task, groupOf.getOrDefault(task.number(), -1), formerAttempts))
            .toList();
    groups = resolved.groups().stream().map(group -> new Group()).toList();
    for (var task : tasks) {
      task.spec().waitsFor().forEach(group -> groups.get(group).dependents.add(task));
    }
    for (var task : tasks) {
      open(task);
      tally(task, 1);
    }
  }

  void hold(long time) {
    holdUntil = time;
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
      added.add(new Task(task, groupOf.getOrDefault(task.number(), -1), formerAttempts));
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

  /// Forgets all that came of the job.
  void configure() {
    holdUntil = 0;
    unfinishedParents = 0;
    spec = null;
    priority = Priority.NORMAL;
    tasks = List.of();
    groups = List.of();
    runnable.clear();
    queued = 0;
    finished = 0;
    failed = 0;
    canceled = 0;
    undone = 0;
    ready = 0;
    formerAttempts = lastAttempt;
  }

  /// Takes a task out of the counts before it changes (-1), and into them when it has (+1).
  private void tally(Task task, int sign) {
    queued += (long) sign * task.pending().size();
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
    if (task.isDone()) {
      close(task);
    }
  }

  void requeue(boolean failedOnly) {
    requeues++;
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
    if (grant.idle().isEmpty()) {
      idle.remove(grant);
    } else {
      idle.add(grant);
    }
  }

  void resized(int before, Grant grant) {
    grantedCores += grant.cores().size() - before;
    if (grant.cores().isEmpty()) {
      grants.remove(grant.node().id());
    }
    refresh(grant);
  }

  /// Makes the job as it was stored.
  void restore(JobLife stored, int storedRequeues, int storedFormerAttempts) {
    life = stored;
    requeues = storedRequeues;
    formerAttempts = storedFormerAttempts;
    lastAttempt = storedFormerAttempts;
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
