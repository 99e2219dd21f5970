package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.Demand;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Licences;
import org.capataz.model.Parts;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.model.Topology;
import org.capataz.model.Unit;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.event.Placement;
import org.jspecify.annotations.Nullable;

/// Reads the journal as it is committed, keeps its own simple record of what was promised, and
/// protests at the first event that breaks a promise. Knows nothing of the engine's state.
final class Promises {

  /// Raised where a promise is broken.
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  /// A job as the journal tells it, each instance on its own.
  private static final class JobRecord {
    private JobDraft draft;
    private int attemptBase;
    private @Nullable JobSpec spec;
    private JobState state = JobState.CONFIGURING;
    private long order;
    private TaskState[][] instances = {};
    private int[][] numbers = {};
    private int[][] retries = {};
    private int[] throttles = {};
    private int live;
    private int working;
    private TaskState service = TaskState.RUNNING;
    private long heldUntil;
    private Activation.@Nullable Question asked;
    private Activation.@Nullable Verdict verdict;
    private JobState then = JobState.FINISHED;
    private final Map<String, EndReason> stopped = new HashMap<>();
    private final Map<Long, Hold> grants = new LinkedHashMap<>();
    private final Map<String, List<Placement>> placements = new HashMap<>();

    JobRecord(JobDraft draft) {
      this.draft = draft;
    }

    JobSpec spec() {
      return Objects.requireNonNull(spec);
    }

    /// What the activation filter is asked of it, and said, does not count any more.
    void forgetFilter() {
      asked = null;
      verdict = null;
    }

    boolean has(TaskKind kind) {
      return spec().tasks().stream().anyMatch(task -> task.kind() == kind);
    }

    /// Whether it has not finished all that it was to do, a service as a whole.
    boolean hasFailed() {
      return has(TaskKind.SERVICE)
          ? service != TaskState.FINISHED
          : !work().allMatch(TaskState.FINISHED::equals);
    }

    /// All instances of the tasks that do its work.
    Stream<TaskState> work() {
      return spec().tasks().stream()
          .filter(task -> !task.kind().isForNodes())
          .flatMap(task -> Arrays.stream(instances[task.number() - 1]));
    }

    boolean hasQueuedInstances() {
      return Arrays.stream(instances).flatMap(Arrays::stream).anyMatch(TaskState.QUEUED::equals);
    }

    boolean hasRun(int[] attempts) {
      return Arrays.stream(attempts).anyMatch(number -> number > attemptBase);
    }

    long count(int task, TaskState state) {
      return Arrays.stream(instances[task - 1]).filter(state::equals).count();
    }

    boolean isDone(int task) {
      return Arrays.stream(instances[task - 1]).allMatch(TaskState::isEnd);
    }

    void turn(TaskState from, TaskState to) {
      for (var task = 1; task <= instances.length; task++) {
        if (!spec().task(task).kind().isOpen()) {
          turn(task, from, to);
        }
      }
    }

    void turn(int task, TaskState from, TaskState to) {
      Arrays.setAll(
          instances[task - 1], i -> instances[task - 1][i] == from ? to : instances[task - 1][i]);
    }
  }

  private record Hold(int node, Parts parts) {}

  private record NodeRecord(String name, NodeOffer offer, boolean online, boolean reachable) {
    NodeRecord with(boolean nowOnline, boolean nowReachable) {
      return new NodeRecord(name, offer, nowOnline, nowReachable);
    }

    Topology topology() {
      return offer.topology();
    }

    boolean usable() {
      return online && reachable;
    }
  }

  private static final Comparator<JobRecord> FIRST_COME =
      Comparator.<JobRecord, Priority>comparing(job -> job.spec().priority())
          .reversed()
          .thenComparingLong(job -> job.order);

  private final Map<Integer, JobRecord> jobs = new LinkedHashMap<>();
  private final Set<Integer> deleted = new HashSet<>();
  private final Map<Integer, NodeRecord> nodes = new LinkedHashMap<>();
  private final Map<InstanceId, AttemptId> live = new HashMap<>();
  private final Map<AttemptId, EndReason> ended = new HashMap<>();
  private final Map<Integer, Integer> memoryMb = new HashMap<>();
  private final NodePromises nodePromises = new NodePromises(this);
  private Map<String, Integer> licences = Map.of();
  private boolean isFiltered;
  private Set<Integer> askedNow = Set.of();
  private @Nullable World world;

