package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.ClusterParameter;
import org.capataz.model.CoreSet;
import org.capataz.model.EndReason;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobState;
import org.capataz.model.PendingReason;
import org.capataz.model.Share;
import org.capataz.model.TaskState;
import org.capataz.model.Topology;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.event.Pace;
import org.capataz.scheduler.event.Placement;
import org.capataz.wire.ShareMessages;
import org.capataz.wire.Templates;

/// The events of one job, or those of nodes, to and from bytes. Times are written as the difference
/// from the time before. The leading numbers of events are stored and never change; nor does what
/// follows them: an event that needs more gets a new number.
///
/// What was written, the draft of a new job and tasks that were added, is left out: it is stored
/// once, and apart.
final class EventCodec {

  private static final int JOB_CREATED = 1;
  private static final int TASKS_ADDED = 2;
  private static final int JOB_SUBMITTED = 3;
  private static final int JOB_STARTED = 4;
  private static final int JOB_STOPPING = 5;
  private static final int JOB_ENDED = 6;
  private static final int JOB_REQUEUED = 7;
  private static final int GRANT_OPENED = 8;
  private static final int GRANT_RESIZED = 9;
  private static final int GRANT_CLOSED = 10;
  private static final int ATTEMPT_DISPATCHED = 11;
  private static final int ATTEMPT_STARTED = 12;
  private static final int ATTEMPT_STOPPING = 13;
  private static final int ATTEMPT_ENDED = 14;
  private static final int TASK_SKIPPED = 15;
  private static final int NODE_REGISTERED = 16;
  private static final int NODE_SWITCHED = 17;
  private static final int ATTEMPT_FORCED = 40;
  private static final int INSTANCE_SKIPPED = 41;
  private static final int TASK_REQUEUED = 42;
  private static final int INSTANCE_REQUEUED = 43;
  private static final int THROTTLE_CHANGED = 44;
  private static final int HOLD_CHANGED = 46;
  private static final int HELD_BY_FILTER = 47;
  private static final int GRANT_USED = 60;
  private static final int SERVICE_PACED = 61;
  private static final int GRANT_LOST = 62;
  private static final int JOB_FORCED = 63;
  private static final int CLUSTER_PARAMETER_SET = 80;
  private static final int CLUSTER_VARIABLE_SET = 81;
  private static final int JOB_DELETED = 82;
  private static final int JOB_MODIFIED = 83;
  private static final int JOB_CONFIGURED = 84;
  private static final int JOB_PROGRESSED = 85;
  private static final int JOB_BLOCKED = 86;
  private static final int TEMPLATE_SET = 87;
  private static final int TEMPLATE_DELETED = 88;
  private static final int CLOCK_SET = 89;
  private static final int SHARE_SET = 100;
  private static final int SHARE_DELETED = 101;
  private static final int ATTEMPT_PART_ENDED = 120;
  private static final int ATTEMPT_LEASED = 121;
  private static final int ATTEMPT_ASSIGNED = 122;
  private static final int ATTEMPT_RECALLED = 123;

  private EventCodec() {}

  /// When an event happened, in microseconds since 1970.
  static long time(Event event) {
    return switch (event) {
      case Event.JobCreated e -> e.time();
      case Event.TasksAdded e -> e.time();
      case Event.JobSubmitted e -> e.time();
      case Event.JobStarted e -> e.time();
      case Event.JobStopping e -> e.time();
      case Event.JobEnded e -> e.time();
      case Event.JobRequeued e -> e.time();
      case Event.GrantOpened e -> e.time();
      case Event.GrantResized e -> e.time();
      case Event.GrantClosed e -> e.time();
      case Event.GrantUsed e -> e.time();
      case Event.GrantLost e -> e.time();
      case Event.AttemptDispatched e -> e.time();
      case Event.AttemptStarted e -> e.startTime();
      case Event.AttemptRecalled e -> e.time();
      case Event.AttemptStopping e -> e.time();
      case Event.AttemptPartEnded e -> e.time();
      case Event.AttemptEnded e -> e.time();
      case Event.TaskSkipped e -> e.time();
      case Event.InstanceSkipped e -> e.time();
      case Event.TaskRequeued e -> e.time();
      case Event.InstanceRequeued e -> e.time();
      case Event.ThrottleChanged e -> e.time();
      case Event.HoldChanged e -> e.time();
      case Event.ServicePaced e -> e.time();
      case Event.JobModified e -> e.time();
      case Event.JobConfigured e -> e.time();
      case Event.JobProgressed e -> e.time();
      case Event.JobBlocked e -> e.time();
      case Event.JobDeleted e -> e.time();
      case Event.ClusterParameterSet e -> e.time();
      case Event.ClusterVariableSet e -> e.time();
      case Event.TemplateSet e -> e.time();
      case Event.TemplateDeleted e -> e.time();
      case Event.ShareSet e -> e.time();
      case Event.ShareDeleted e -> e.time();
      case Event.ClockSet e -> e.time();
      case Event.NodeRegistered e -> e.time();
      case Event.NodeSwitched e -> e.time();
      case Event.NodeReachability e -> e.time();
    };
  }

