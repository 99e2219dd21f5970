package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.UUID;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.JobState;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.GrantLife;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// Everything that the head node knows. Belongs to one thread. [#apply] is the only thing that
/// changes it, and is called by the engine and by recovery alone.
public final class ClusterState {

  private final UUID cluster;
  private final long epoch;
  private final NavigableMap<Integer, Job> jobs = new TreeMap<>();
  private final Map<UUID, Integer> requests = new HashMap<>();
  private final JobLists lists = new JobLists(this::deadline);
  private final Map<Integer, Collection<Job>> children = new HashMap<>();
  private final NavigableMap<Integer, Node> nodes = new TreeMap<>();
  private final Map<String, Node> nodesByName = new HashMap<>();
  private final Map<Long, Grant> grants = new HashMap<>();
  private ClusterSettings settings = ClusterSettings.DEFAULT;
  private final Licences licences = new Licences();
  private int lastJob;
  private int lastNode;
  private long lastGrant;
  private long lastOrder;

  /// The state of a cluster in which nothing has happened.
  ///
  /// @param epoch this start of the head node, raised at each
  public ClusterState(UUID cluster, long epoch) {
    this.cluster = cluster;
    this.epoch = epoch;
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

  public Collection<Job> jobs() {
    return Collections.unmodifiableCollection(jobs.values());
  }

  /// Jobs with an id above `after`, in the order of their ids.
  public Collection<Job> jobsAfter(int after, int most) {
    return jobs.tailMap(after, false).values().stream().limit(most).toList();
  }

  public @Nullable Job job(int id) {
    return jobs.get(id);
  }

  /// What an earlier request with this id was answered: the job that it made, or the number of the
  /// first task that it added; null if there was none.
  public @Nullable Integer answerTo(UUID requestId) {
    return requests.get(requestId);
  }

  /// The queued jobs that wait for a time, and for no other job, the one that it comes first for
  /// leading.
  public NavigableSet<Job> held() {
    return Collections.unmodifiableNavigableSet(lists.held);
  }

  /// The submitted jobs that have this one as a parent.
  public Collection<Job> children(int id) {
    return Collections.unmodifiableCollection(children.getOrDefault(id, List.of()));
  }

  /// The queued jobs that only resources keep from starting.
  public NavigableSet<Job> queued() {
    return Collections.unmodifiableNavigableSet(lists.queued);
  }

  public NavigableSet<Job> running() {
    return Collections.unmodifiableNavigableSet(lists.running);
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
    var limit = job.isSubmitted() ? job.spec().runtimeSeconds() : 0;
    var start = job.life().startTime();
    if (limit == 0 || start == 0 || limit > (Long.MAX_VALUE - start) / 1_000_000) {
      return Long.MAX_VALUE;
    }
    return start + Math.max(1, limit - releaseSeconds(job)) * 1_000_000;
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
    return grants.values().stream()
        .filter(grant -> grant.node().equals(node))
        .sorted(Comparator.comparingLong(Grant::id))
        .toList();
  }

  public Collection<Node> nodes() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  public @Nullable Node node(int id) {
    return nodes.get(id);
  }

  public @Nullable Node node(String name) {
    return nodesByName.get(name);
  }

  public Licences licences() {
    return licences;
  }

  public int nextJob() {
    return lastJob + 1;
  }

  public int nextNode() {
    return lastNode + 1;
  }

  public long nextGrant() {
    return lastGrant + 1;
  }

  public long nextOrder() {
    return lastOrder + 1;
  }

  /// The live attempt of that identity, or null: it has ended, or was never ours.
  public @Nullable Attempt attempt(AttemptId id) {
    var job = jobs.get(id.instance().job());
    if (job == null || !id.cluster().equals(cluster)) {
      return null;
    }
    if (id.instance().task() < 1 || id.instance().task() > job.tasks().size()) {
      return null;
    }
    var task = job.task(id.instance().task());
    var attempt = task.live(task.spec().sweep().ordinal(id.instance().instance()));
    return attempt != null && attempt.id().equals(id) ? attempt : null;
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
      case Event.OfJob ofJob -> applyToJob(ofJob, epochThen);
      case Event.NodeRegistered(
              var id,
              var identity,
              var name,
              var offer,
              var bootId,
              var time) -> {
        var node = nodes.get(id);
        if (node == null) {
          node = new Node(id, identity, name, offer, bootId);
          nodes.put(id, node);
          nodesByName.put(name, node);
          lastNode = Math.max(lastNode, id);
        } else {
          node.register(identity, offer, bootId);
          // What is a unit there may have changed, and with it who holds more than their minimum.
          node.tenants().forEach(job -> lists.refile(known(jobs, job)));
        }
      }
      case Event.ClusterParameterSet(var parameter, var text, var time) ->
          set(settings.with(parameter, text));
      case Event.ClusterVariableSet(var name, var value, var time) ->
          settings = settings.withVariable(name, value);
      case Event.TemplateSet(var template, var time) -> settings = settings.withTemplate(template);
      case Event.TemplateDeleted(var name, var time) -> settings = settings.withoutTemplate(name);
      case Event.NodeSwitched(var id, var online, var time) -> known(nodes, id).switchTo(online);
      case Event.NodeReachability(var id, var reachable, var time) ->
          known(nodes, id).reach(reachable, time);
    }
  }