  void watch(World watched) {
    world = watched;
  }

  void check(boolean kept, Supplier<String> otherwise) {
    if (!kept) {
      throw new Broken(otherwise.get());
    }
  }

  boolean isDeleted(int job) {
    return deleted.contains(job);
  }

  boolean hasEnded(AttemptId attempt) {
    return ended.containsKey(attempt);
  }

  /// A head node has started: no node is connected to it yet.
  void restarted() {
    nodes.replaceAll((id, node) -> node.with(node.online, false));
    jobs.values().forEach(JobRecord::forgetFilter);
  }

  /// Whether all jobs that were submitted have ended and hold nothing.
  void checkAllEnded() {
    jobs.forEach(
        (id, job) -> {
          check(
              job.state.isEnd() || job.state == JobState.CONFIGURING,
              () -> "job " + id + " is still " + job.state);
          check(job.grants.isEmpty(), () -> "job " + id + " still holds cores");
        });
  }

  long instances(int job, TaskState state) {
    return Arrays.stream(job(job).instances).flatMap(Arrays::stream).filter(state::equals).count();
  }

  // Events, as they are committed.

  /// @param questions what the activation filter is asked after it
  void committed(List<Event> events, List<Activation.Question> questions, Author head) {
    askedNow = questions.stream().map(Activation.Question::job).collect(Collectors.toSet());
    events.forEach(event -> committed(event, head));
    askedNow = Set.of();
    questions.forEach(question -> asked(question, head));
    for (var job : jobs.values()) {
      check(
          job.verdict != Activation.Verdict.HOLD && job.verdict != Activation.Verdict.FAIL,
          () -> "nothing comes of what the filter said: " + job.verdict);
    }
  }

  private void asked(Activation.Question question, Author head) {
    var job = job(question.job());
    check(
        isFiltered && job.state == JobState.QUEUED && job.heldUntil == 0 && job.asked == null,
        () -> "asked without need: " + question);
    check(question.epoch() == head.epoch, () -> "of another epoch: " + question);
    job.asked = question;
  }

  /// The activation filter has said something, be it still of interest or not.
  void answered(Activation.Question question, Activation.Answer answer) {
    var job = jobs.get(question.job());
    if (job != null && question.equals(job.asked)) {
      job.asked = null;
      job.verdict = answer.verdict();
    }
  }

  /// The head node that committed.
  record Author(UUID cluster, long epoch) {}

  private JobRecord job(int id) {
    return Objects.requireNonNull(jobs.get(id), () -> "job " + id);
  }

  private NodeRecord node(int id) {
    return Objects.requireNonNull(nodes.get(id), () -> "node " + id);
  }

  private void committed(Event event, Author head) {
    nodePromises.committed(event);
    note(event, head);
    if (event instanceof Event.OfJob ofJob
        && !(event instanceof Event.JobBlocked)
        && !(event instanceof Event.JobProgressed)
        && !(event instanceof Event.JobDeleted)) {
      job(ofJob.job()).forgetFilter();
    }
  }

