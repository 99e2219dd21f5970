package org.capataz.computenode.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.capataz.computenode.keeper.Report.Accepted;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.keeper.TaskOutput;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.model.CommandLine;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.Launch;
import org.capataz.model.Limits;
import org.capataz.model.Parts;
import org.capataz.model.Placeholders;
import org.capataz.model.Result;
import org.capataz.model.Text;
import org.capataz.proto.v1.AttemptReport;
import org.capataz.proto.v1.AttemptReport.Phase;
import org.capataz.proto.v1.Cores;
import org.capataz.proto.v1.Heartbeat;
import org.capataz.proto.v1.Hello;
import org.capataz.proto.v1.NodeMessage;
import org.capataz.proto.v1.OutputData;
import org.capataz.proto.v1.Report;
import org.capataz.proto.v1.Welcome;
import org.capataz.wire.Drafts;
import org.capataz.wire.Identities;

/// The agent's nouns, to and from the messages of the node link. What the head node sends is
/// trusted as a user's is not, but never to be well-formed: all that it reads throws
/// [IllegalArgumentException] where a message breaks the contract.
final class NodeMessages {

  static final int PROTOCOL = 1;

  private static final int STANDARD_ERROR = 1;

  /// What shells return for a command that a signal ended, less the signal's number.
  private static final int SIGNAL_BASE = 128;

  private static final long MICROS_PER_MILLI = 1000;

  private NodeMessages() {}

  static NodeMessage hello(Action.Connect connect) {
    var profile = connect.profile();
    var machine = profile.machine();
    var hello =
        Hello.newBuilder()
            .setProtocol(PROTOCOL)
            .setNode(Identities.toBytes(profile.node()))
            .setName(profile.name())
            .setAddress(profile.address())
            .setBootId(connect.bootId())
            .setInventory(
                org.capataz.proto.v1.Inventory.newBuilder()
                    .setCores(machine.cores())
                    .setSockets(machine.sockets())
                    .setMemoryMb(machine.memoryMb())
                    .setOperatingSystem(machine.operatingSystem())
                    .setArchitecture(machine.architecture())
                    .addAllGpus(machine.gpus()))
            .setCores(profile.topology().cores())
            .setGpus(profile.topology().gpus())
            .setMemoryMb(profile.memoryMb())
            .addAllGroups(profile.groups());
    profile.topology().sockets().forEach(socket -> hello.addSockets(toMessage(socket)));
    connect.attempts().forEach(report -> hello.addAttempts(toMessage(report)));
    connect
        .seen()
        .ifPresent(
            seen -> hello.setCluster(Identities.toBytes(seen.cluster())).setEpoch(seen.epoch()));
    return NodeMessage.newBuilder().setHello(hello).build();
  }

  private static Cores toMessage(CoreSet set) {
    var cores = Cores.newBuilder();
    for (var word : set.words()) {
      cores.addWords(word);
    }
    return cores.build();
  }

  static NodeMessage report(List<OfAttempt> attempts) {
    var report = Report.newBuilder();
    attempts.forEach(attempt -> report.addAttempts(toMessage(attempt)));
    return NodeMessage.newBuilder().setReport(report).build();
  }

  static NodeMessage heartbeat(long nanos) {
    return NodeMessage.newBuilder()
        .setHeartbeat(Heartbeat.newBuilder().setSentNanos(nanos))
        .build();
  }

  static NodeMessage output(OutputPiece piece) {
    return NodeMessage.newBuilder()
        .setOutput(
            OutputData.newBuilder()
                .setId(piece.id())
                .setLeftOut(piece.missing().bytes())
                .setRemovedBefore(piece.missing().removedBefore())
                .setData(piece.data())
                .setAtEnd(piece.atEnd())
                .setRefusal(piece.refusal()))
        .build();
  }

  static AttemptReport toMessage(OfAttempt report) {
    var message = AttemptReport.newBuilder().setAttempt(Identities.toMessage(report.attempt()));
    switch (report) {
      case Accepted _ -> message.setPhase(Phase.ACCEPTED);
      case Running running ->
          message
              .setPhase(Phase.RUNNING)
              .setPid(running.process().pid())
              .setStartTime(running.startMicros());
      case Ended ended -> setEnd(message.setPhase(Phase.ENDED), ended);
    }
    return message.build();
  }

