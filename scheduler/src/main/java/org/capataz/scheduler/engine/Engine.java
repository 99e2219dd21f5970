package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.capataz.model.AttemptId;
import org.capataz.model.JobState;
import org.capataz.model.QueueRules;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.policy.Policy;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.jspecify.annotations.Nullable;

/// Decides what follows from a command and from the state, one event at a time. Deterministic:
/// equal states, commands and times make equal events. Belongs to the thread that owns the state.
///
/// Several commands may be handled before [#settle], which then lets the policy have its say once
/// for all of them.
public final class Engine {

  /// How long jobs wait for less to count as used until they are looked at again, in microseconds.
  private static final long QUOTA_WAIT = 60_000_000;

  private final ClusterState state;
  private final Policy policy;
  private final Consumer<Event> journal;
  private final Waiting waiting;
  private final JobProgress progress;
  private final JobRequests requests;
  private final TaskRequests tasks;
  private final NodeReports reports;
  private final Absences absences;
  private final ClusterRequests clusterRequests;
  private final JobChanges changes;
  private final Activations activations;
  private final PendingReasons pendingReasons;
  private final Memory memory = new Memory();

  private Quotas quotas;

  /// Jobs that could not start for their limits since the engine began to settle, because others of
  /// the same had before them.
  private final Set<Integer> refused = new HashSet<>();

  /// When jobs are looked at again that wait for less to count as used.
  private long quotaWakeup = Long.MAX_VALUE;

  /// Jobs that a command touched.
  private final Set<Job> touched = new LinkedHashSet<>();

  /// Whether the policy might decide otherwise than last time.
  private boolean unsettled = true;

  /// An engine over a state, which it alone changes from now on.
  ///
  /// @param journal gets every event, just after it was applied
  public Engine(ClusterState state, Policy policy, Consumer<Event> journal) {
    this.state = state;
    this.policy = policy;
    this.journal = journal;
    this.quotas = new Quotas(state, 0);
    this.waiting = new Waiting(state, this::emit);
    this.progress = new JobProgress(state, this::emit, waiting, memory);
    var admission = new Admission(state, memory);
    this.requests = new JobRequests(state, this::emit, progress, admission);
    this.tasks = new TaskRequests(state, this::emit, progress);
    this.reports = new NodeReports(state, this::emit, progress);
    this.absences = new Absences(state, reports);
    this.clusterRequests = new ClusterRequests(state, this::emit);
    this.activations = new Activations(state, this::emit, progress);
    this.pendingReasons = new PendingReasons(state, this::emit, activations, memory);
    this.changes = new JobChanges(state, this::emit, admission);
  }

  private void emit(Event event) {
    var before = turn(event);
    state.apply(event);
    journal.accept(event);
    memory.heard(event, frees(event));
    pendingReasons.heard(event);
    activations.heard(event);
    if (event instanceof Event.NodeReachability reachability) {
      absences.heard(reachability);
    }
    if (event instanceof Event.JobBlocked) {
      return;
    }
    if (event instanceof Event.OfJob ofJob && !(event instanceof Event.JobDeleted)) {
      touched.add(known(state.job(ofJob.job())));
    }
    if (event instanceof Event.JobEnded ended) {
      // They may go on, or have to end.
      touched.addAll(state.children(ended.job()));
    }
    unsettled |= frees(event) || turn(event).isNewsAfter(before);
  }

  /// What a job would run next.
  ///
  /// @param ready how many of its tasks could go on, were it not for throttles
  /// @param first the task that is next in turn, 0 for none
  private record Turn(int ready, int first) {
    static final Turn NONE = new Turn(0, 0);

    /// Whether something else than before is in turn now, so that the policy might find room for
    /// it. Where a throttle lets the next run of the only task start, one of the same task has just
    /// ended and left its cores.
    boolean isNewsAfter(Turn before) {
      return ready > 0 && (ready != before.ready || (ready > 1 && first != before.first));
    }
  }

  /// What the event's job would run next.
  private Turn turn(Event event) {
    var job = event instanceof Event.OfJob ofJob ? state.job(ofJob.job()) : null;
    return job == null
        ? Turn.NONE
        : new Turn(job.ready(), job.runnable().isEmpty() ? 0 : job.runnable().first());
  }