  private void note(Event event, Author head) {
    switch (event) {
      case Event.JobCreated e ->
          check(jobs.put(e.job(), new JobRecord(e.draft())) == null, () -> "created twice: " + e);
      case Event.TasksAdded e -> {
        var tasks = new ArrayList<>(job(e.job()).draft.tasks());
        tasks.addAll(e.tasks());
        extended(job(e.job()), job(e.job()).draft.withTasks(tasks));
      }
      case Event.JobModified e -> modified(job(e.job()), e);
      case Event.JobConfigured e -> configured(job(e.job()), e);
      case Event.JobProgressed e -> {}
      case Event.JobBlocked e ->
          check(job(e.job()).state == JobState.QUEUED, () -> "not in the queue: " + e);
      case Event.JobDeleted e -> {
        check(job(e.job()).state.isEnd(), () -> "deleted before its end: " + e);
        jobs.remove(e.job());
        deleted.add(e.job());
      }
      case Event.ClusterParameterSet e -> {
        if (e.parameter() == ClusterParameter.LICENSES) {
          var counted = new HashMap<String, Integer>();
          Licences.parse(e.text())
              .orElseThrow()
              .forEach((feature, amount) -> counted.put(feature, amount.orElse(0)));
          licences = counted;
        }
        if (e.parameter() == ClusterParameter.ACTIVATION_FILTER_PROGRAM) {
          isFiltered = !e.text().isEmpty();
          jobs.values().forEach(JobRecord::forgetFilter);
        }
      }
      case Event.ClusterVariableSet e -> {}
      case Event.TemplateSet e -> {}
      case Event.TemplateDeleted e -> {}
      case Event.JobSubmitted e -> submitted(e);
      case Event.JobStarted e -> {
        checkMayStart(job(e.job()), e);
        started(job(e.job()));
      }
      case Event.HoldChanged e -> {
        check(
            !e.byFilter() || job(e.job()).verdict == Activation.Verdict.HOLD,
            () -> "held, but not by the filter: " + e);
        job(e.job()).heldUntil = e.until();
      }
      case Event.JobStopping e -> {
        checkStop(job(e.job()), e);
        check(
            !e.message().startsWith("refused") || job(e.job()).verdict == Activation.Verdict.FAIL,
            () -> "failed, but not by the filter: " + e);
        job(e.job()).state = JobState.CANCELING;
        job(e.job()).then = e.then();
        if (e.then() != JobState.QUEUED) {
          job(e.job()).turn(TaskState.QUEUED, TaskState.CANCELED);
        }
      }
      case Event.JobEnded e -> ended(job(e.job()), e);
      case Event.JobRequeued e -> {
        var job = job(e.job());
        job.service = TaskState.RUNNING;
        job.turn(TaskState.FAILED, TaskState.QUEUED);
        if (!e.failedOnly()) {
          job.turn(TaskState.CANCELED, TaskState.QUEUED);
        }
        job.state = JobState.QUEUED;
        job.order = e.order();
      }
      case Event.GrantOpened e -> {
        var hold = new Hold(e.node(), e.parts());
        check(job(e.job()).grants.put(e.grant(), hold) == null, () -> "opened twice: " + e);
        granted(job(e.job()), e.grant(), e.parts(), e);
      }
      case Event.GrantResized e -> resized(job(e.job()), e.grant(), e.parts(), e);
      case Event.GrantUsed e -> {}
      case Event.GrantLost e -> {}
      case Event.GrantClosed e -> resized(job(e.job()), e.grant(), Parts.NONE, e);
      case Event.AttemptDispatched e -> dispatched(job(e.job()), e, head);
      case Event.AttemptStarted e -> live(e.job(), e.task(), e.ordinal(), e);
      case Event.AttemptStopping e -> {
        live(e.job(), e.task(), e.ordinal(), e);
        job(e.job()).stopped.put(e.task() + "." + e.ordinal(), e.reason());
      }
      case Event.AttemptPartEnded e -> live(e.job(), e.task(), e.ordinal(), e);
      case Event.InstanceSkipped e ->
          putBack(e.job(), e.task(), e.ordinal(), TaskState.QUEUED, e.state());
      case Event.TaskRequeued e -> {
        checkRequeue(e.job(), e.task(), e);
        job(e.job()).turn(e.task(), TaskState.FAILED, TaskState.QUEUED);
        job(e.job()).turn(e.task(), TaskState.CANCELED, TaskState.QUEUED);
      }
      case Event.InstanceRequeued e -> {
        checkRequeue(e.job(), e.task(), e);
        var was = job(e.job()).instances[e.task() - 1][e.ordinal()];
        check(was == TaskState.FAILED || was == TaskState.CANCELED, () -> "not ended: " + e);
        putBack(e.job(), e.task(), e.ordinal(), was, TaskState.QUEUED);
      }
      case Event.AttemptEnded e -> ended(job(e.job()), e);
      case Event.TaskSkipped e -> {
        var job = job(e.job());
        job.turn(e.task(), TaskState.QUEUED, e.state());
        if (job.spec().task(e.task()).kind() == TaskKind.SERVICE) {
          job.service = e.state();
        }
      }
      case Event.ServicePaced e ->
          check(job(e.job()).state == JobState.RUNNING, () -> "paced, but not running: " + e);
      case Event.ThrottleChanged e -> job(e.job()).throttles[e.task() - 1] = e.maxRunning();
      case Event.NodeRegistered e ->
          nodes.put(
              e.node(),
              new NodeRecord(
                  e.name(),
                  e.offer(),
                  !nodes.containsKey(e.node()) || node(e.node()).online,
                  false));
      case Event.NodeSwitched e ->
          nodes.put(e.node(), node(e.node()).with(e.online(), node(e.node()).reachable));
      case Event.NodeReachability e ->
          nodes.put(e.node(), node(e.node()).with(node(e.node()).online, e.reachable()));
    }
  }