  /// Writes events, the first one's time being known to the reader.
  static void write(PackedWriter out, List<Event> events) {
    var time = time(events.getFirst());
    out.unsigned(events.size());
    for (var event : events) {
      write(out, event, time);
      time = time(event);
    }
  }

  /// Reads events.
  ///
  /// @param job whose they are, 0 for nodes
  /// @param firstTime the time of the first
  static List<Event> read(PackedReader in, int job, long firstTime) {
    var count = in.count();
    var events = new ArrayList<Event>(Math.min(count, 1024));
    var time = firstTime;
    for (var i = 0; i < count; i++) {
      var event = read(in, in.count(), job, time);
      events.add(event);
      time = time(event);
    }
    return events;
  }

  private static void write(PackedWriter out, Event event, long before) {
    var since = time(event) - before;
    switch (event) {
      case Event.JobCreated e ->
          out.unsigned(JOB_CREATED).signed(since).uuid(e.requestId()).text(e.owner());
      case Event.TasksAdded e -> out.unsigned(TASKS_ADDED).signed(since).uuid(e.requestId());
      case Event.JobSubmitted e -> out.unsigned(JOB_SUBMITTED).signed(since).unsigned(e.order());
      case Event.JobStarted e -> out.unsigned(JOB_STARTED).signed(since);
      case Event.JobStopping e ->
          out.unsigned(e.force() ? JOB_FORCED : JOB_STOPPING)
              .signed(since)
              .unsigned(e.then().flag())
              .text(e.message());
      case Event.JobEnded e ->
          out.unsigned(JOB_ENDED).signed(since).unsigned(e.state().flag()).text(e.message());
      case Event.JobRequeued e ->
          out.unsigned(JOB_REQUEUED).signed(since).flag(e.failedOnly()).unsigned(e.order());
      case Event.GrantOpened e ->
          out.unsigned(GRANT_OPENED)
              .signed(since)
              .unsigned(e.grant())
              .unsigned(e.node())
              .parts(e.parts())
              .unsigned(e.memoryMb());
      case Event.GrantResized e ->
          out.unsigned(GRANT_RESIZED)
              .signed(since)
              .unsigned(e.grant())
              .unsigned(e.node())
              .parts(e.parts())
              .unsigned(e.memoryMb());
      case Event.GrantClosed e ->
          out.unsigned(GRANT_CLOSED).signed(since).unsigned(e.grant()).unsigned(e.node());
      case Event.GrantUsed e ->
          out.unsigned(GRANT_USED).signed(since).unsigned(e.grant()).unsigned(e.node());
      case Event.GrantLost e ->
          out.unsigned(GRANT_LOST).signed(since).unsigned(e.grant()).unsigned(e.node());
      case Event.AttemptDispatched e when e.behind() ->
          placements(
              instance(out.unsigned(ATTEMPT_ASSIGNED).signed(since), e.task(), e.ordinal())
                  .unsigned(e.number())
                  .unsigned(e.rerunAfter()),
              e.placements());
      case Event.AttemptRecalled e ->
          instance(out.unsigned(ATTEMPT_RECALLED).signed(since), e.task(), e.ordinal())
              .unsigned(e.reason().number())
              .text(e.message())
              .flag(e.force());
      case Event.AttemptDispatched e when e.rerunAfter() > 0 ->
          placements(
              instance(out.unsigned(ATTEMPT_LEASED).signed(since), e.task(), e.ordinal())
                  .unsigned(e.number())
                  .unsigned(e.rerunAfter()),
              e.placements());
      case Event.AttemptDispatched e ->
          placements(
              instance(out.unsigned(ATTEMPT_DISPATCHED).signed(since), e.task(), e.ordinal())
                  .unsigned(e.number()),
              e.placements());
      case Event.AttemptStarted e ->
          instance(out.unsigned(ATTEMPT_STARTED).signed(since), e.task(), e.ordinal());
      case Event.AttemptStopping e ->
          instance(
                  out.unsigned(e.force() ? ATTEMPT_FORCED : ATTEMPT_STOPPING).signed(since),
                  e.task(),
                  e.ordinal())
              .unsigned(e.reason().number())
              .text(e.message());
      case Event.AttemptPartEnded e ->
          end(
              instance(out.unsigned(ATTEMPT_PART_ENDED).signed(since), e.task(), e.ordinal())
                  .unsigned(e.node()),
              e.end(),
              e.time());
      case Event.AttemptEnded e ->
          end(
              instance(out.unsigned(ATTEMPT_ENDED).signed(since), e.task(), e.ordinal())
                  .unsigned(e.state().flag()),
              e.end(),
              e.time());
      case Event.TaskSkipped e ->
          out.unsigned(TASK_SKIPPED)
              .signed(since)
              .unsigned(e.task())
              .unsigned(e.state().flag())
              .unsigned(e.reason().number())
              .text(e.message());
      case Event.InstanceSkipped e ->
          instance(out.unsigned(INSTANCE_SKIPPED).signed(since), e.task(), e.ordinal())
              .unsigned(e.state().flag())
              .unsigned(e.reason().number())
              .text(e.message());
      case Event.TaskRequeued e -> out.unsigned(TASK_REQUEUED).signed(since).unsigned(e.task());
      case Event.InstanceRequeued e ->
          instance(out.unsigned(INSTANCE_REQUEUED).signed(since), e.task(), e.ordinal());
      case Event.HoldChanged e ->
          out.unsigned(e.byFilter() ? HELD_BY_FILTER : HOLD_CHANGED)
              .signed(since)
              .unsigned(e.until());
      case Event.ThrottleChanged e ->
          out.unsigned(THROTTLE_CHANGED).signed(since).unsigned(e.task()).unsigned(e.maxRunning());
      case Event.ServicePaced e ->
          pace(out.unsigned(SERVICE_PACED).signed(since).unsigned(e.task()), e.pace());
      case Event.JobModified e -> {
        out.unsigned(JOB_MODIFIED).signed(since).flag(e.requestId() != null);
        if (e.requestId() != null) {
          out.uuid(e.requestId());
        }
        out.unsigned(e.order());
      }
      case Event.JobConfigured e -> out.unsigned(JOB_CONFIGURED).signed(since);
      case Event.JobProgressed e ->
          out.unsigned(JOB_PROGRESSED).signed(since).signed(e.percent()).text(e.message());
      case Event.JobBlocked e ->
          out.unsigned(JOB_BLOCKED).signed(since).unsigned(e.reason().number());
      case Event.JobDeleted e -> out.unsigned(JOB_DELETED).signed(since);
      case Event.ClusterParameterSet e ->
          out.unsigned(CLUSTER_PARAMETER_SET)
              .signed(since)
              .text(e.parameter().modelName())
              .text(e.text());
      case Event.TemplateSet e ->
          out.unsigned(TEMPLATE_SET).signed(since).block(Templates.toBytes(e.template()));
      case Event.TemplateDeleted e -> out.unsigned(TEMPLATE_DELETED).signed(since).text(e.name());
      case Event.ShareSet e ->
          out.unsigned(SHARE_SET).signed(since).block(ShareMessages.toBytes(e.share()));
      case Event.ShareDeleted e ->
          out.unsigned(SHARE_DELETED).signed(since).text(e.of().project()).text(e.of().user());
      case Event.ClockSet e -> out.unsigned(CLOCK_SET).signed(since).signed(e.by());
      case Event.ClusterVariableSet e ->
          out.unsigned(CLUSTER_VARIABLE_SET).signed(since).text(e.name()).text(e.value());
      case Event.NodeRegistered e ->
          offer(
                  out.unsigned(NODE_REGISTERED)
                      .signed(since)
                      .unsigned(e.node())
                      .uuid(e.identity())
                      .text(e.name()),
                  e.offer())
              .text(e.bootId());
      case Event.NodeSwitched e ->
          out.unsigned(NODE_SWITCHED).signed(since).unsigned(e.node()).flag(e.online());
      case Event.NodeReachability e ->
          throw new IllegalArgumentException("expected an event to store, but got " + e);
    }
  }