  /// Whether an event can let the policy place what it could not place before. That an attempt
  /// ended does not: its job goes on in the same cores, or hands them back. So a short task costs
  /// no pass.
  private boolean frees(Event event) {
    return switch (event) {
      case Event.JobSubmitted e -> true;
      case Event.JobStopping e -> true;
      case Event.JobEnded e -> true;
      case Event.JobRequeued e -> true;
      case Event.GrantResized e -> true;
      case Event.GrantClosed e -> true;
      case Event.JobConfigured e -> true;
      case Event.HoldChanged e -> true;
      case Event.TaskSkipped e -> true;
      case Event.InstanceSkipped e -> true;
      case Event.TaskRequeued e -> true;
      case Event.InstanceRequeued e -> true;
      case Event.ThrottleChanged e -> true;
      case Event.OfNode e -> true;
      case Event.OfCluster e -> true;
      case Event.NodeReachability e -> true;
      case Event.JobCreated e -> false;
      case Event.JobModified e -> true;
      case Event.JobProgressed e -> false;
      case Event.JobBlocked e -> false;
      case Event.JobDeleted e -> false;
      case Event.TasksAdded e -> true;
      case Event.JobStarted e -> false;
      case Event.GrantOpened e -> false;
      case Event.GrantUsed e -> false;
      case Event.GrantLost e -> false;
      case Event.AttemptDispatched e -> false;
      case Event.AttemptPartEnded e -> false;
      case Event.AttemptEnded e -> opens(known(state.job(e.job())).task(e.task()).spec());
      case Event.AttemptRecalled e -> false;
      case Event.AttemptStarted e -> false;
      case Event.AttemptStopping e -> false;
      case Event.ServicePaced e -> false;
    };
  }

  /// Whether others of its job may come to a node when a run of a task ends there, or have to go
  /// elsewhere.
  private static boolean opens(TaskSpec task) {
    return task.demand().nodes().exclusive() || task.kind() == TaskKind.NODE_PREP;
  }

  /// Carries out one command, all of it or, if refused, nothing.
  ///
  /// @param now microseconds since 1970
  /// @return what the command says that it answers with
  public Result<Integer> handle(Command command, long now) {
    var result =
        switch (command) {
          case Command.CreateJob(var requestId, var owner, var draft, var submit) ->
              requests.create(requestId, owner, draft, submit, now);
          case Command.AddTasks(var job, var requestId, var tasks) ->
              requests.add(job, requestId, tasks, now);
          case Command.SubmitJob(var job) -> requests.submit(job, now);
          case Command.CancelJob(var job, var manner, var author) ->
              requests.cancel(job, manner, author, now);
          case Command.FinishJob(var job, var manner, var author) ->
              requests.finish(job, manner, author, now);
          case Command.ConfigureJob(var job) -> requests.configure(job, now);
          case Command.HoldJob(var job, var until) -> waiting.hold(job, until, now);
          case Command.CancelTask(var target, var manner, var author) ->
              tasks.cancel(target, manner, author, now);
          case Command.FinishTask(var target, var author) -> tasks.finish(target, author, now);
          case Command.RequeueTask(var target, var author) -> tasks.requeue(target, author, now);
          case Command.RequeueJob(var job, var failedOnly) ->
              requests.requeue(job, failedOnly, now);
          case Command.ModifyJob modify -> revised(changes.modify(modify, now), now);
          case Command.SetProgress progress -> changes.progress(progress, now);
          case Command.ThrottleTask(var job, var task, var maxRunning) ->
              revised(tasks.throttle(job, task, maxRunning, now), now);
          case Command.ConnectNode connect -> reports.connect(connect, now);
          case Command.DisconnectNode(var node) -> disconnect(node, now);
          case Command.Report(var node, var attempts) -> reports.take(node, attempts, now);
          case Command.SwitchNode(var name, var online) ->
              node(name).then(node -> switchNode(node, online, now));
          case Command.LoseNode(var name, var author) ->
              node(name).then(node -> lose(node, author, now));
          case Command.ChangeSettings change -> clusterRequests.change(change, now);
          case Command.DeleteEndedJobs(var after, var before) ->
              clusterRequests.deleteEnded(after, before, now);
          case Command.AnswerActivation(var question, var answer) -> {
            unsettled |= activations.answered(question, answer, now);
            yield Result.ok(0);
          }
          case Command.TrustClock(var by) -> {
            trustClock(by, now);
            yield Result.ok(0);
          }
          case Command.Tick() -> Result.ok(0);
        };
    advanceTouched(now);
    return result;
  }