  private void modified(JobRecord job, Event.JobModified event) {
    job.draft = event.change().on(job.draft).orElseThrow();
    check(job.draft.equals(event.draft()), () -> "another draft than the change makes: " + event);
    var before = job.spec;
    if (before == null) {
      return;
    }
    check(!job.state.isEnd(), () -> "changed after its end: " + event);
    job.spec = JobSpec.resolve(job.draft).orElseThrow();
    check(
        event.order() != 0 || before.priority().equals(job.spec().priority()),
        () -> "a new priority, but the old place: " + event);
    job.order = event.order() == 0 ? job.order : event.order();
    if (!before.hasShapeOf(job.spec())) {
      check(
          job.state == JobState.QUEUED && Arrays.stream(job.numbers).noneMatch(job::hasRun),
          () -> "other instances of a job that has run: " + event);
      job.instances = new TaskState[][] {};
      job.numbers = new int[][] {};
      prepare(job, 0);
    }
    for (var task : job.spec().tasks()) {
      if (task.rules().maxRunning() != before.task(task.number()).rules().maxRunning()) {
        job.throttles[task.number() - 1] = task.rules().maxRunning();
      }
    }
    if (job.spec().rules().holdUntil() != before.rules().holdUntil()) {
      job.heldUntil = job.spec().rules().holdUntil();
    }
  }

  private static void extended(JobRecord job, JobDraft draft) {
    job.draft = draft;
    if (job.spec == null) {
      return;
    }
    var from = job.instances.length;
    job.spec = JobSpec.resolve(draft).orElseThrow();
    prepare(job, from);
  }

  private void configured(JobRecord job, Event.JobConfigured event) {
    check(job.live == 0 && job.grants.isEmpty(), () -> "configured, but it runs: " + event);
    check(
        (job.state.isEnd() || job.state == JobState.QUEUED) && job.draft.equals(event.draft()),
        () -> "not over, or not itself: " + event);
    job.attemptBase =
        Arrays.stream(job.numbers).flatMapToInt(Arrays::stream).reduce(job.attemptBase, Math::max);
    job.spec = null;
    job.state = JobState.CONFIGURING;
    job.heldUntil = 0;
    job.service = TaskState.RUNNING;
    job.instances = new TaskState[][] {};
    job.numbers = new int[][] {};
  }

  private void checkRequeue(int job, int task, Event event) {
    check(job(job).state == JobState.RUNNING, () -> "requeued in a job that rests: " + event);
    check(
        job(job).spec().task(task).rerunnable() && !job(job).spec().task(task).kind().isOpen(),
        () -> "may not run again: " + event);
  }

  private void putBack(int job, int task, int ordinal, TaskState from, TaskState to) {
    var at = job(job).instances[task - 1];
    check(at[ordinal] == from, () -> job + "." + task + " at " + ordinal + " is not " + from);
    at[ordinal] = to;
  }

  private void submitted(Event.JobSubmitted event) {
    var job = job(event.job());
    job.spec = JobSpec.resolve(job.draft).orElseThrow();
    job.state = JobState.QUEUED;
    job.order = event.order();
    prepare(job, 0);
    job.heldUntil = job.spec().rules().holdUntil();
  }

  /// Sets up the tasks from a place on.
  private static void prepare(JobRecord job, int from) {
    var tasks = job.spec().tasks();
    job.instances = Arrays.copyOf(job.instances, tasks.size());
    job.numbers = Arrays.copyOf(job.numbers, tasks.size());
    job.retries = Arrays.copyOf(job.retries, tasks.size());
    job.throttles = Arrays.copyOf(job.throttles, tasks.size());
    for (var task : tasks.subList(from, tasks.size())) {
      job.throttles[task.number() - 1] = task.rules().maxRunning();
      job.instances[task.number() - 1] = new TaskState[task.sweep().count()];
      Arrays.fill(job.instances[task.number() - 1], TaskState.QUEUED);
      job.numbers[task.number() - 1] = new int[task.sweep().count()];
      Arrays.fill(job.numbers[task.number() - 1], job.attemptBase);
      job.retries[task.number() - 1] = new int[task.sweep().count()];
    }
  }