  private void set(ClusterSettings changed) {
    // How long a release may take is a part of the deadlines.
    lists.refile(() -> settings = changed);
    licences.count(changed.get(ClusterParameter.LICENSES));
  }

  private void applyToJob(Event.OfJob event, long epochThen) {
    if (event instanceof Event.JobCreated created) {
      create(created);
      return;
    }
    var job = known(jobs, event.job());
    switch (event) {
      case Event.JobCreated c -> throw new AssertionError(c);
      case Event.JobModified(var id, var requestId, var change, var draft, var order, var time) -> {
        lists.remove(job);
        disown(job);
        if (job.holdsLicences()) {
          licences.giveBack(job.spec().resources().licences());
        }
        job.modify(draft);
        if (job.isSubmitted()) {
          adopt(job);
        }
        if (job.holdsLicences()) {
          licences.hold(job.spec().resources().licences());
        }
        if (order != 0) {
          lastOrder = Math.max(lastOrder, order);
          job.step(new JobLife.Step.Place(order));
        }
        lists.add(job);
        if (requestId != null) {
          requests.put(requestId, id);
          job.additions().add(requestId);
        }
      }
      case Event.JobConfigured(var id, var draft, var time) -> {
        if (job.life().state() == JobState.FINISHED) {
          expectMore(id, 1);
        }
        step(job, new JobLife.Step.Configure());
        disown(job);
        job.reopen(draft);
      }
      case Event.JobBlocked(var id, var reason, var time) -> job.block(reason, time);
      case Event.JobProgressed(var id, var percent, var message, var time) ->
          job.progress(new Facts.Progress(percent, message));
      case Event.JobDeleted d -> {
        delete(job);
        return;
      }
      case Event.TasksAdded(var id, var requestId, var tasks, var time) -> {
        var draft = job.draft();
        requests.put(requestId, draft.tasks().size() + 1);
        job.additions().add(requestId);
        var more = new ArrayList<>(draft.tasks());
        more.addAll(tasks);
        job.rewrite(draft.withTasks(more));
        if (job.isSubmitted()) {
          lists.remove(job);
          job.extend();
          lists.add(job);
        }
      }
      case Event.JobSubmitted(var id, var order, var time) -> {
        job.resolve();
        adopt(job);
        lastOrder = Math.max(lastOrder, order);
        step(job, new JobLife.Step.Submit(order, time));
      }
      case Event.JobStarted(var id, var time) -> step(job, new JobLife.Step.Start(time));
      case Event.JobStopping(var id, var then, var message, var force, var time) -> {
        step(job, new JobLife.Step.Stop(then, message, force));
        // A job that goes back into the queue keeps what has not run yet.
        if (then != JobState.QUEUED) {
          for (var task : job.tasks()) {
            job.work().skip(task, dropped(task, then), EndReason.JOB_ENDED, message, time);
          }
        }
      }
      case Event.JobEnded(var id, var state, var message, var time) -> {
        step(job, new JobLife.Step.End(state, message, time));
        if (state == JobState.FINISHED) {
          expectMore(id, -1);
        }
      }
      case Event.HoldChanged(var id, var until, var byFilter, var time) -> {
        lists.remove(job);
        job.hold(new Facts.Hold(until, byFilter));
        lists.add(job);
      }
      case Event.JobRequeued(var id, var failedOnly, var order, var time) -> {
        job.requeue(failedOnly);
        lastOrder = Math.max(lastOrder, order);
        step(job, new JobLife.Step.Requeue(order));
      }
      case Event.GrantOpened(var id, var grant, var node, var parts, var memory, var time) ->
          open(
              job,
              new Grant(
                  grant,
                  id,
                  known(nodes, node),
                  time,
                  new GrantLife.Usable(parts, memory, time, 0)));
      case Event.GrantResized(var id, var grant, var node, var parts, var memory, var time) ->
          resize(job, grant, new GrantLife.Step.Resize(parts, memory, time));
      case Event.GrantClosed(var id, var grant, var node, var time) ->
          resize(job, grant, new GrantLife.Step.Close(time));
      case Event.GrantUsed(var id, var grant, var node, var time) -> known(grants, grant).use();
      case Event.GrantLost(var id, var grant, var node, var time) -> {
        known(grants, grant).lose();
        job.holdings().refile(known(grants, grant));
      }
      case Event.AttemptDispatched dispatched -> dispatch(job, dispatched, epochThen);
      case Event.AttemptStarted(var id, var task, var ordinal, var startTime) -> {
        live(job, task, ordinal).step(new AttemptLife.Step.Start(startTime));
        job.task(task).started(startTime);
      }
      case Event.AttemptStopping(
              var id,
              var task,
              var ordinal,
              var reason,
              var message,
              var force,
              var time) ->
          live(job, task, ordinal).step(new AttemptLife.Step.Stop(reason, message, force));
      case Event.AttemptPartEnded(var id, var task, var ordinal, var node, var end, var time) -> {
        var attempt = live(job, task, ordinal);
        attempt.endPart(node, end, job.task(task).spec().rules().validExitCodes());
        known(nodes, node).remove(attempt);
      }
      case Event.AttemptEnded ended -> end(job, ended);
      case Event.TaskSkipped(var id, var task, var state, var reason, var message, var time) -> {
        // A service does not pause any more, and its place among the paused depends on the pace.
        lists.paused.remove(job);
        job.work().skip(job.task(task), state, reason, message, time);
      }
      case Event.InstanceSkipped(
              var id,
              var task,
              var ordinal,
              var state,
              var reason,
              var message,
              var time) ->
          job.work().skip(job.task(task), ordinal, state, reason, message, time);
      case Event.TaskRequeued(var id, var task, var time) -> job.work().requeue(job.task(task));
      case Event.InstanceRequeued(var id, var task, var ordinal, var time) ->
          job.work().requeue(job.task(task), ordinal);
      case Event.ThrottleChanged(var id, var task, var maxRunning, var time) ->
          job.work().throttle(job.task(task), maxRunning);
      case Event.ServicePaced(var id, var task, var pace, var time) -> {
        // Its place among the paused depends on the pace.
        lists.paused.remove(job);
        job.pace(pace);
      }
    }
    lists.refile(job);
  }

