package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.UUID;
import java.util.function.IntFunction;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.QueueRules;
import org.capataz.model.Result;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// Everything that the head node knows. Belongs to one thread. [#apply] is the only thing that
/// changes it, and is called by the engine and by recovery alone.
public final class ClusterState {

  private static final long MICROS_PER_SECOND = 1_000_000;

  private final UUID cluster;
  private final long epoch;
  private ClusterSettings settings = ClusterSettings.DEFAULT;
  private QueueRules queueRules = settings.queueRules();
  private final Licences licences = new Licences();
  private final Accounts accounts = new Accounts();
  private final Jobs jobs = new Jobs();
  private final JobLists lists = new JobLists(this::deadline);
  private final Families families = new Families(jobs, lists);
  private final Specs specs = new Specs();
  private final Nodes nodes = new Nodes();
  private final Grants grants = new Grants(nodes);
  private final Attempts attempts;
  private final JobEvents jobEvents;

  /// The state of a cluster in which nothing has happened.
  ///
  /// @param epoch this start of the head node, raised at each
  public ClusterState(UUID cluster, long epoch) {
    this.cluster = cluster;
    this.epoch = epoch;
    attempts = new Attempts(cluster, jobs, nodes, grants);
    var moves = new JobMoves(jobs, lists, families, licences, specs);
    jobEvents = new JobEvents(jobs, lists, moves, grants, attempts);
  }

  public UUID cluster() {
    return cluster;
  }

  public long epoch() {
    return epoch;
  }

  /// What administrators have decided.
  public ClusterSettings settings() {
    return settings;
  }

  /// How queued jobs come to their turn, by these.
  public QueueRules queueRules() {
    return queueRules;
  }

  /// Checks a draft and fills in what it leaves open.
  public Result<JobSpec> resolve(JobDraft draft) {
    return specs.of(draft);
  }

  public Collection<Job> jobs() {
    return jobs.all();
  }

  /// Jobs with an id above `after`, in the order of their ids.
  public Collection<Job> jobsAfter(int after, int most) {
    return jobs.after(after, most);
  }

  public @Nullable Job job(int id) {
    return jobs.get(id);
  }

  /// What an earlier request with this id was answered: the job that it made, or the number of the
  /// first task that it added; null if there was none.
  public @Nullable Integer answerTo(UUID requestId) {
    return jobs.answerTo(requestId);
  }

  /// The queued jobs that wait for a time, and for no other job, the one that it comes first for
  /// leading.
  public NavigableSet<Job> held() {
    return Collections.unmodifiableNavigableSet(lists.held);
  }

  /// The submitted jobs that have this one as a parent.
  public Collection<Job> children(int id) {
    return families.children(id);
  }

  /// The queued jobs that only resources keep from starting.
  public NavigableSet<Job> queued() {
    return Collections.unmodifiableNavigableSet(lists.queued);
  }

  public NavigableSet<Job> running() {
    return Collections.unmodifiableNavigableSet(lists.running);
  }

  /// The jobs that are to end, and may still hold something.
  public NavigableSet<Job> stopping() {
    return Collections.unmodifiableNavigableSet(lists.stopping);
  }

  /// The running jobs of which a task could start, had they the cores.
  public NavigableSet<Job> hungry() {
    return Collections.unmodifiableNavigableSet(lists.hungry);
  }

  /// The running jobs that hold more than their minimum.
  public NavigableSet<Job> wide() {
    return Collections.unmodifiableNavigableSet(lists.wide);
  }

  /// When the time for a running job's tasks is over, so that its limit leaves room for the release
  /// of its nodes; no limit is the end of time.
  public long deadline(Job job) {
    var end = limit(job);
    return end == Long.MAX_VALUE
        ? end
        : Math.max(
            job.life().countsFrom() + MICROS_PER_SECOND,
            end - releaseSeconds(job) * MICROS_PER_SECOND);
  }