  private static Event read(PackedReader in, int kind, int job, long before) {
    var time = before + in.signed();
    return switch (kind) {
      case JOB_CREATED -> new Event.JobCreated(job, in.uuid(), in.text(), JobDraft.EMPTY, time);
      case TASKS_ADDED -> new Event.TasksAdded(job, in.uuid(), List.of(), time);
      case JOB_SUBMITTED -> new Event.JobSubmitted(job, in.unsigned(), time);
      case JOB_STARTED -> new Event.JobStarted(job, time);
      case JOB_STOPPING, JOB_FORCED ->
          new Event.JobStopping(
              job, JobState.ofFlag(in.count()), in.text(), kind == JOB_FORCED, time);
      case JOB_ENDED -> new Event.JobEnded(job, JobState.ofFlag(in.count()), in.text(), time);
      case JOB_REQUEUED -> new Event.JobRequeued(job, in.flag(), in.unsigned(), time);
      case GRANT_OPENED ->
          new Event.GrantOpened(job, in.unsigned(), in.count(), in.parts(), in.count(), time);
      case GRANT_RESIZED ->
          new Event.GrantResized(job, in.unsigned(), in.count(), in.parts(), in.count(), time);
      case GRANT_CLOSED -> new Event.GrantClosed(job, in.unsigned(), in.count(), time);
      case GRANT_LOST -> new Event.GrantLost(job, in.unsigned(), in.count(), time);
      case GRANT_USED -> new Event.GrantUsed(job, in.unsigned(), in.count(), time);
      case SERVICE_PACED -> new Event.ServicePaced(job, in.count(), pace(in), time);
      case ATTEMPT_DISPATCHED ->
          new Event.AttemptDispatched(
              job, in.count(), in.count(), in.count(), placements(in), false, 0, time);
      case ATTEMPT_LEASED, ATTEMPT_ASSIGNED -> dispatched(kind, job, in, time);
      case ATTEMPT_RECALLED ->
          new Event.AttemptRecalled(
              job,
              in.count(),
              in.count(),
              EndReason.ofNumber(in.count()),
              in.text(),
              in.flag(),
              time);
      case ATTEMPT_STARTED -> new Event.AttemptStarted(job, in.count(), in.count(), time);
      case ATTEMPT_STOPPING, ATTEMPT_FORCED ->
          new Event.AttemptStopping(
              job,
              in.count(),
              in.count(),
              EndReason.ofNumber(in.count()),
              in.text(),
              kind == ATTEMPT_FORCED,
              time);
      case ATTEMPT_PART_ENDED ->
          new Event.AttemptPartEnded(job, in.count(), in.count(), in.count(), end(in, time), time);
      case ATTEMPT_ENDED ->
          new Event.AttemptEnded(
              job, in.count(), in.count(), TaskState.ofFlag(in.count()), end(in, time), time);
      case TASK_SKIPPED ->
          new Event.TaskSkipped(
              job,
              in.count(),
              TaskState.ofFlag(in.count()),
              EndReason.ofNumber(in.count()),
              in.text(),
              time);
      case INSTANCE_SKIPPED ->
          new Event.InstanceSkipped(
              job,
              in.count(),
              in.count(),
              TaskState.ofFlag(in.count()),
              EndReason.ofNumber(in.count()),
              in.text(),
              time);
      case TASK_REQUEUED -> new Event.TaskRequeued(job, in.count(), time);
      case INSTANCE_REQUEUED -> new Event.InstanceRequeued(job, in.count(), in.count(), time);
      case HOLD_CHANGED -> new Event.HoldChanged(job, in.unsigned(), false, time);
      case HELD_BY_FILTER -> new Event.HoldChanged(job, in.unsigned(), true, time);
      case THROTTLE_CHANGED -> new Event.ThrottleChanged(job, in.count(), in.count(), time);
      case NODE_REGISTERED ->
          new Event.NodeRegistered(in.count(), in.uuid(), in.text(), offer(in), in.text(), time);
      case JOB_MODIFIED ->
          new Event.JobModified(
              job,
              in.flag() ? in.uuid() : null,
              JobChange.NONE,
              JobDraft.EMPTY,
              in.unsigned(),
              time);
      case JOB_CONFIGURED -> new Event.JobConfigured(job, JobDraft.EMPTY, time);
      case JOB_PROGRESSED -> new Event.JobProgressed(job, (int) in.signed(), in.text(), time);
      case JOB_BLOCKED -> new Event.JobBlocked(job, PendingReason.ofNumber(in.count()), time);
      case JOB_DELETED -> new Event.JobDeleted(job, time);
      case CLOCK_SET -> new Event.ClockSet(in.signed(), time);
      case CLUSTER_PARAMETER_SET ->
          new Event.ClusterParameterSet(
              ClusterParameter.parse(in.text()).orElseThrow(), in.text(), time);
      case TEMPLATE_SET -> new Event.TemplateSet(Templates.ofBytes(in.block()), time);
      case TEMPLATE_DELETED -> new Event.TemplateDeleted(in.text(), time);
      case SHARE_SET -> new Event.ShareSet(ShareMessages.ofBytes(in.block()), time);
      case SHARE_DELETED -> new Event.ShareDeleted(new Share.Of(in.text(), in.text()), time);
      case CLUSTER_VARIABLE_SET -> new Event.ClusterVariableSet(in.text(), in.text(), time);
      case NODE_SWITCHED -> new Event.NodeSwitched(in.count(), in.flag(), time);
      default -> throw new IllegalStateException("expected a known event, but got " + kind);
    };
  }

