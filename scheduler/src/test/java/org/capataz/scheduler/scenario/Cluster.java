package org.capataz.scheduler.scenario;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobChange;
import org.capataz.model.PendingReason;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.model.TaskState;
import org.capataz.model.Topology;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Engine;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.policy.Policy;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;

/// A head node with a virtual clock and nodes that do as they are told. Connected nodes start what
/// they are given at once, and end a run when the scenario says so. After every step the engine has
/// settled and the nodes know of it.
final class Cluster {

  static final int PLENTY_OF_MEMORY = 1_000_000;
  private static final long START = 1_000_000_000_000_000L;

  private final ClusterState state = new ClusterState(new UUID(1, 1), 1);
  private final List<Event> journal = new ArrayList<>();
  private final List<Activation.Question> questions = new ArrayList<>();
  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private Engine engine;
  private long now = START;
  private String user = "ada";
  private int requests;
  private int passes;
  private boolean startsWait;
  private boolean partsWait;
  private boolean recallsWait;

  /// What a node knows, whether it is connected or not.
  private static final class Machine {
    private UUID identity;
    private NodeOffer offer;
    private int boots = 1;
    private boolean connected;
    private final Map<AttemptId, AttemptReport> known = new LinkedHashMap<>();

    Machine(String name, NodeOffer offer) {
      identity = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
      this.offer = offer;
    }
  }

  private Cluster() {
    engine = newEngine();
  }

  private Engine newEngine() {
    var policy = new QueuePolicy();
    Policy counting =
        snapshot -> {
          passes++;
          return policy.plan(snapshot);
        };
    return new Engine(state, counting, journal::add);
  }

  static Cluster cluster() {
    return new Cluster();
  }

  static int cores(int count) {
    return count;
  }

  static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  // Nodes.

  Cluster node(String name, int cores) {
    return node(name, cores, PLENTY_OF_MEMORY);
  }

  Cluster node(String name, int cores, int memoryMb) {
    return node(name, Topology.flat(cores), memoryMb);
  }

  Cluster node(String name, Topology topology, int memoryMb, String... groups) {
    machines.put(name, new Machine(name, offer(topology, memoryMb, groups)));
    return connect(name);
  }

  private static NodeOffer offer(Topology topology, int memoryMb, String... groups) {
    var found =
        new NodeOffer.Found(
            topology.cores(), topology.sockets().size(), memoryMb, List.of(), "Linux", "amd64");
    return new NodeOffer(topology, memoryMb, found, List.of(groups));
  }

  Cluster connect(String name) {
    assertAccepted(tryToConnect(name, machine(name).identity));
    machine(name).connected = true;
    return settle();
  }

  /// Another machine asks to be known by that name.
  Result<Integer> impostor(String name) {
    var answer = tryToConnect(name, new UUID(7, 7));
    settle();
    return answer;
  }

  private Result<Integer> tryToConnect(String name, UUID identity) {
    var machine = machine(name);
    var own = identity.equals(machine.identity);
    return engine.handle(
        new Command.ConnectNode(
            identity,
            name,
            machine.offer,
            "boot " + machine.boots,
            own ? List.copyOf(machine.known.values()) : List.of()),
        now);
  }

  Cluster disconnect(String name) {
    machine(name).connected = false;
    engine.handle(new Command.DisconnectNode(node(name).id()), now);
    return settle();
  }

  /// The node comes back with other cores than before.
  Cluster reconnectWith(String name, int cores) {
    machine(name).offer = offer(Topology.flat(cores), PLENTY_OF_MEMORY);
    return connect(name);
  }

  /// The machine loses power and comes back, with what it noted of its tasks gone.
  Cluster reboot(String name) {
    machine(name).known.clear();
    machine(name).boots++;
    return disconnect(name).connect(name);
  }

  /// The node forgets what it was doing, and comes back.
  Cluster forget(String name) {
    machine(name).known.clear();
    return disconnect(name).connect(name);
  }

  /// The cluster has these licences, as `feature:amount`.
  long now() {
    return now;
  }

  /// Who submits from now on.
  Cluster as(String name) {
    user = name;
    return this;
  }

  /// Decides on a share, of a user where the project is empty or both are named.
  Cluster share(String project, String user, int shares) {
    return does(
        new Command.ChangeSettings(
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(new Share(new Share.Of(project, user), "", shares)),
            List.of()));
  }

  /// Core seconds that a user has used for a project, as they count now.
  double used(String project, String user) {
    return state.accounts().all().stream()
        .filter(account -> account.of().equals(new Share.Of(project, user)))
        .mapToDouble(account -> account.usage().at(now, state.settings().usageHalfLife()))
        .sum();
  }

  Cluster licences(String totals) {
    var parameters = Map.of(ClusterParameter.LICENSES, totals);
    assertAccepted(ask(new Command.ChangeSettings(parameters, Map.of())));
    return this;
  }

  Cluster set(ClusterParameter parameter, String text) {
    return does(new Command.ChangeSettings(Map.of(parameter, text), Map.of()));
  }