  /// Takes back what the changed rules of a job do not allow.
  private Result<Integer> revised(Result<Integer> answer, long now) {
    if (answer instanceof Result.Ok<Integer>(var id) && id != 0) {
      progress.backlog().revise(known(state.job(id)), now);
    }
    return answer;
  }

  /// Lets time-outs and the policy act on what the commands before left. Call it once after each
  /// batch of commands.
  public void settle(long now) {
    endOverdueJobs(now);
    absences.endOverdue(now).forEach(node -> touchJobsOn(node.id()));
    progress.services().resume(now);
    advanceTouched(now);
    waiting.release(now);
    advanceTouched(now);
    unsettled |= activations.wake(now) || memory.wakeup() <= now || quotaWakeup <= now;
    if (!unsettled) {
      // What waits does so for the reasons that the last pass left it with: an end costs no look.
      return;
    }
    refused.clear();
    while (unsettled) {
      unsettled = false;
      activations.beginPass();
      quotas = new Quotas(state, now);
      var plan = policy.plan(new StateSnapshot(state, now, leftOut(), memory, quotas));
      memory.planned(plan, now);
      progress.reclaim(plan.reclaim());
      if (plan.reclaim().isPresent()) {
        // What a pausing service keeps idle, a job that waits may have.
        touched.addAll(state.paused());
        // What another has sent ahead would keep it waiting.
        state.wide().stream()
            .filter(job -> !job.assigned().isEmpty() || !job.recalled().isEmpty())
            .forEach(touched::add);
      }
      plan.allotments().forEach(allotment -> grant(allotment, now));
      advanceTouched(now);
    }
    pendingReasons.note(now, quotas);
    quotaWakeup = quotas.waitForTime() ? now + QUOTA_WAIT : Long.MAX_VALUE;
  }

  /// Queued jobs that are not looked at.
  private Set<Integer> leftOut() {
    if (refused.isEmpty()) {
      return activations.aside();
    }
    var all = new HashSet<>(activations.aside());
    all.addAll(refused);
    return all;
  }

  /// When [#settle] has to be called again though nothing happens; the end of time if never.
  public long nextWakeup() {
    var deadline =
        state.limited().isEmpty() ? Long.MAX_VALUE : state.deadline(state.limited().first());
    return LongStream.of(
            deadline,
            absences.nextWakeup(),
            waiting.nextRelease(),
            progress.services().nextWakeup(),
            activations.nextWakeup(),
            memory.wakeup(),
            quotaWakeup)
        .min()
        .getAsLong();
  }

  private void advanceTouched(long now) {
    while (!touched.isEmpty()) {
      var jobs = List.copyOf(touched);
      touched.clear();
      jobs.forEach(job -> progress.advance(job, now));
    }
  }

  // Nodes, time and the policy.

  private Result<Node> node(String name) {
    var node = state.node(name);
    return node == null
        ? Result.refused(
            Refusal.notFound("expected the name of a node, but there is no node '" + name + "'"))
        : Result.ok(node);
  }

  private Result<Integer> lose(Node node, Command.Author author, long now) {
    var result = reports.lose(node, author, now);
    touchJobsOn(node.id());
    return result;
  }

  private Result<Integer> switchNode(Node node, boolean online, long now) {
    if (node.online() != online) {
      emit(new Event.NodeSwitched(node.id(), online, now));
      progress.backlog().revise(node, now);
      touchJobsOn(node.id());
    }
    return Result.ok(node.id());
  }

