package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.UUID;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.JobProperty;
import org.capataz.model.JobSpec;
import org.capataz.model.PendingReason;
import org.capataz.model.Priority;
import org.capataz.model.TaskKind;
import org.capataz.scheduler.event.Pace;
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

  private final int id;
  private final UUID requestId;
  private final Set<UUID> additions = new HashSet<>();
  private final String owner;
  private final long createTime;
  private JobLife life = new JobLife.Configuring();
  private JobDraft draft;
  private @Nullable JobSpec spec;
  private Priority priority = Priority.NORMAL;
  private Facts facts = Facts.NEW;
  private int unfinishedParents;
  private final JobWork work = new JobWork();
  private final Holdings holdings = new Holdings();

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

  public Facts.Hold hold() {
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

  /// What it has to do, for those that change it.
  JobWork work() {
    return work;
  }

  /// What it holds, for those that change it.
  Holdings holdings() {
    return holdings;
  }

  /// The tasks by number - 1; empty until the job has been submitted.
  public List<Task> tasks() {
    return work.tasks();
  }

  public Task task(int number) {
    return work.task(number);
  }

  public @Nullable OpenTask prep() {
    return work.only(TaskKind.NODE_PREP);
  }

  public @Nullable OpenTask release() {
    return work.only(TaskKind.NODE_RELEASE);
  }

  public @Nullable OpenTask service() {
    return work.only(TaskKind.SERVICE);
  }

  /// Numbers of the tasks of which an instance may be dispatched, in order.
  public NavigableSet<Integer> runnable() {
    return work.runnable();
  }

  /// How many tasks could go on, had they the cores and no throttle.
  public int ready() {
    return work.ready();
  }

  /// The tasks that wait for this one.
  public List<Task> dependents(Task task) {
    return work.dependents(task);
  }

  public Collection<Grant> grants() {
    return holdings.all();
  }

  /// What the job holds on a node, or null.
  public @Nullable Grant grantOn(int node) {
    return holdings.on(node);
  }

  /// Grants with cores that a task may have, and no attempt has.
  public Collection<Grant> idleGrants() {
    return holdings.idle();
  }

  /// Grants that the job cannot use: their nodes are being prepared, could not be, or were lost.
  public Collection<Grant> unusable() {
    return holdings.unusable();
  }

  public int grantedCores() {
    return holdings.cores();
  }

  /// How many units it holds.
  public int held() {
    return holdings.units(spec().resources().unit());
  }

  /// How many units it holds of nodes that are not being released.
  public int kept() {
    return holdings.kept(spec().resources().unit());
  }

  /// How many units it keeps above its minimum; negative if it lacks some.
  public int surplus() {
    return kept() - spec().units().min();
  }

  /// The nodes that it holds something of.
  public Collection<Integer> nodes() {
    return holdings.nodes();
  }

  /// Whether it holds the licences that it asks for.
  public boolean holdsLicences() {
    return life instanceof JobLife.Running
        || (life instanceof JobLife.Stopping && life.startTime() != 0);
  }

  /// How many attempts are live.
  public int live() {
    return work.live();
  }

  /// Whether every task that does the job's work is done.
  public boolean isDone() {
    return work.isDone();
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
  public Facts.Progress progress() {
    return facts.progress();
  }

  /// What keeps it from starting, as far as that was noted while it has been in the queue.
  public Facts.Pending pending() {
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
    return facts.requeues() == 0 && life instanceof JobLife.Queued && !work.hasEnds();
  }

  /// What it is filed under.
  public JobLabels labels() {
    return JobLabels.of(draft);
  }

  public Counts counts() {
    return work.counts();
  }

  void step(JobLife.Step step) {
    life = life.after(step);
    if (!(life instanceof JobLife.Queued)) {
      facts = facts.with(new Facts.Pending(PendingReason.NONE, 0, facts.pending().changes()));
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
      hold(Facts.Hold.byUser(resolved.rules().holdUntil()));
    }
    if (!before.hasShapeOf(resolved)) {
      resolve(resolved);
      return;
    }
    spec = resolved;
    priority = resolved.priority();
    work.respec(resolved);
  }

  /// Makes a job that waited or has ended one that is written to.
  void reopen(JobDraft written) {
    work.clear();
    spec = null;
    priority = Priority.NORMAL;
    draft = written;
    unfinishedParents = 0;
    hold(Facts.Hold.NONE);
    facts = facts.withAttemptBase(Math.max(work.lastAttempt(), attemptBase()));
  }

  void progress(Facts.Progress said) {
    facts = facts.with(said);
  }

  void block(PendingReason reason, long time) {
    facts = facts.with(new Facts.Pending(reason, time, facts.pending().changes() + 1));
  }

  /// Sets up the tasks of a job that is being submitted.
  void resolve() {
    var resolved = JobSpec.resolve(draft).orElseThrow();
    hold(Facts.Hold.byUser(resolved.rules().holdUntil()));
    resolve(resolved);
  }

  private void resolve(JobSpec resolved) {
    spec = resolved;
    priority = resolved.priority();
    work.resolve(resolved, attemptBase());
  }

  void hold(Facts.Hold other) {
    facts = facts.with(other);
  }

  void waitFor(int count) {
    unfinishedParents = count;
  }

  /// Sets up tasks that were added to a job that runs.
  void extend() {
    spec = JobSpec.resolve(draft).orElseThrow();
    work.extend(spec, attemptBase());
  }

  /// Gives its service another pace.
  void pace(Pace pace) {
    var service = service();
    if (service == null) {
      throw new IllegalStateException("expected job " + id + " to have a service");
    }
    work.pace(service, pace);
  }

  void requeue(boolean failedOnly) {
    facts = facts.requeued();
    work.requeue(failedOnly);
  }

  /// Makes the job as it was stored.
  void restore(JobLife stored) {
    life = stored;
  }

  /// To be called before its tasks are set up.
  void restore(Facts stored) {
    facts = stored;
  }
}
