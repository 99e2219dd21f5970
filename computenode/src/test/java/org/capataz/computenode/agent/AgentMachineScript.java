package org.capataz.computenode.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.capataz.computenode.agent.AgentMachine.Now;
import org.capataz.computenode.keeper.ParallelFiles;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.keeper.TaskOutput;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.CommandLine;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.Launch;
import org.capataz.model.Placeholders;
import org.capataz.model.Topology;

/// What keeper and head node say to an agent in a test, and what it does for that: time goes on
/// when the test says so.
abstract class AgentMachineScript {

  static final UUID CLUSTER = new UUID(1, 1);
  static final Duration HEARTBEAT = Duration.ofSeconds(15);
  static final Duration LINGER = Stock.LINGER;

  Optional<ClusterEpoch> seen = Optional.empty();
  AgentMachine machine = machine();
  long nanos;

  // What is said.

  AgentMachine machine() {
    var login = new Login("user", "/home/user", "/bin/sh", "C.UTF-8", "/tmp");
    var executions =
        new Executions("n1", login, List.of(), new ParallelFiles(Path.of("/data")), List.of());
    return new AgentMachine(profile(), executions, seen, new SplittableRandom(1));
  }

  static NodeProfile profile() {
    var found = new Machine(4, 1, 8000, List.of(), List.of(), "Linux", "amd64");
    return new NodeProfile(
        new UUID(3, 3), "n1", "n1.lab", found, Topology.flat(4), 8000, List.of(), List.of());
  }

  static AttemptId attempt(int job) {
    return new AttemptId(CLUSTER, 1, new InstanceId(job, 1, 0), 1);
  }

  static Running running(int job) {
    return new Running(attempt(job), new ProcessId(100 + job, 5), 1_000, false);
  }

  static Ended ended(int job) {
    var outcome = new Outcome(new ExitStatus.Code(0), 1_000, 2_000, ResourceUsage.NONE, "");
    return new Ended(attempt(job), EndReason.EXITED, "", outcome);
  }

  static Start start(int job) {
    return start(job, "");
  }

  static Start start(int job, String value) {
    var placement = new Start.Placement("n1", CoreSet.first(1));
    return new Start(attempt(job), 1, List.of(value), List.of(placement), 0, false);
  }

  static Request.Stop stop(int job) {
    return new Request.Stop(attempt(job), EndReason.CANCELED, "canceled by user", 1_000);
  }

  static Input orders(Start... starts) {
    return orders(List.of(starts), List.of(), List.of());
  }

  static Input orders(Request.Stop stop) {
    return orders(List.of(), List.of(stop), List.of());
  }

  static Input acknowledgement(int job) {
    return orders(List.of(), List.of(), List.of(attempt(job)));
  }

  static Input orders(List<Start> starts, List<Request.Stop> stops, List<AttemptId> acknowledged) {
    return orders(starts, List.of(), stops, acknowledged);
  }

  static Input orders(
      List<Start> starts,
      List<AttemptId> recalls,
      List<Request.Stop> stops,
      List<AttemptId> acknowledged) {
    var launch =
        new Launch(
            CommandLine.parse("true", Placeholders.STAR).orElseThrow(),
            "",
            new Launch.Streams("", "", ""),
            Map.of());
    var template = TaskTemplate.of(launch, Placeholders.STAR, Map.of());
    return new Input.Ordered(
        new Orders(Map.of(1L, template), starts, recalls, stops, acknowledged, List.of()));
  }

  static OutputQuery query(long id, UUID cluster) {
    var attempt = new AttemptId(cluster, 1, new InstanceId(1, 1, 0), 1);
    return new OutputQuery(id, attempt, TaskOutput.Stream.OUT, 0, 100, "", "");
  }

  static Input welcome(long epoch) {
    return welcome(CLUSTER, epoch);
  }

  static Input welcome(UUID cluster, long epoch) {
    return new Input.Welcomed("head:5800", new ClusterEpoch(cluster, epoch), "lab", HEARTBEAT);
  }

  Action hello(OfAttempt... attempts) {
    return new Action.Connect(profile(), "boot", List.of(attempts), seen);
  }

  // How it is said.

  List<Action> all(Input... inputs) {
    var actions = machine.on(List.of(inputs), new Now(nanos, 0));
    for (var action : actions) {
      if (action instanceof Action.Keep(var epoch)) {
        seen = Optional.of(epoch);
      }
    }
    return actions;
  }

  List<Action> head(Input input) {
    return all(input);
  }

  List<Action> keeper(Report report) {
    return all(new Input.Reported(report));
  }

  List<Action> wait(Duration duration) {
    nanos += duration.toNanos();
    return all();
  }

  Duration untilWakeup() {
    return Duration.ofNanos(machine.nextWakeup() - nanos);
  }

  void inventory(OfAttempt... attempts) {
    keeper(new Report.Inventory("boot", List.of(attempts)));
  }

  void connected(OfAttempt... attempts) {
    inventory(attempts);
    head(welcome(1));
  }

  void lost() {
    head(new Input.Disconnected("lost the connection", false));
  }

  List<Action> reconnecting() {
    return wait(untilWakeup());
  }

  List<Action> says(Report report, Class<? extends Action> kind) {
    return keeper(report).stream().filter(kind::isInstance).toList();
  }

  static List<OfAttempt> sent(List<Action> actions) {
    return actions.stream()
        .filter(Action.Send.class::isInstance)
        .flatMap(action -> ((Action.Send) action).attempts().stream())
        .toList();
  }

  List<AttemptId> started(Input input) {
    return head(input).stream()
        .filter(action -> action instanceof Action.Ask(Request.Start _))
        .map(action -> ((Request.Start) ((Action.Ask) action).request()).attempt())
        .toList();
  }
}