  /// What becomes of what has not run when its job ends: a service has done all that it could.
  private static TaskState dropped(Task task, JobState then) {
    return then == JobState.FINISHED && task.spec().kind() == TaskKind.SERVICE
        ? TaskState.FINISHED
        : TaskState.CANCELED;
  }

  private void create(Event.JobCreated created) {
    var job =
        new Job(
            created.job(), created.requestId(), created.owner(), created.draft(), created.time());
    if (jobs.putIfAbsent(job.id(), job) != null) {
      throw new IllegalStateException("expected a new job, but " + job.id() + " exists");
    }
    lastJob = Math.max(lastJob, job.id());
    requests.put(job.requestId(), job.id());
  }

  private void delete(Job job) {
    if (!(job.life() instanceof JobLife.Ended)) {
      throw new IllegalStateException("expected job " + job.id() + " to have ended");
    }
    jobs.remove(job.id());
    requests.remove(job.requestId());
    requests.keySet().removeAll(job.additions());
    disown(job);
    // Nobody who still waits for it is there: it would not have been deleted.
    for (var child : children(job.id())) {
      if (job.life().state() != JobState.FINISHED) {
        child.waitFor(child.unfinishedParents() - 1);
      }
    }
    children.remove(job.id());
  }

  /// Lets a job's parents know of it, and the job how many of them it has to wait for.
  private void adopt(Job job) {
    var unfinished = 0;
    for (var parent : job.spec().rules().parents()) {
      var known = jobs.get(parent);
      if (known != null) {
        children.computeIfAbsent(parent, id -> new LinkedHashSet<>()).add(job);
        unfinished += known.life().state() == JobState.FINISHED ? 0 : 1;
      }
    }
    job.waitFor(unfinished);
  }

