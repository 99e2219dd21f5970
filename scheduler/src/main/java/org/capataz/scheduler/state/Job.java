package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.model.JobProperty;
import org.capataz.model.JobSpec;
import org.capataz.model.PendingReason;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.TaskKind;
import org.capataz.model.Unit;
import org.capataz.scheduler.event.Pace;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// A job, from its making to its deletion.
///
/// Most jobs of a long queue are at rest: nothing of them has run, and nobody looks at their tasks.
/// Of such a job there is the draft, and an [Outline]; what its draft comes to is worked out when
/// somebody asks, and forgotten again.
public final class Job {

  /// Instances of the tasks that do the job's work, by what has become of them.
  public record Counts(long queued, long running, long finished, long failed, long canceled) {

    long all() {
      return queued + running + finished + failed + canceled;
    }
  }

  /// Of jobs that have no tasks set up; nobody changes it.
  private static final JobWork NO_WORK = new JobWork();

  /// Of jobs that hold nothing; nobody changes it.
  private static final Holdings NO_HOLDINGS = new Holdings();

  private final int id;
  private final UUID requestId;
  private Set<UUID> additions = Set.of();
  private final String owner;
  private final long createTime;
  private JobLife life = new JobLife.Configuring();
  private Supplier<JobDraft> draft;
  private String name;
  private JobLabels labels;
  private @Nullable JobSpec spec;
  private Priority priority = Priority.NORMAL;
  private Facts facts = Facts.NEW;
  private int unfinishedParents;
  private JobWork work = NO_WORK;
  private Holdings holdings = NO_HOLDINGS;

  /// Only while it is at rest: it has neither a spec nor work then.
  private @Nullable Outline resting;

  private final Consumer<Job> woken;

