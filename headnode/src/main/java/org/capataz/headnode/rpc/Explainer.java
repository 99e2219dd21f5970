package org.capataz.headnode.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.view.Board;
import org.capataz.headnode.view.JobView;
import org.capataz.headnode.view.NodeView;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobState;
import org.capataz.model.QueueRules;
import org.capataz.proto.v1.ExplainJobReply;
import org.capataz.proto.v1.NodeFit;
import org.capataz.scheduler.engine.Activation;
import org.jspecify.annotations.Nullable;

/// Says why a job is not running, in words that name what would start it.
final class Explainer {

  static final String NO_NODES =
      "no compute node has ever registered; capataz node start --head ... adds one";

  private final EngineLoop loop;
  private final Board board;
  private final PendingRules rules;
  private final QueueRequests places;

  Explainer(EngineLoop loop) {
    this.loop = loop;
    this.board = loop.board();
    this.rules = new PendingRules(loop);
    this.places = new QueueRequests(loop);
  }

  ExplainJobReply explain(JobView job) {
    var reply = ExplainJobReply.newBuilder().setJob(Messages.job(job));
    if (job.state() != JobState.QUEUED) {
      var rule = rules.running(job);
      return reply
          .setReason(rule.map(PendingRules.Why::reason).orElse("None"))
          .setSentence(rule.map(PendingRules.Why::sentence).orElseGet(() -> notPending(job)))
          .build();
    }
    var standings = standings();
    var rule = rules.queued(job, Optional.ofNullable(standings.get(job.id())));
    if (rule.isPresent()) {
      return reply.setReason(rule.get().reason()).setSentence(rule.get().sentence()).build();
    }
    var isFirst = loop.settings().queueRules().isFirstComeFirst();
    var ahead =
        board.jobs().values().stream()
            .filter(other -> isAhead(other, job) && !isAside(standings.get(other.id())))
            .filter(other -> isFirst || other.priority().compareTo(job.priority()) > 0)
            .toList();
    var wanted = Answers.await(loop.read(state -> NodeFits.of(state, job.id())));
    var fits = board.nodes().stream().map(wanted::fit).toList();
    var why = why(job, ahead, standings, wanted, fits);
    places
        .place(job.id())
        .ifPresent(
            entry -> {
              reply.setPlace(entry.place());
              if (!isFirst && isByMerit()) {
                reply.setMerit(QueueRequests.merit(entry));
              }
            });
    return reply
        .setReason(why.reason())
        .setSentence(why.sentence())
        .setJobsAhead(isByMerit() ? Math.max(0, reply.getPlace() - 1) : ahead.size())
        .addAllNodes(fits)
        .build();
  }

  private boolean isByMerit() {
    var order = loop.settings().queueRules();
    return !order.isFirstComeFirst() && order.order() == QueueRules.Order.MULTIFACTOR;
  }

  /// How jobs stand with the activation filter, if there is one.
  private Map<Integer, Activation.Standing> standings() {
    return loop.settings().get(ClusterParameter.ACTIVATION_FILTER_PROGRAM).isEmpty()
        ? Map.of()
        : Answers.await(loop.activations());
  }

  private static boolean isAside(Activation.@Nullable Standing standing) {
    return standing != null && standing.isAside();
  }

  private static boolean isKept(Activation.@Nullable Standing standing) {
    return standing != null && standing.keeps();
  }

  private static boolean isAhead(JobView other, JobView job) {
    return other.order() != 0 && other.id() != job.id() && other.isAheadOf(job);
  }

  private static String notPending(JobView job) {
    return switch (job.state()) {
      case CONFIGURING ->
          "it has not been submitted; capataz job submit --id "
              + job.id()
              + " puts it in the queue";
      case RUNNING ->
          job.counts().queued() == 0
              ? "it is running, with nothing left to start"
              : "it is running: "
                  + job.counts().queued()
                  + " more wait for cores or for the tasks that they depend on, and it holds "
                  + cores(job.allocatedCores())
                  + " of at most "
                  + job.unit().count(job.units().max());
      case FINISHING, CANCELING -> "it is ending: " + job.message();
      case FINISHED -> "it has finished";
      case FAILED ->
          "it has ended: "
              + job.message()
              + "; capataz task list "
              + job.id()
              + " --state failed says how";
      case CANCELED -> "it has ended: " + job.message();
      case QUEUED, SUBMITTED, VALIDATING, EXTERNAL_VALIDATION -> "it is about to be queued";
    };
  }