  /// When the time that a job may take is over; the end of time if it has no limit, or has not
  /// started.
  private static long limit(Job job) {
    var start = job.life().countsFrom();
    var seconds = start != 0 && job.isSubmitted() ? job.spec().runtimeSeconds() : 0;
    return seconds == 0 || seconds > (Long.MAX_VALUE - start) / MICROS_PER_SECOND
        ? Long.MAX_VALUE
        : start + seconds * MICROS_PER_SECOND;
  }

  /// When a job that holds something ends at the latest; the end of time if it has no limit, and 0
  /// if it is about to.
  public static long end(Job job) {
    return job.life() instanceof JobLife.Stopping ? 0 : limit(job);
  }

  /// The jobs that hold something, in the order in which they [end][#end].
  public NavigableSet<Job> holding() {
    return Collections.unmodifiableNavigableSet(lists.holding);
  }

  /// Whether any of them keeps others from its nodes.
  public boolean hasExclusive() {
    return lists.exclusive > 0;
  }

  /// How long the release of each of a job's nodes may take: at most half of the job's time, and no
  /// longer than the NodeRelease task asks for; 0 if it has none.
  public long releaseSeconds(Job job) {
    var release = job.release();
    if (release == null) {
      return 0;
    }
    long most = settings.number(ClusterParameter.NODE_RELEASE_TASK_TIMEOUT);
    var own = release.spec().demand().runtimeSeconds();
    if (own > 0) {
      most = Math.min(most, own);
    }
    var limit = job.spec().runtimeSeconds();
    return Math.max(1, limit == 0 ? most : Math.min(most, limit / 2));
  }

  /// The running jobs that have a run-time limit, the one that reaches it first leading.
  public NavigableSet<Job> limited() {
    return Collections.unmodifiableNavigableSet(lists.limited);
  }

  /// Until when a job's service pauses, 0 if it does not.
  public static long pausedUntil(Job job) {
    var service = job.service();
    return service == null ? 0 : service.pace().until();
  }

  /// The running jobs whose service pauses, the one that goes on first leading.
  public NavigableSet<Job> paused() {
    return Collections.unmodifiableNavigableSet(lists.paused);
  }

  /// What jobs hold on a node. Looks at all grants.
  public List<Grant> grantsOn(Node node) {
    return grants.on(node);
  }

  public Collection<Node> nodes() {
    return nodes.all();
  }

  /// The nodes that can take work and have cores that no job holds: most free cores first, then
  /// most free memory, then the lowest id.
  public NavigableSet<Node> freeNodes() {
    return nodes.free();
  }

  /// How many cores of these no job holds.
  public int freeCores() {
    return nodes.freeCores();
  }

  public @Nullable Node node(int id) {
    return nodes.get(id);
  }

  public @Nullable Node node(String name) {
    return nodes.get(name);
  }

  public Licences licences() {
    return licences;
  }

  /// What users have used for which projects.
  public Accounts accounts() {
    return accounts;
  }

  public int nextJob() {
    return jobs.next();
  }

  public int nextNode() {
    return nodes.next();
  }

  public long nextGrant() {
    return grants.next();
  }

  public long nextOrder() {
    return lists.nextOrder();
  }

  /// The live attempt of that identity, or null: it has ended, or was never ours.
  public @Nullable Attempt attempt(AttemptId id) {
    return attempts.get(id);
  }

  /// Carries out what has happened.
  ///
  /// @throws IllegalStateException if it cannot have happened in this state: a broken promise
  public void apply(Event event) {
    replay(event, epoch);
  }