  static PackedWriter pace(PackedWriter out, Pace pace) {
    return out.unsigned(pace.quick())
        .unsigned(pace.failures())
        .unsigned(pace.round())
        .unsigned(pace.until());
  }

  static Pace pace(PackedReader in) {
    return new Pace(in.count(), in.count(), in.count(), in.unsigned());
  }

  private static PackedWriter instance(PackedWriter out, int task, int ordinal) {
    return out.unsigned(task).unsigned(ordinal);
  }

  private static Event dispatched(int kind, int job, PackedReader in, long time) {
    var task = in.count();
    var ordinal = in.count();
    var number = in.count();
    var rerunAfter = in.count();
    return new Event.AttemptDispatched(
        job, task, ordinal, number, placements(in), kind == ATTEMPT_ASSIGNED, rerunAfter, time);
  }

  static void placements(PackedWriter out, List<Placement> placements) {
    out.unsigned(placements.size());
    for (var placement : placements) {
      out.unsigned(placement.grant())
          .unsigned(placement.node())
          .parts(placement.parts())
          .unsigned(placement.memoryMb());
    }
  }

  static List<Placement> placements(PackedReader in) {
    var placements = new ArrayList<Placement>();
    for (var left = in.count(); left > 0; left--) {
      placements.add(new Placement(in.unsigned(), in.count(), in.parts(), in.count()));
    }
    return placements;
  }