  private Result<Integer> disconnect(int node, long now) {
    var result = reports.disconnect(node, now);
    touchJobsOn(node);
    return result;
  }

  /// Has jobs look after what they hold on a node: what they cannot use there, they claim
  /// elsewhere.
  private void touchJobsOn(int node) {
    state.running().stream().filter(job -> job.grantOn(node) != null).forEach(touched::add);
  }

  private void trustClock(long by, long now) {
    absences.beginAnew(now);
    if (by != 0) {
      emit(new Event.ClockSet(by, now));
      progress.services().setClock(by, now);
      activations.setClock(by);
    }
  }

  private void endOverdueJobs(long now) {
    var overdue = new ArrayList<Job>();
    for (var job : state.limited()) {
      if (state.deadline(job) > now) {
        break;
      }
      overdue.add(job);
    }
    for (var job : overdue) {
      progress.stop(
          job, JobState.CANCELED, "run time of " + job.spec().runtimeSeconds() + " s expired", now);
    }
  }

  /// Gives a job what the policy proposes, if all of it is still to be had and the activation
  /// filter lets it start.
  private void grant(Plan.Allotment allotment, long now) {
    var job = state.job(allotment.job());
    if (job == null || !isGrantable(job, allotment)) {
      return;
    }
    var starts = job.life() instanceof JobLife.Queued;
    var cores = 0;
    for (var share : allotment.shares()) {
      cores += share.parts().cores().size();
    }
    if (!quotas.allow(job, cores, starts)) {
      // Its place may be another's: look again, without it.
      unsettled |= starts && refused.add(job.id());
      return;
    }
    if (starts) {
      if (!activations.allows(job, allotment, now)) {
        return;
      }
      emit(new Event.JobStarted(job.id(), now));
    }
    for (var share : allotment.shares()) {
      var node = known(state.node(share.node()));
      var grant = job.grantOn(share.node());
      emit(
          grant == null
              ? new Event.GrantOpened(
                  job.id(), state.nextGrant(), share.node(), share.parts(), share.memoryMb(), now)
              : new Event.GrantResized(
                  job.id(),
                  grant.id(),
                  node.id(),
                  grant.parts().plus(share.parts()),
                  grant.memoryMb() + share.memoryMb(),
                  now));
      if (grant == null) {
        progress.nodeTasks().opened(job, known(job.grantOn(share.node())), now);
      }
    }
    quotas.took(job, cores, starts);
    touched.add(job);
    // Under this policy jobs start with their minimum; another pass lets them grow.
    unsettled |=
        starts
            && state.queueRules().policy() == QueueRules.Policy.CONSERVATIVE
            && job.held() < job.spec().units().max();
  }

  private boolean isGrantable(Job job, Plan.Allotment allotment) {
    return allotment.shares().stream()
            .allMatch(
                share -> {
                  var node = known(state.node(share.node()));
                  var grant = job.grantOn(share.node());
                  return node.usable()
                      && (grant == null || !grant.isLeaving())
                      && node.admits(job.id(), job.spec().resources().exclusive())
                      && node.free().containsAll(share.parts())
                      && node.freeMemoryMb() >= share.memoryMb();
                })
        && (job.holdsLicences() || state.licences().areFree(job.spec().resources().licences()));
  }

  private static <T> T known(@Nullable T found) {
    if (found == null) {
      throw new IllegalStateException("expected what an event or plan names to be known");
    }
    return found;
  }

  /// Whether the head node knows that this attempt is over there, so that the node may forget it.
  public boolean isOver(AttemptId attempt, int node) {
    return reports.isOver(attempt, node);
  }

  /// What the activation filter is to be asked since the last call; [Command.AnswerActivation] has
  /// what it says. Ask after the events of the time are stored, for it may be told what they are
  /// about.
  public List<Activation.Question> takeQuestions() {
    return activations.takeQuestions();
  }

  /// How jobs stand with the activation filter, those for which that matters. A copy.
  public Map<Integer, Activation.Standing> activations() {
    return activations.standings();
  }

  /// What jobs are to hand back of what they hold above their minimum.
  Optional<Plan.Reclaim> reclaiming() {
    return progress.reclaiming();
  }
}