  private static void setEnd(AttemptReport.Builder message, Ended ended) {
    var outcome = ended.outcome();
    message
        .setEndReason(ended.reason().number())
        .setMessage(ended.message())
        .setStderrTail(ByteString.copyFromUtf8(outcome.errorTail()))
        .setStartTime(outcome.startMicros())
        .setEndTime(outcome.endMicros())
        .setUserMicros(outcome.usage().userMicros())
        .setSystemMicros(outcome.usage().systemMicros())
        .setMaxRssKib(outcome.usage().maxRssKib());
    switch (outcome.status()) {
      case ExitStatus.Code(var code) -> message.setExitCode(code);
      case ExitStatus.Killed(var signal) ->
          message.setExitCode(SIGNAL_BASE + signal).setSignal(signal);
      case ExitStatus.Unknown() -> {}
    }
  }

  static Input.Welcomed ofMessage(Welcome message, String head) {
    if (message.getProtocol() != PROTOCOL) {
      throw new IllegalArgumentException(
          "expected protocol " + PROTOCOL + ", but it speaks " + message.getProtocol());
    }
    return new Input.Welcomed(
        head,
        new ClusterEpoch(Identities.uuid(message.getCluster()), message.getEpoch()),
        oneLine(message.getClusterName()),
        Duration.ofSeconds(Math.max(1, message.getHeartbeatSeconds())));
  }

  static Orders ofMessage(org.capataz.proto.v1.Orders message) {
    Map<Long, Result<TaskTemplate>> templates = new HashMap<>();
    message.getLaunchesList().forEach(launch -> templates.put(launch.getId(), template(launch)));
    return new Orders(
        templates,
        message.getStartsList().stream().map(NodeMessages::ofMessage).toList(),
        message.getRecallsList().stream().map(Identities::ofMessage).toList(),
        message.getStopsList().stream().map(NodeMessages::ofMessage).toList(),
        message.getAcknowledgedList().stream().map(Identities::ofMessage).toList(),
        message.getRetiredLaunchesList());
  }

  private static Result<TaskTemplate> template(org.capataz.proto.v1.Launch message) {
    var streams = new Launch.Streams(message.getStdIn(), message.getStdOut(), message.getStdErr());
    var environment = Drafts.environment(message.getEnvironmentList());
    var placeholders = new Placeholders(message.getPlaceholdersList());
    return CommandLine.parse(message.getCommandLine(), placeholders)
        .then(
            command ->
                TaskTemplate.of(
                    new Launch(command, message.getWorkDirectory(), streams, environment),
                    placeholders,
                    Drafts.environment(message.getFactsList())));
  }

  private static Start ofMessage(org.capataz.proto.v1.Start message) {
    return new Start(
        Identities.ofMessage(message.getAttempt()),
        message.getLaunch(),
        message.getValuesList(),
        message.getPlacementsList().stream().map(NodeMessages::ofMessage).toList(),
        Math.max(0, message.getRuntimeMicros()),
        message.getRerunnable(),
        message.hasPreviousExitCode()
            ? OptionalInt.of(message.getPreviousExitCode())
            : OptionalInt.empty(),
        message.getBind(),
        Math.max(0, message.getLeaseMicros()),
        Math.max(0, message.getLane()),
        Math.max(0, message.getRecalls()));
  }

  private static Start.Placement ofMessage(org.capataz.proto.v1.Placement message) {
    var address = message.getAddress().isEmpty() ? message.getNode() : message.getAddress();
    return new Start.Placement(
        oneLine(message.getNode()),
        oneLine(address),
        new Parts(set(message.getCoresList()), set(message.getGpusList())),
        Math.max(0, message.getMemoryLimitMb()));
  }

  private static CoreSet set(List<Long> words) {
    return CoreSet.ofWords(words.stream().mapToLong(Long::longValue).toArray());
  }

  private static Request.Stop ofMessage(org.capataz.proto.v1.Stop message) {
    return new Request.Stop(
        Identities.ofMessage(message.getAttempt()),
        EndReason.ofNumber(message.getEndReason()),
        message.getMessage(),
        Math.ceilDiv(Math.max(0, message.getGraceMicros()), MICROS_PER_MILLI));
  }

  private static String oneLine(String name) {
    return switch (Text.name(name, Limits.NAME)) {
      case Result.Ok<String>(var text) -> text;
      case Result.Refused<String>(var refusal) ->
          throw new IllegalArgumentException(refusal.message());
    };
  }

  static OutputQuery ofMessage(org.capataz.proto.v1.OutputQuery message) {
    return new OutputQuery(
        message.getId(),
        Identities.ofMessage(message.getAttempt()),
        message.getStream() == STANDARD_ERROR ? TaskOutput.Stream.ERR : TaskOutput.Stream.OUT,
        message.getOffset(),
        message.getLimit(),
        message.getPath(),
        message.getWorkDirectory());
  }
}