  static void end(PackedWriter out, AttemptEnd end, long time) {
    out.unsigned(end.reason().number())
        .signed(end.exitCode())
        .flag(end.startTime() != 0)
        .signed(end.startTime() == 0 ? 0 : end.endTime() - end.startTime())
        .signed(time - end.endTime())
        .unsigned(end.usage().userMicros())
        .unsigned(end.usage().systemMicros())
        .unsigned(end.usage().maxRssKib())
        .text(end.message())
        .text(end.errorTail());
  }

  static AttemptEnd end(PackedReader in, long time) {
    var reason = EndReason.ofNumber(in.count());
    var exitCode = (int) in.signed();
    var started = in.flag();
    var duration = in.signed();
    var endTime = time - in.signed();
    return new AttemptEnd(
        reason,
        exitCode,
        started ? endTime - duration : 0,
        endTime,
        new AttemptEnd.Usage(in.unsigned(), in.unsigned(), in.unsigned()),
        in.text(),
        in.text());
  }

  private static PackedWriter offer(PackedWriter out, NodeOffer offer) {
    var found = offer.found();
    out.unsigned(offer.topology().sockets().size());
    offer.topology().sockets().forEach(out::cores);
    out.unsigned(offer.topology().gpus())
        .unsigned(offer.memoryMb())
        .unsigned(found.cores())
        .unsigned(found.sockets())
        .unsigned(found.memoryMb())
        .unsigned(found.gpus().size());
    found.gpus().forEach(out::text);
    out.text(found.operatingSystem()).text(found.architecture()).unsigned(offer.groups().size());
    offer.groups().forEach(out::text);
    return out;
  }

  private static NodeOffer offer(PackedReader in) {
    var sockets = new ArrayList<CoreSet>();
    for (var left = in.count(); left > 0; left--) {
      sockets.add(in.cores());
    }
    var topology = new Topology(sockets, in.count());
    var memoryMb = in.count();
    var found =
        new NodeOffer.Found(in.count(), in.count(), in.count(), texts(in), in.text(), in.text());
    return new NodeOffer(topology, memoryMb, found, texts(in));
  }

  private static List<String> texts(PackedReader in) {
    var texts = new ArrayList<String>();
    for (var left = in.count(); left > 0; left--) {
      texts.add(in.text());
    }
    return texts;
  }
}