  /// An activation filter is asked from now on.
  Cluster filtered() {
    return filteredBy("/site/filter");
  }

  Cluster filteredBy(String program) {
    var parameters = Map.of(ClusterParameter.ACTIVATION_FILTER_PROGRAM, program);
    return does(new Command.ChangeSettings(parameters, Map.of()));
  }

  /// What the filter was asked, in order.
  List<Activation.Question> questions() {
    return questions;
  }

  /// The last question about a job.
  Activation.Question question(SubmittedJob job) {
    return questions.stream()
        .filter(question -> question.job() == job.id())
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("expected a question about job " + job.id()));
  }

  /// The filter answers the last question about a job.
  Cluster says(SubmittedJob job, Activation.Verdict verdict) {
    return answers(question(job), verdict);
  }

  Cluster answers(Activation.Question question, Activation.Verdict verdict) {
    return does(
        new Command.AnswerActivation(question, new Activation.Answer(verdict, "says " + verdict)));
  }

  /// The head node forgets all that it has not stored, but not what it is about.
  Cluster restartEngine() {
    engine = newEngine();
    return settle();
  }

  Cluster offline(String name) {
    return switchNode(name, false);
  }

  Cluster online(String name) {
    return switchNode(name, true);
  }

  /// An operator gives a node up.
  Result<Integer> lose(String name) {
    var answer = engine.handle(new Command.LoseNode(name, new Command.Author("ana", "burnt")), now);
    settle();
    return answer;
  }

  private Cluster switchNode(String name, boolean online) {
    assertAccepted(engine.handle(new Command.SwitchNode(name, online), now));
    return settle();
  }

  Node node(String name) {
    return Objects.requireNonNull(state.node(name));
  }

  private Machine machine(String name) {
    return Objects.requireNonNull(machines.get(name));
  }

  // Time and chance.

  /// The time in so long, in microseconds since 1970.
  long in(Duration time) {
    return now + time.toNanos() / 1000;
  }

  Cluster after(Duration time) {
    now += time.toNanos() / 1000;
    return settle();
  }

  /// Somebody sets the clock, and the head node notices.
  Cluster clockIsSet(Duration ahead) {
    now += ahead.toNanos() / 1000;
    return does(new Command.TrustClock(ahead.toNanos() / 1000));
  }

  /// Nodes take on what they are given, but start nothing until [#starts].
  Cluster startsWait() {
    startsWait = true;
    return this;
  }

  Cluster starts() {
    startsWait = false;
    return settle();
  }

  /// Nodes other than a run's first do not end their part when they are told to, until [#endsOn].
  Cluster partsWait() {
    partsWait = true;
    return this;
  }

  /// Nodes do not answer what they are to give back, until [#recallsAreAnswered].
  Cluster recallsWait() {
    recallsWait = true;
    return this;
  }

  Cluster recallsAreAnswered() {
    recallsWait = false;
    return settle();
  }

  Cluster finishes(Instance instance) {
    return ends(instance, EndReason.EXITED, 0);
  }

  Cluster fails(Instance instance) {
    return ends(instance, EndReason.EXITED, 1);
  }

  /// The node has ended a run that it was told to stop.
  Cluster stops(Instance instance) {
    return ends(instance, EndReason.CANCELED, 128 + 15);
  }

  Cluster ends(Instance instance, EndReason reason, int exitCode) {
    report(ended(instance.live(), reason, exitCode));
    return settle();
  }

  /// One of the nodes of a run says that it is over there.
  Cluster endsOn(String name, Instance instance, EndReason reason, int exitCode) {
    report(name, ended(instance.live(), reason, exitCode));
    return settle();
  }

  /// All runs of a job that are live now finish.
  Cluster finishes(SubmittedJob job) {
    for (var task : job.tasks()) {
      List.copyOf(task.live()).forEach(attempt -> report(ended(attempt, EndReason.EXITED, 0)));
    }
    return settle();
  }

  AttemptReport.Ended ended(Attempt attempt, EndReason reason, int exitCode) {
    var start = attempt.life().startTime();
    var end = new AttemptEnd(reason, exitCode, start, now, AttemptEnd.Usage.NONE, "", "");
    return new AttemptReport.Ended(attempt.id(), end);
  }

  /// A node says something, be it true or not; heard at once if it is connected.
  void report(AttemptReport report) {
    var attempt = state.attempt(report.attempt());
    if (attempt == null) {
      return;
    }
    report(Objects.requireNonNull(state.node(attempt.leadNode())).name(), report);
  }

  private void report(String name, AttemptReport report) {
    machine(name).known.put(report.attempt(), report);
    if (machine(name).connected) {
      hear(name, report);
    }
  }

  /// The head node hears a report that is no longer, or never was, true.
  Cluster hears(String node, AttemptReport report) {
    hear(node, report);
    return settle();
  }

  private void hear(String name, AttemptReport report) {
    engine.handle(new Command.Report(node(name).id(), List.of(report)), now);
    if (report instanceof AttemptReport.Ended && engine.isOver(report.attempt(), node(name).id())) {
      machine(name).known.remove(report.attempt());
    }
  }

  /// Lets the engine settle and the connected nodes start what they are given.
  private Cluster settle() {
    engine.settle(now);
    for (var name : machines.keySet()) {
      if (machine(name).connected) {
        take(name);
      }
    }
    engine.settle(now);
    questions.addAll(engine.takeQuestions());
    return this;
  }

  private void take(String name) {
    var machine = machine(name);
    for (var attempt : List.copyOf(node(name).attempts())) {
      if (attempt.isBehind()) {
        machine.known.putIfAbsent(attempt.id(), new AttemptReport.Accepted(attempt.id()));
      }
      if (attempt.life() instanceof AttemptLife.Recalled && !recallsWait) {
        report(name, ended(attempt, EndReason.RECALLED, 0));
      }
      if (attempt.life() instanceof AttemptLife.Dispatching) {
        machine.known.putIfAbsent(attempt.id(), new AttemptReport.Accepted(attempt.id()));
        if (!startsWait) {
          report(name, new AttemptReport.Running(attempt.id(), now));
        }
      }
      var isPart = attempt.leadNode() != node(name).id();
      if (isPart && attempt.life() instanceof AttemptLife.Running) {
        machine.known.putIfAbsent(attempt.id(), new AttemptReport.Running(attempt.id(), now));
      }
      if (isPart && attempt.life().state() == TaskState.FINISHING && !partsWait) {
        report(name, ended(attempt, EndReason.EXITED, 0));
      }
    }
  }

  // Requests.

  SubmittedJob submit(JobSketch job) {
    return new SubmittedJob(state, assertAccepted(create(job, true)));
  }

  SubmittedJob submit(TaskSketch task) {
    return submit(JobSketch.job(task));
  }

  /// A job that may still be written to.
  SubmittedJob configure(JobSketch job) {
    return new SubmittedJob(state, assertAccepted(create(job, false)));
  }

  Refusal refusal(JobSketch job) {
    return refused(create(job, true));
  }

  private Result<Integer> create(JobSketch job, boolean submit) {
    return ask(new Command.CreateJob(new UUID(2, ++requests), user, job.draft(), submit));
  }

  Cluster cancel(SubmittedJob job) {
    return cancel(job, Command.Manner.USUAL);
  }

  Cluster cancel(SubmittedJob job, Command.Manner manner) {
    return does(new Command.CancelJob(job.id(), manner, by("")));
  }

  Cluster finish(SubmittedJob job, Command.Manner manner) {
    return does(new Command.FinishJob(job.id(), manner, by("")));
  }

  /// Asks for something that has to be accepted.
  Cluster does(Command command) {
    assertAccepted(ask(command));
    return this;
  }

  /// A request to change a job as it is now.
  Command.ModifyJob modification(SubmittedJob job, JobChange change) {
    return new Command.ModifyJob(
        job.id(), new UUID(3, ++requests), job.job().revision(), job.job().draft(), change);
  }

  Result<Integer> modify(SubmittedJob job, JobChange change) {
    return ask(modification(job, change));
  }

  /// Why a job waited, one after the other, as it was noted.
  List<PendingReason> waits(SubmittedJob job) {
    return journal.stream()
        .filter(Event.JobBlocked.class::isInstance)
        .map(Event.JobBlocked.class::cast)
        .filter(event -> event.job() == job.id())
        .map(Event.JobBlocked::reason)
        .toList();
  }

  /// The ids of the queued jobs, first come first.
  List<Integer> queue() {
    return state.queued().stream().map(Job::id).toList();
  }

  static Command.Author by(String message) {
    return new Command.Author("ada", message);
  }

  static Command.Target target(SubmittedJob job, int task) {
    return new Command.Target(job.id(), task, OptionalLong.empty());
  }

  static Command.Target target(SubmittedJob job, int task, long instance) {
    return new Command.Target(job.id(), task, OptionalLong.of(instance));
  }

  Cluster requeue(SubmittedJob job) {
    assertAccepted(ask(new Command.RequeueJob(job.id(), false)));
    return this;
  }

  Cluster requeueFailed(SubmittedJob job) {
    assertAccepted(ask(new Command.RequeueJob(job.id(), true)));
    return this;
  }

  Result<Integer> ask(Command command) {
    var answer = engine.handle(command, now);
    settle();
    return answer;
  }

  static Refusal refused(Result<Integer> answer) {
    return switch (answer) {
      case Result.Refused<Integer>(var refusal) -> refusal;
      case Result.Ok<Integer>(var value) ->
          throw new AssertionError("expected a refusal, but was answered " + value);
    };
  }

  private static int assertAccepted(Result<Integer> answer) {
    return switch (answer) {
      case Result.Ok<Integer>(var value) -> value;
      case Result.Refused<Integer>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }

  // What has come of it.

  List<Event> journal() {
    return journal;
  }

  ClusterState state() {
    return state;
  }

  Engine engine() {
    return engine;
  }

  /// How many scheduling passes there have been.
  int passes() {
    return passes;
  }
}