  /// Lets the children of a job wait for one parent more or less.
  private void expectMore(int parent, int change) {
    for (var child : children(parent)) {
      lists.remove(child);
      child.waitFor(child.unfinishedParents() + change);
      lists.add(child);
    }
  }

  /// Lets a submitted job's parents forget it.
  private void disown(Job job) {
    if (job.isSubmitted()) {
      for (var parent : job.spec().rules().parents()) {
        var siblings = children.get(parent);
        if (siblings != null) {
          siblings.remove(job);
        }
      }
    }
  }

  /// Moves a job on, and between the lists that its state puts it in.
  private void step(Job job, JobLife.Step step) {
    lists.remove(job);
    var held = job.holdsLicences();
    job.step(step);
    if (held && !job.holdsLicences()) {
      licences.giveBack(job.spec().resources().licences());
    } else if (!held && job.holdsLicences()) {
      licences.hold(job.spec().resources().licences());
    }
    lists.add(job);
  }

  private void open(Job job, Grant grant) {
    if (job.grantOn(grant.node().id()) != null) {
      throw new IllegalStateException(
          "expected one grant of job " + job.id() + " on " + grant.node().name());
    }
    grant.node().enter(job.id(), job.spec().resources().exclusive());
    grant.node().grant(grant.parts(), grant.memoryMb());
    grants.put(grant.id(), grant);
    lastGrant = Math.max(lastGrant, grant.id());
    job.holdings().add(grant);
  }

  private void resize(Job job, long id, GrantLife.Step step) {
    var grant = known(grants, id);
    var node = grant.node();
    var before = grant.parts();
    node.giveBack(before, grant.memoryMb());
    job.holdings().resize(grant, step);
    node.grant(grant.parts(), grant.memoryMb());
    if (grant.life() instanceof GrantLife.Returned) {
      node.leave(job.id());
      grants.remove(id);
    }
  }

  private void dispatch(Job job, Event.AttemptDispatched event, long epochThen) {
    var sweep = job.task(event.task()).spec().sweep();
    var instance = new InstanceId(job.id(), event.task(), sweep.index(event.ordinal()));
    var attempt =
        new Attempt(
            new AttemptId(cluster, epochThen, instance, event.number()),
            event.ordinal(),
            event.placements(),
            event.time(),
            new AttemptLife.Dispatching());
    occupy(job, attempt);
    job.work().dispatch(attempt);
  }