  private void checkMayStart(JobRecord job, Event.JobStarted event) {
    check(job.heldUntil == 0, () -> "started while it is held: " + event);
    check(!isWaiting(job), () -> "started before its parents finished: " + event);
    check(
        !isFiltered || isOver(job) || job.verdict == Activation.Verdict.START,
        () -> "started though the filter says " + job.verdict + ": " + event);
  }

  private static boolean isOver(JobRecord job) {
    return !job.spec().rules().runUntilCanceled()
        && job.work().allMatch(TaskState::isEnd)
        && (!job.has(TaskKind.SERVICE) || job.service.isEnd());
  }

  /// Whether what is known of the activation filter's mind lets others go before a job.
  private boolean mayBePassed(int id, JobRecord job) {
    return isFiltered
        && job.verdict != Activation.Verdict.BLOCK
        && (job.asked != null
            || job.verdict == Activation.Verdict.RESERVE
            || job.verdict == Activation.Verdict.LATER
            || askedNow.contains(id)
            || askedNow.size() + jobs.values().stream().filter(each -> each.asked != null).count()
                >= Audit.MOST_ASKED);
  }

  private boolean isWaiting(JobRecord job) {
    return job.spec().rules().parents().stream()
        .map(jobs::get)
        .anyMatch(parent -> parent != null && parent.state != JobState.FINISHED);
  }

  private void started(JobRecord job) {
    for (var entry : jobs.entrySet()) {
      var other = entry.getValue();
      check(
          other.state != JobState.QUEUED
              || other.heldUntil != 0
              || mayBePassed(entry.getKey(), other)
              || isWaiting(other)
              || isOver(job)
              || !couldEverRun(other)
              || FIRST_COME.compare(job, other) <= 0,
          () -> "a job was started before job " + entry.getKey() + ", which came first");
    }
    job.state = JobState.RUNNING;
    job.spec()
        .resources()
        .licences()
        .forEach(
            (feature, amount) ->
                check(
                    !job.hasQueuedInstances()
                        || !licences.containsKey(feature)
                        || licencesHeld(feature) <= Objects.requireNonNull(licences.get(feature)),
                    () -> "more licences than there are of " + feature));
  }

  private int licencesHeld(String feature) {
    return jobs.values().stream()
        .filter(
            job ->
                job.state == JobState.RUNNING || (job.state == JobState.CANCELING && job.live > 0))
        .mapToInt(job -> job.spec().resources().licences().getOrDefault(feature, 0))
        .sum();
  }

  /// Whether all nodes together offer enough for a job.
  boolean couldEverRun(int job) {
    return couldEverRun(job(job));
  }

  private boolean couldEverRun(JobRecord job) {
    var offers = nodes.values().stream().map(node -> new Room.Free(node.name, node.offer)).toList();
    return nodes.isEmpty()
        || demands(job).allMatch(demand -> Room.couldHold(job.spec(), demand, offers, licences));
  }

  /// What its tasks need; a unit anywhere, if it has none yet.
  private static Stream<Demand> demands(JobRecord job) {
    var tasks = job.spec().tasks();
    return tasks.isEmpty()
        ? Stream.of(new Demand(new Span(1, 1), 0, 0))
        : tasks.stream().map(TaskSpec::demand);
  }

  private void ended(JobRecord job, Event.JobEnded event) {
    check(job.live == 0, () -> "ended with live attempts: " + event);
    check(job.grants.isEmpty(), () -> "ended with grants: " + event);
    check(!job.hasQueuedInstances(), () -> "ended with instances to run: " + event);
    var expected =
        switch (job.state) {
          case CONFIGURING -> JobState.CANCELED;
          case RUNNING -> {
            check(!job.spec().rules().runUntilCanceled(), () -> "ended by itself: " + event);
            yield job.hasFailed() ? JobState.FAILED : JobState.FINISHED;
          }
          default -> job.then;
        };
    check(event.state() == expected, () -> "expected to be " + expected + ": " + event);
    job.state = event.state();
  }