  /// @param draft read again whenever it is wanted
  /// @param name that the draft gives it
  /// @param labels that the draft gives it
  /// @param woken told whenever its tasks have been set up, for [#rest] is due later
  Job(
      int id,
      UUID requestId,
      String owner,
      long createTime,
      Supplier<JobDraft> draft,
      String name,
      JobLabels labels,
      Consumer<Job> woken) {
    this.id = id;
    this.requestId = requestId;
    this.owner = owner;
    this.createTime = createTime;
    this.draft = draft;
    this.name = name;
    this.labels = labels;
    this.woken = woken;
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

  void added(UUID request) {
    if (additions.isEmpty()) {
      additions = new HashSet<>();
    }
    additions.add(request);
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
    return draft.get();
  }

  private void write(JobDraft written) {
    draft = () -> written;
    name = nameOf(written);
    labels = JobLabels.of(written);
  }

  static String nameOf(JobDraft draft) {
    return draft.get(JobProperty.NAME).orElse("");
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
    wake();
    if (spec == null) {
      throw new IllegalStateException("expected job " + id + " to be submitted, but it is " + life);
    }
    return spec;
  }

  public boolean isSubmitted() {
    return spec != null || resting != null;
  }

  public String name() {
    return name;
  }

  /// Its rank in the queue; Normal until the job has been submitted.
  public Priority priority() {
    return priority;
  }

  /// What it has to do, for those that change it.
  JobWork work() {
    wake();
    return work;
  }

  /// What it counts in; a core until it has been submitted.
  public Unit unit() {
    return resting != null ? resting.unit() : spec != null ? spec.resources().unit() : Unit.CORE;
  }

  /// What it may hold; one until it has been submitted.
  public Span units() {
    return resting != null ? resting.units() : spec != null ? spec.units() : new Span(1, 1);
  }

  /// What is needed to bring it back with nothing but its draft, as long as nothing of it has run;
  /// null if that does not suffice.
  public @Nullable Outline outline() {
    if (spec == null) {
      return resting;
    }
    return Outline.suffices(spec) ? new Outline(priority, unit(), units(), counts().all()) : null;
  }

  /// Forgets its draft and what that comes to, unless something has become of it. Nobody may keep
  /// one of its tasks.
  ///
  /// @param written reads a job's draft again
  void rest(IntFunction<JobDraft> written) {
    if (spec != null && isUntouched() && !work.isChanged()) {
      resting = outline();
      if (resting != null) {
        spec = null;
        work = NO_WORK;
        draft = () -> written.apply(id);
      }
    }
  }

  boolean isAtRest() {
    return resting != null;
  }

  private void wake() {
    if (resting != null) {
      resting = null;
      resolve(JobSpec.resolve(draft()).orElseThrow());
    }
  }

  /// What it holds, for those that change it.
  Holdings holdings() {
    if (holdings == NO_HOLDINGS) {
      holdings = new Holdings();
    }
    return holdings;
  }

  /// The tasks by number - 1; empty until the job has been submitted.
  public List<Task> tasks() {
    return work().tasks();
  }

  public Task task(int number) {
    return work().task(number);
  }

  public @Nullable OpenTask prep() {
    return work().only(TaskKind.NODE_PREP);
  }

  public @Nullable OpenTask release() {
    return work().only(TaskKind.NODE_RELEASE);
  }

  public @Nullable OpenTask service() {
    return work().only(TaskKind.SERVICE);
  }

  /// Numbers of the tasks of which an instance may be dispatched, in order.
  public NavigableSet<Integer> runnable() {
    return work().runnable();
  }

  /// How many tasks could go on, had they the cores and no throttle.
  public int ready() {
    return work().ready();
  }

  /// The tasks that wait for this one.
  public List<Task> dependents(Task task) {
    return work().dependents(task);
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
    return work().live();
  }

  /// The attempts that are behind others, and were not recalled; in the order of their dispatch.
  public SequencedSet<Attempt> assigned() {
    return work().assigned();
  }

  /// The attempts that are behind others, and were recalled.
  public Set<Attempt> recalled() {
    return work().recalled();
  }

  /// Whether every task that does the job's work is done.
  public boolean isDone() {
    return work().isDone();
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
    return labels;
  }

  public Counts counts() {
    return resting == null ? work.counts() : new Counts(resting.instances(), 0, 0, 0, 0);
  }

  void step(JobLife.Step step) {
    life = life.after(step);
    if (holdings.all().isEmpty()) {
      holdings = NO_HOLDINGS;
    }
    if (!(life instanceof JobLife.Queued)) {
      facts = facts.with(new Facts.Pending(PendingReason.NONE, 0, facts.pending().changes()));
    }
  }

  /// Takes another draft.
  void rewrite(JobDraft changed) {
    write(changed);
    facts = facts.revised();
  }

  /// Takes a changed draft, and lives by it.
  void modify(JobDraft changed) {
    if (!isSubmitted()) {
      rewrite(changed);
      return;
    }
    var before = spec();
    rewrite(changed);
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
    facts = facts.withAttemptBase(Math.max(work.lastAttempt(), attemptBase()));
    work = NO_WORK;
    spec = null;
    resting = null;
    priority = Priority.NORMAL;
    write(written);
    unfinishedParents = 0;
    hold(Facts.Hold.NONE);
  }

  void progress(Facts.Progress said) {
    facts = facts.with(said);
  }

  void block(PendingReason reason, long time) {
    facts = facts.with(new Facts.Pending(reason, time, facts.pending().changes() + 1));
  }

  /// Sets up the tasks of a job that is being submitted.
  ///
  /// @param resolved what its draft comes to
  void submit(JobSpec resolved) {
    hold(Facts.Hold.byUser(resolved.rules().holdUntil()));
    resolve(resolved);
  }

  private void resolve(JobSpec resolved) {
    spec = resolved;
    priority = resolved.priority();
    work = new JobWork(resolved, attemptBase());
    woken.accept(this);
  }

  void hold(Facts.Hold other) {
    facts = facts.with(other);
  }

  void waitFor(int count) {
    unfinishedParents = count;
  }

  /// Sets up tasks that were added to a job that runs.
  void extend() {
    wake();
    spec = JobSpec.resolve(draft()).orElseThrow();
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
    work().requeue(failedOnly);
    facts = facts.requeued();
  }

  /// Makes the job as it was stored.
  void restore(JobLife stored) {
    life = stored;
  }

  /// To be called before its tasks are set up.
  void restore(Facts stored) {
    facts = stored;
  }

  /// Makes the job as it was stored, at rest.
  void restore(Outline stored) {
    resting = stored;
    priority = stored.priority();
  }
}