  private PendingRules.Why why(
      JobView job,
      List<JobView> ahead,
      Map<Integer, Activation.Standing> standings,
      NodeFits wanted,
      List<NodeFit> fits) {
    if (fits.isEmpty()) {
      return new PendingRules.Why("NotEnoughResource", NO_NODES);
    }
    if (!ahead.isEmpty()) {
      var first = ahead.stream().reduce((a, b) -> a.isAheadOf(b) ? a : b).orElseThrow();
      var higher = first.priority().compareTo(job.priority()) > 0;
      return new PendingRules.Why(
          higher ? "HigherPriorityJob" : "JobSubmittedEarlier",
          (ahead.size() == 1 ? "1 job is" : ahead.size() + " jobs are")
              + " ahead of it; the first, job "
              + first.id()
              + (higher ? ", has priority " + first.priority() : ", was submitted earlier")
              + (isKept(standings.get(first.id()))
                  ? " and waits for the activation filter"
                  : " and needs " + needs(first)));
    }
    if (!wanted.lacking().isEmpty()) {
      return new PendingRules.Why(
          "NotEnoughResource",
          "it needs "
              + String.join(", and ", wanted.lacking())
              + "; it starts when jobs that hold them end");
    }
    var free = wanted.free(board.nodes());
    var idle = board.nodes().stream().filter(node -> !takesWork(node)).toList();
    var sentence =
        "it needs "
            + wanted.unit().count(job.units().min())
            + needs(wanted)
            + ", but "
            + wanted.unit().count(free)
            + (free == 1 ? " is" : " are")
            + " free"
            + (wanted.resources().nodes().isAny() ? "" : " on nodes that it may be given")
            + "; it starts when running jobs end"
            + orderly();
    var away = new ArrayList<String>();
    idle.forEach(node -> away.add(node.name() + (node.online() ? " unreachable" : " offline")));
    return new PendingRules.Why(
        reason(wanted),
        away.isEmpty() ? sentence : sentence + " or nodes come back (" + some(away) + ")");
  }

  /// What else it takes where jobs do not come to their turn as they were submitted.
  private String orderly() {
    var rules = loop.settings().queueRules();
    return rules.isFirstComeFirst()
        ? ""
        : " and others of its priority are not before it by the order "
            + QueueRules.word(rules.order());
  }

  /// What the first job in turn waits for: licences that are not free, or what it is to hold.
  private String needs(JobView first) {
    var lacking = Answers.await(loop.read(state -> NodeFits.of(state, first.id()))).lacking();
    return lacking.isEmpty()
        ? first.unit().count(first.units().min())
        : String.join(", and ", lacking);
  }

  /// The model's name for what there is too little of.
  private static String reason(NodeFits wanted) {
    var nodes = wanted.demand().nodes();
    if (!nodes.required().isEmpty()) {
      return "RequiredNodesNotAvailable";
    }
    return nodes.group().isEmpty()
        ? "NotEnoughResource"
        : "NoAvailableResourceInRequestedNodeGroup";
  }

  private static String needs(NodeFits wanted) {
    var demand = wanted.demand();
    var min = demand.units().min();
    var next = new ArrayList<String>();
    if (demand.memoryMb(min) > 0) {
      next.add(wanted.unit().count(min) + " with " + demand.memoryMb(min) + " MB");
    }
    if (!demand.nodes().required().isEmpty()) {
      next.add("the nodes " + String.join(", ", demand.nodes().required()));
    }
    if (!demand.nodes().group().isEmpty()) {
      next.add("nodes of the group " + demand.nodes().group());
    }
    return next.isEmpty() ? "" : ", its next task " + String.join(" and ", next);
  }

  static String some(List<String> names) {
    var shown = String.join(", ", names.subList(0, Math.min(5, names.size())));
    return names.size() > 5 ? shown + " and " + (names.size() - 5) + " more" : shown;
  }

  private boolean takesWork(NodeView node) {
    return node.online() && node.reachable();
  }

  private static String cores(int count) {
    return count == 1 ? "1 core" : count + " cores";
  }
}