  /// A job that has done its work and stops to have its nodes released ends as it would without.
  private void checkStop(JobRecord job, Event.JobStopping event) {
    if (job.state == JobState.RUNNING
        && !job.has(TaskKind.SERVICE)
        && !job.spec().rules().runUntilCanceled()
        && job.work().allMatch(TaskState::isEnd)) {
      var result = job.hasFailed() ? JobState.FAILED : JobState.FINISHED;
      check(event.then() == result, () -> "expected to become " + result + ": " + event);
    }
  }

  private int held(JobRecord job) {
    return switch (job.spec().resources().unit()) {
      case CORE -> job.grants.values().stream().mapToInt(hold -> hold.parts.cores().size()).sum();
      case GPU -> job.grants.values().stream().mapToInt(hold -> hold.parts.gpus().size()).sum();
      case NODE -> job.grants.size();
      case SOCKET ->
          job.grants.values().stream()
              .mapToInt(
                  hold ->
                      Math.max(
                          1,
                          (int)
                              node(hold.node).topology().sockets().stream()
                                  .filter(hold.parts.cores()::intersects)
                                  .count()))
              .sum();
    };
  }

  private void granted(JobRecord job, long grant, Parts more, Event event) {
    check(held(job) <= job.spec().units().max(), () -> "more than the maximum: " + event);
    var mine = Objects.requireNonNull(job.grants.get(grant));
    for (var other : jobs.values()) {
      other.grants.forEach(
          (id, hold) -> {
            check(
                id == grant || hold.node != mine.node || !hold.parts.intersects(mine.parts),
                () -> "granted twice: " + event);
            check(
                other == job
                    || hold.node != mine.node
                    || !(job.spec().resources().exclusive()
                        || other.spec().resources().exclusive()),
                () -> "on the node of an exclusive job: " + event);
          });
    }
    var node = node(mine.node);
    check(isWhole(job, node, more), () -> "not in whole units: " + event);
    checkChoice(job, node, event);
  }

  private static boolean isWhole(JobRecord job, NodeRecord node, Parts more) {
    var topology = node.topology();
    return switch (job.spec().resources().unit()) {
      case CORE -> more.gpus().isEmpty();
      case GPU -> more.cores().size() == more.gpus().size() * topology.coresPerGpu();
      case NODE -> more.equals(topology.all());
      case SOCKET ->
          more.gpus().isEmpty()
              && topology.sockets().stream()
                  .allMatch(
                      socket ->
                          more.cores().containsAll(socket) || !more.cores().intersects(socket));
    };
  }

  private void checkChoice(JobRecord job, NodeRecord node, Event event) {
    var resources = job.spec().resources();
    var wanted = resources.nodes();
    check(
        !wanted.excluded().contains(node.name)
            && (wanted.requested().isEmpty() || wanted.requested().contains(node.name)),
        () -> "on a node that it may not be given: " + event);
    check(
        node.offer.cores() >= wanted.cores().min()
            && node.offer.cores() <= wanted.cores().max()
            && node.offer.memoryMb() >= wanted.memoryMb().min()
            && node.offer.memoryMb() <= wanted.memoryMb().max(),
        () -> "on a node of another size: " + event);
    var on = job.grants.values().stream().map(hold -> node(hold.node).offer.groups()).toList();
    var groups = wanted.groups();
    check(
        groups.isEmpty()
            || switch (wanted.groupOp()) {
              case INTERSECT -> node.offer.groups().containsAll(groups);
              case UNION -> groups.stream().anyMatch(node.offer.groups()::contains);
              case UNIFORM ->
                  groups.stream().anyMatch(group -> on.stream().allMatch(g -> g.contains(group)));
            },
        () -> "outside of its node groups: " + event);
    check(!resources.singleNode() || on.size() == 1, () -> "on several nodes: " + event);
  }

  private void resized(JobRecord job, long grant, Parts parts, Event event) {
    var before = Objects.requireNonNull(job.grants.get(grant), event::toString);
    if (parts.isEmpty()) {
      job.grants.remove(grant);
    } else {
      job.grants.put(grant, new Hold(before.node, parts));
    }
    var more = parts.minus(before.parts);
    if (!more.isEmpty()) {
      granted(job, grant, more, event);
    }
    var node = node(before.node);
    var gone = before.parts.minus(parts);
    // What could not be prepared, and what has to be prepared anew, is given up in any case.
    var needed =
        job.state == JobState.RUNNING
            && job.working > 0
            && node.usable()
            && !job.has(TaskKind.NODE_PREP)
            && !job.has(TaskKind.NODE_RELEASE);
    if (needed && !gone.isEmpty() && node.topology().all().containsAll(gone)) {
      check(held(job) >= job.spec().units().min(), () -> "taken below the minimum: " + event);
    }
  }

