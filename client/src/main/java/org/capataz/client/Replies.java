package org.capataz.client;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.capataz.client.CapatazException.Code;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.InstanceId;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.Priority;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.model.Shares;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.model.Unit;
import org.capataz.proto.v1.ClusterSummary;
import org.capataz.proto.v1.ExplainJobReply;
import org.capataz.proto.v1.GetShareTreeReply;
import org.capataz.proto.v1.InstanceSummary;
import org.capataz.proto.v1.JobSummary;
import org.capataz.proto.v1.NodeSummary;
import org.capataz.proto.v1.ShareStanding;
import org.capataz.proto.v1.TaskSummary;
import org.capataz.proto.v1.TryJobReply;
import org.capataz.wire.Drafts;
import org.capataz.wire.ShareMessages;
import org.capataz.wire.Templates;

/// Answers of the head node, in the terms of this API. One that cannot be understood comes from a
/// newer head node and is a [CapatazException].
final class Replies {

  private Replies() {}

  static JobStatus job(JobSummary message) {
    return new JobStatus(
        message.getId(),
        message.getName(),
        message.getOwner(),
        understood(() -> JobState.ofFlag(message.getState())),
        understood(() -> new Priority(message.getPriority())),
        new Times(
            instant(message.getCreateTime()),
            time(message.getSubmitTime()),
            time(message.getStartTime()),
            time(message.getEndTime())),
        counts(message.getTaskCounts()),
        new Cores(
            accepted(Unit.parse(message.getUnit().isEmpty() ? "Core" : message.getUnit())),
            message.getMinCores(),
            message.getMaxCores(),
            message.getAllocatedCores()),
        message.getMessage(),
        message.getRequeueCount(),
        message.getProject(),
        message.getTemplate(),
        new JobProgress(message.getProgress(), message.getProgressMessage()));
  }

  static DryRun dryRun(TryJobReply message) {
    return new DryRun(
        message.getReason(),
        message.getSentence(),
        message.getJobsAhead(),
        message.getPlacesList().stream()
            .map(place -> new DryRun.Place(place.getNode(), place.getCores(), place.getGpus()))
            .toList(),
        time(message.getStartTime()),
        new Cores(accepted(Unit.parse(message.getUnit())), message.getMin(), message.getMax(), 0),
        message.getInstances());
  }

  static TaskStatus task(TaskSummary message) {
    return new TaskStatus(
        message.getJob(),
        message.getTask(),
        message.getName(),
        message.getCommandLine(),
        understood(() -> TaskState.ofFlag(message.getState())),
        counts(message.getTaskCounts()),
        kind(message),
        time(message.getStartTime()),
        time(message.getEndTime()),
        message.hasOnlyInstance()
            ? Optional.of(instance(message.getOnlyInstance()))
            : Optional.empty());
  }

  /// The task's type; an older head node says only whether it is a sweep.
  private static TaskKind kind(TaskSummary message) {
    return TaskKind.parse(message.getType())
        .orElse(message.getParametric() ? TaskKind.PARAMETRIC_SWEEP : TaskKind.BASIC);
  }

  static InstanceStatus instance(InstanceSummary message) {
    return new InstanceStatus(
        new InstanceId(message.getJob(), message.getTask(), message.getInstance()),
        Drafts.environment(message.getParametersList()),
        understood(() -> TaskState.ofFlag(message.getState())),
        message.getAttempt(),
        time(message.getStartTime()),
        time(message.getEndTime()),
        message.getExited() ? OptionalInt.of(message.getExitCode()) : OptionalInt.empty(),
        message.getNode(),
        message.getCores(),
        message.getMemoryLimitMb(),
        new InstanceStatus.Usage(
            micros(message.getUserMicros()),
            micros(message.getSystemMicros()),
            message.getMaxRssKib()),
        message.getMessage(),
        message.getStderrTail());
  }

  static JobEvent event(org.capataz.proto.v1.JobEvent message) {
    return new JobEvent(
        message.getSequence(),
        instant(message.getTime()),
        job(message.getJob()),
        message.getInstancesList().stream().map(Replies::instance).toList(),
        message.getDeleted());
  }

  static Explanation explanation(ExplainJobReply message) {
    return new Explanation(
        job(message.getJob()),
        message.getReason(),
        message.getSentence(),
        message.getJobsAhead(),
        message.getNodesList().stream()
            .map(fit -> new Explanation.NodeFit(fit.getNode(), fit.getFit(), fit.getDetail()))
            .toList(),
        message.getPlace(),
        message.hasMerit() ? Optional.of(merit(message.getMerit())) : Optional.empty());
  }

  private static Merit merit(org.capataz.proto.v1.Merit message) {
    return new Merit(
        message.getScore(),
        message.getAge(),
        message.getFairShare(),
        message.getSize(),
        message.getProject());
  }