  /// Carries out what happened in an earlier epoch, as the journal tells it: attempts keep the
  /// epoch that they were ordered in.
  ///
  /// @throws IllegalStateException if it cannot have happened in this state: a broken promise
  public void replay(Event event, long epochThen) {
    switch (event) {
      case Event.OfJob ofJob ->
          accounts.charge(
              jobs.get(ofJob.job()),
              ofJob,
              settings.usageHalfLife(),
              () -> jobEvents.apply(ofJob, epochThen));
      case Event.NodeRegistered registered -> {
        var node = nodes.register(registered);
        // What is a unit there may have changed, and with it who holds more than their minimum.
        node.tenants().forEach(job -> lists.refile(jobs.known(job)));
      }
      case Event.ClusterParameterSet(var parameter, var text, var time) -> {
        if (parameter == ClusterParameter.USAGE_HALF_LIFE) {
          accounts.fadeOtherwise(time, settings.usageHalfLife());
        }
        set(settings.with(parameter, text));
      }
      case Event.ShareSet(var share, var time) ->
          settings = settings.with(settings.shares().with(share));
      case Event.ShareDeleted(var of, var time) ->
          settings = settings.with(settings.shares().without(of));
      case Event.ClusterVariableSet(var name, var value, var time) ->
          settings = settings.withVariable(name, value);
      case Event.TemplateSet(var template, var time) -> settings = settings.withTemplate(template);
      case Event.TemplateDeleted(var name, var time) -> settings = settings.withoutTemplate(name);
      case Event.ClockSet(var by, var time) -> {
        lists.refile(() -> lists.running.forEach(job -> job.step(new JobLife.Step.SetClock(by))));
        grants.setClock(by, jobs);
        accounts.setClock(by);
      }
      case Event.NodeSwitched(var id, var online, var time) -> switchTo(id, online);
      case Event.NodeReachability(var id, var reachable, var time) -> {
        var node = nodes.known(id);
        nodes.change(node, () -> node.reach(reachable, time));
      }
    }
  }

  private void switchTo(int id, boolean online) {
    var node = nodes.known(id);
    nodes.change(node, () -> node.switchTo(online));
  }

  private void set(ClusterSettings changed) {
    // How long a release may take is a part of the deadlines.
    lists.refile(() -> settings = changed);
    queueRules = changed.queueRules();
    licences.count(changed.get(ClusterParameter.LICENSES));
  }

  /// Puts back what was stored, before anything is applied. Nodes first, then jobs.
  ///
  /// @throws RuntimeException if the parts do not fit together
  public void restore(Stored stored) {
    set(stored.settings());
    jobs.continueAfter(stored.counters().lastJob());
    nodes.continueAfter(stored.counters().lastNode());
    grants.continueAfter(stored.counters().lastGrant());
    lists.placed(stored.counters().lastOrder());
    accounts.restore(stored.usages());
    for (var node : stored.nodes()) {
      apply(node.registered());
      switchTo(node.registered().node(), node.online());
    }
    stored.jobs().forEach(this::restore);
    for (var job : jobs.all()) {
      accounts.restore(job);
      if (job.isSubmitted()) {
        if (!job.isAtRest()) {
          families.adopt(job);
        }
        lists.add(job);
      }
    }
  }

  /// Forgets what can be worked out again of jobs that nothing has become of. Nobody may keep a
  /// task of a queued job beyond it.
  ///
  /// @param most how many are left as they are, those that were looked at last
  /// @param written reads a job's draft as all events up to now have it
  public void rest(int most, IntFunction<JobDraft> written) {
    jobs.rest(most, written);
  }

  private void restore(Stored.StoredJob stored) {
    var job = jobs.restore(stored);
    stored.additions().forEach((request, answer) -> jobs.answered(job, request, answer));
    job.restore(stored.facts());
    if (stored.life() instanceof JobLife.Configuring || stored.life().submitTime() == 0) {
      job.restore(stored.life());
      return;
    }
    if (stored.outline() != null && stored.isUntouched()) {
      job.restore(stored.life());
      job.restore(stored.outline());
      return;
    }
    job.submit(specs.known(job.draft()));
    stored.grants().forEach(grant -> grants.restore(job, grant));
    for (var task : job.tasks()) {
      var parts = stored.tasks().getOrDefault(task.number(), Stored.StoredTask.UNTOUCHED);
      attempts.restore(job, task, parts);
    }
    job.restore(stored.life());
    job.hold(stored.facts().hold());
    if (job.holdsLicences()) {
      licences.hold(job.spec().resources().licences());
    }
  }
}