  private void dispatched(JobRecord job, Event.AttemptDispatched event, Author head) {
    var task = job.spec().task(event.task());
    if (task.kind().isOpen()) {
      made(job, event);
    }
    var at = job.instances[event.task() - 1];
    check(
        job.state == JobState.RUNNING || task.kind() == TaskKind.NODE_RELEASE,
        () -> "dispatched for a job that is not running: " + event);
    check(at[event.ordinal()] == TaskState.QUEUED, () -> "not due: " + event);
    var number = ++job.numbers[event.task() - 1][event.ordinal()];
    check(event.number() == number, () -> "expected attempt " + number + ": " + event);
    for (var group : task.waitsFor()) {
      for (var parent : job.spec().groups().get(group).members()) {
        check(job.isDone(parent), () -> "before its parent " + parent + " ended: " + event);
      }
    }
    checkRules(job, event);
    var units = 0;
    for (var placement : event.placements()) {
      units += placed(job, task, placement, event);
    }
    checkNodes(job, task.demand(), event);
    job.placements.put(event.task() + "." + event.ordinal(), event.placements());
    var given = units;
    check(
        task.kind().isForNodes()
            || (given >= task.demand().units().min() && given <= task.demand().units().max()),
        () -> "other units than it asked for: " + event);
    at[event.ordinal()] = TaskState.RUNNING;
    job.live++;
    job.working += task.kind().isForNodes() ? 0 : 1;
    var id = attempt(event, head);
    check(live.put(id.instance(), id) == null, () -> "live already: " + event);
  }

  /// An instance of an open task begins to be, after all that there were.
  private void made(JobRecord job, Event.AttemptDispatched event) {
    var task = event.task() - 1;
    var count = job.instances[task].length;
    check(event.ordinal() == count, () -> "expected instance " + (count + 1) + ": " + event);
    job.instances[task] = Arrays.copyOf(job.instances[task], count + 1);
    job.instances[task][count] = TaskState.QUEUED;
    job.numbers[task] = Arrays.copyOf(job.numbers[task], count + 1);
    job.numbers[task][count] = job.attemptBase;
    job.retries[task] = Arrays.copyOf(job.retries[task], count + 1);
  }

  private void checkRules(JobRecord job, Event.AttemptDispatched event) {
    var throttle = job.throttles[event.task() - 1];
    check(
        throttle == 0 || job.count(event.task(), TaskState.RUNNING) < throttle,
        () -> "more at once than the throttle of " + throttle + " allows: " + event);
    var rules = job.spec().task(event.task()).rules();
    var failed = job.count(event.task(), TaskState.FAILED);
    check(
        rules.maxFailures() == 0 || failed < rules.maxFailures(),
        () -> "run after " + failed + " failures: " + event);
    check(
        rules.failsJobAfter() == 0 || failed < rules.failsJobAfter(),
        () -> "run though " + failed + " failures fail the job: " + event);
  }

  /// How many units a run has there.
  private int placed(
      JobRecord job, TaskSpec task, Placement placement, Event.AttemptDispatched event) {
    var demand = task.demand();
    var releases = task.kind() == TaskKind.NODE_RELEASE;
    var hold = job.grants.get(placement.grant());
    check(
        hold != null && hold.node == placement.node() && hold.parts.containsAll(placement.parts()),
        () -> "not covered by the job's grants: " + event);
    var node = node(placement.node());
    check(releases || node.usable(), () -> "on a node that takes no work: " + event);
    check(
        releases || node.topology().all().containsAll(placement.parts()),
        () -> "more than the node offers: " + event);
    var units = Room.units(job.spec(), node.topology(), placement.parts());
    check(placement.memoryMb() == demand.memoryMb(units), () -> "with other memory: " + event);
    var used = memoryMb.merge(placement.node(), placement.memoryMb(), Integer::sum);
    check(used <= node.offer.memoryMb(), () -> "more memory than the node offers: " + event);
    check(
        demand.nodes().group().isEmpty() || node.offer.groups().contains(demand.nodes().group()),
        () -> "outside of its node group: " + event);
    job.placements.forEach(
        (instance, others) -> {
          var alone =
              demand.nodes().exclusive()
                  || job.spec()
                      .task(Integer.parseInt(instance.split("\\.", 2)[0]))
                      .demand()
                      .nodes()
                      .exclusive();
          check(
              !alone || others.stream().noneMatch(other -> other.node() == placement.node()),
              () -> "beside an exclusive run of its job: " + event);
        });
    return units;
  }