  static QueueEntry queued(org.capataz.proto.v1.QueueEntry message) {
    return new QueueEntry(
        job(message.getJob()),
        message.getPlace(),
        message.hasMerit() ? Optional.of(merit(message.getMerit())) : Optional.empty(),
        time(message.getStartTime()),
        message.getReason());
  }

  static HistoryEntry history(org.capataz.proto.v1.HistoryEntry message) {
    return new HistoryEntry(
        instant(message.getTime()), message.getEvent(), message.getDetail(), message.getNode());
  }

  static NodeStatus node(NodeSummary message) {
    var found = message.getInventory();
    return new NodeStatus(
        message.getId(),
        message.getName(),
        nodeState(message.getState()),
        message.getReachable()
            ? Optional.empty()
            : Optional.of(instant(message.getUnreachableSince())),
        new NodeStatus.Capacity(
            message.getCores(),
            message.getBusyCores(),
            message.getMemoryMb(),
            message.getReservedMemoryMb(),
            message.getSocketCoresList(),
            message.getGpus(),
            message.getBusyGpus(),
            message.getJobsList(),
            message.getExclusive()),
        new NodeStatus.Inventory(
            found.getCores(),
            found.getSockets(),
            found.getMemoryMb(),
            found.getGpusList(),
            found.getOperatingSystem(),
            found.getArchitecture()),
        message.getGroupsList(),
        message.getOversubscribed());
  }

  private static NodeState nodeState(String name) {
    return Arrays.stream(NodeState.values())
        .filter(state -> state.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown("node state " + name));
  }

  static ClusterInfo cluster(ClusterSummary message) {
    return new ClusterInfo(
        message.getName(),
        understood(() -> UUID.fromString(message.getUuid())),
        message.getEpoch(),
        message.getVersion(),
        message.getSequence(),
        jobCounts(message.getJobCountsMap()));
  }

  private static Map<JobState, Long> jobCounts(Map<Integer, Long> counts) {
    var byState = new EnumMap<JobState, Long>(JobState.class);
    counts.forEach((flag, count) -> byState.put(understood(() -> JobState.ofFlag(flag)), count));
    return byState;
  }

  /// Parameters that this version does not know are left out.
  static ClusterSettings settings(org.capataz.proto.v1.ClusterSettings message) {
    var settings = new ClusterSettings(Map.of(), Drafts.environment(message.getEnvironmentList()));
    for (var parameter : ClusterParameter.values()) {
      var text = message.getParametersMap().get(parameter.modelName());
      settings = text == null ? settings : settings.with(parameter, text);
    }
    for (var template : message.getTemplatesList()) {
      settings = settings.withTemplate(accepted(Templates.ofMessage(template)));
    }
    var shares = new TreeMap<Share.Of, Share>();
    for (var share : message.getSharesList()) {
      shares.put(ShareMessages.placeOf(share), ShareMessages.ofMessage(share));
    }
    return settings.with(new Shares(shares));
  }

  static ShareTree shares(GetShareTreeReply message) {
    return new ShareTree(
        message.getAlgorithm(),
        message.getHalfLife() == 0
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(message.getHalfLife())),
        message.getStandingsList().stream().map(Replies::standing).toList());
  }

  private static ShareTree.Standing standing(ShareStanding message) {
    return new ShareTree.Standing(
        new Share.Of(message.getProject(), message.getUser()),
        message.getDepth(),
        message.getShares(),
        message.getNormShares(),
        message.getUsage(),
        message.getEffectiveUsage(),
        message.getLevelFairShare(),
        message.hasFairShare()
            ? OptionalDouble.of(message.getFairShare())
            : OptionalDouble.empty());
  }

  static JobDraft draft(org.capataz.proto.v1.JobDraft message) {
    return accepted(Drafts.ofMessage(message));
  }

  static TaskDraft draft(org.capataz.proto.v1.TaskDraft message) {
    return accepted(Drafts.ofMessage(message));
  }

  private static <T> T accepted(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T>(var refusal) -> throw unknown(refusal.message());
    };
  }

  private static TaskCounts counts(org.capataz.proto.v1.TaskCounts message) {
    return new TaskCounts(
        message.getQueued(),
        message.getRunning(),
        message.getFinished(),
        message.getFailed(),
        message.getCanceled());
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static Optional<Instant> time(long micros) {
    return micros == 0 ? Optional.empty() : Optional.of(instant(micros));
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  private static <T> T understood(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException newer) {
      throw unknown(String.valueOf(newer.getMessage()));
    }
  }

  private static CapatazException unknown(String what) {
    return new CapatazException(
        Code.FAILED,
        "expected a head node of this version, but it answers with what is not known here: "
            + what);
  }
}