  private void occupy(Job job, Attempt attempt) {
    var alone = job.task(attempt.task()).spec().demand().nodes().exclusive();
    for (var placement : attempt.placements()) {
      var grant = known(grants, placement.grant());
      grant.occupy(placement, alone);
      job.holdings().occupied(grant, job.task(attempt.task()).spec().kind());
    }
    attempt.nodes().forEach(node -> known(nodes, node).add(attempt));
  }

  private void end(Job job, Event.AttemptEnded event) {
    var attempt = live(job, event.task(), event.ordinal());
    if (attempt.nodes().size() > 1) {
      throw new IllegalStateException("expected one node left of " + attempt.id());
    }
    for (var placement : attempt.placements()) {
      var grant = known(grants, placement.grant());
      grant.vacate(placement);
      job.holdings().vacated(grant, job.task(event.task()).spec().kind(), event.state());
    }
    attempt.nodes().forEach(node -> known(nodes, node).remove(attempt));
    job.work()
        .end(
            new EndedLog.Entry(
                event.ordinal(),
                attempt.number(),
                attempt.id().epoch(),
                event.state(),
                attempt.leadNode(),
                attempt.cores(),
                event.end()),
            attempt);
  }

  private static Attempt live(Job job, int task, int ordinal) {
    var attempt = job.task(task).live(ordinal);
    if (attempt == null) {
      throw new IllegalStateException(
          "expected a live attempt of job " + job.id() + "." + task + " at " + ordinal);
    }
    return attempt;
  }

  private static <K, V> V known(Map<K, V> map, K key) {
    var value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("expected " + key + " to be known");
    }
    return value;
  }

  /// Puts back what was stored, before anything is applied. Nodes first, then jobs.
  ///
  /// @throws RuntimeException if the parts do not fit together
  public void restore(Stored stored) {
    set(stored.settings());
    lastJob = stored.counters().lastJob();
    lastNode = stored.counters().lastNode();
    lastGrant = stored.counters().lastGrant();
    lastOrder = stored.counters().lastOrder();
    for (var node : stored.nodes()) {
      apply(node.registered());
      known(nodes, node.registered().node()).switchTo(node.online());
    }
    stored.jobs().forEach(this::restore);
    for (var job : jobs.values()) {
      if (job.isSubmitted()) {
        adopt(job);
        lists.add(job);
      }
    }
  }

  private void restore(Stored.StoredJob stored) {
    create(stored.created());
    var job = known(jobs, stored.created().job());
    requests.putAll(stored.additions());
    job.additions().addAll(stored.additions().keySet());
    job.restore(stored.facts());
    if (stored.life() instanceof JobLife.Configuring || stored.life().submitTime() == 0) {
      job.restore(stored.life());
      return;
    }
    job.resolve();
    for (var grant : stored.grants()) {
      var held =
          new Grant(
              grant.id(), job.id(), known(nodes, grant.node()), grant.openTime(), grant.life());
      if (grant.used()) {
        held.use();
      }
      if (grant.lost()) {
        held.lose();
      }
      open(job, held);
    }
    for (var task : job.tasks()) {
      var parts = stored.tasks().getOrDefault(task.number(), Stored.StoredTask.UNTOUCHED);
      var attempts = parts.live().stream().map(live -> attempt(job, task, live)).toList();
      attempts.forEach(attempt -> occupy(job, attempt));
      job.work().restore(task, parts.checkpoint(), parts.log(), attempts);
    }
    job.restore(stored.life());
    job.hold(stored.facts().hold());
    if (job.holdsLicences()) {
      licences.hold(job.spec().resources().licences());
    }
  }

  private Attempt attempt(Job job, Task task, Stored.StoredAttempt live) {
    var instance =
        new InstanceId(job.id(), task.number(), task.spec().sweep().index(live.ordinal()));
    return new Attempt(
        new AttemptId(cluster, live.epoch(), instance, live.number()),
        live.ordinal(),
        live.placements(),
        live.dispatchTime(),
        live.life());
  }
}