  private void checkNodes(JobRecord job, Demand demand, Event.AttemptDispatched event) {
    var names = event.placements().stream().map(placed -> node(placed.node()).name).toList();
    var required = demand.nodes().required();
    check(names.containsAll(required), () -> "without the nodes that it requires: " + event);
    check(
        names.size() == 1
            || required.size() > 1
            || job.spec().resources().unit() == Unit.NODE
            || nodes.values().stream()
                .filter(node -> !nodePromises.hasFailedOn(event.job(), node.name))
                .noneMatch(node -> Room.isForOne(job.spec(), demand, node.name, node.offer)),
        () -> "spans nodes though it fits one: " + event);
  }

  private AttemptId attempt(Event.AttemptDispatched event, Author head) {
    return new AttemptId(
        head.cluster,
        head.epoch,
        instance(event.job(), event.task(), event.ordinal()),
        event.number());
  }

  private InstanceId instance(int job, int task, int ordinal) {
    return new InstanceId(job, task, job(job).spec().task(task).sweep().index(ordinal));
  }

  private AttemptId live(int job, int task, int ordinal, Event event) {
    return Objects.requireNonNull(
        live.get(instance(job, task, ordinal)), () -> "nothing is live: " + event);
  }

  private static List<Placement> held(JobRecord job, Event.AttemptEnded event) {
    return Objects.requireNonNull(job.placements.remove(event.task() + "." + event.ordinal()));
  }

  private void ended(JobRecord job, Event.AttemptEnded event) {
    var id = live(event.job(), event.task(), event.ordinal(), event);
    live.remove(id.instance());
    check(ended.put(id, event.end().reason()) == null, () -> "ended twice: " + event);
    job.instances[event.task() - 1][event.ordinal()] = event.state();
    job.live--;
    job.working -= job.spec().task(event.task()).kind().isForNodes() ? 0 : 1;
    for (var placement : held(job, event)) {
      memoryMb.merge(placement.node(), -placement.memoryMb(), Integer::sum);
    }
    var real = Objects.requireNonNull(world);
    check(!real.isAlive(id), () -> "recorded as ended while it runs: " + event);
    var exit = real.exit(id);
    if (event.end().reason() == EndReason.EXITED) {
      check(
          exit != null && exit.seen() && exit.code() == event.end().exitCode(),
          () -> "recorded is " + event + ", but its process came to " + exit);
    } else if (event.end().reason() == EndReason.EXIT_STATUS_LOST) {
      check(real.hasUnseen(id), () -> "how it ended was not lost: " + event);
    }
    checkOutcome(job, event);
  }

  private void checkOutcome(JobRecord job, Event.AttemptEnded event) {
    var rules = job.spec().task(event.task()).rules();
    var valid =
        event.end().reason() == EndReason.EXITED
            && rules.validExitCodes().contains(event.end().exitCode());
    var stopped = job.stopped.remove(event.task() + "." + event.ordinal());
    check(
        (event.state() == TaskState.FINISHED) == (valid || stopped == EndReason.TASK_FINISHED),
        () -> "Finished without a valid exit code, or not with one: " + event);
    if (stopped != null) {
      check(
          event.state() != TaskState.QUEUED || stopped == EndReason.REQUEUED,
          () -> "to run again though it was stopped: " + event);
      job.retries[event.task() - 1][event.ordinal()] = 0;
      return;
    }
    var retries = job.retries[event.task() - 1];
    if (event.state() != TaskState.QUEUED) {
      retries[event.ordinal()] = 0;
    } else if (!event.end().reason().isInfrastructure()) {
      check(
          event.end().reason() == EndReason.EXITED && ++retries[event.ordinal()] <= rules.retries(),
          () -> "to run again though nothing allows it: " + event);
    }
  }
}
