package org.capataz.headnode.rpc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.capataz.headnode.loop.EngineLoop;
import org.capataz.headnode.view.JobView;
import org.capataz.model.JobState;
import org.capataz.model.Moment;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.Quotas;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;

/// Reasons why jobs and tasks wait that are no lack of resources, but rules of their own.
final class PendingRules {

  /// The model's PendingReason and one sentence.
  record Why(String reason, String sentence) {}

  private final EngineLoop loop;

  PendingRules(EngineLoop loop) {
    this.loop = loop;
  }

  /// Why the rest of a running job waits; empty if its own rules let it go on.
  Optional<Why> running(JobView job) {
    return job.state() == JobState.RUNNING
        ? Answers.await(
            loop.read(
                state -> {
                  var found = state.job(job.id());
                  return found == null ? Optional.<Why>empty() : running(state, found);
                }))
        : Optional.empty();
  }

  private static Optional<Why> running(ClusterState state, Job job) {
    var away = outOfReach(job);
    if (away.isPresent()) {
      return away;
    }
    if (job.counts().running() == 0) {
      var why = unprepared(state, job).or(() -> pausing(job));
      if (why.isPresent()) {
        return why;
      }
    }
    return job.counts().queued() == 0 ? Optional.empty() : throttled(job);
  }

  /// What is to become of what a job runs on nodes that cannot be reached.
  private static Optional<Why> outOfReach(Job job) {
    var runs = new ArrayList<Attempt>();
    var since = new TreeMap<String, Long>();
    for (var grant : job.grants()) {
      var node = grant.node();
      if (!node.reachable()) {
        for (var attempt : node.attempts()) {
          if (attempt.job() == job.id()) {
            runs.add(attempt);
            since.put(node.name(), node.reachabilitySince());
          }
        }
      }
    }
    if (runs.isEmpty()) {
      return Optional.empty();
    }
    var leases = runs.stream().mapToInt(Attempt::rerunAfter).summaryStatistics();
    var nodes =
        since.entrySet().stream()
            .map(node -> node.getKey() + " is unreachable since " + since(node.getValue()))
            .toList();
    var waits = "until the node is back, or capataz node lost gives it up";
    return Optional.of(
        new Why(
            "NodeUnreachable",
            "it is running, but "
                + Explainer.some(nodes)
                + ": "
                + (leases.getMin() > 0
                    ? "what it runs there runs elsewhere once that has lasted for "
                        + leases.getMax()
                        + " s"
                    : leases.getMax() > 0
                        ? "what may run again there runs elsewhere once that has lasted for "
                            + leases.getMax()
                            + " s, and the rest stays Running "
                            + waits
                        : "what it runs there stays Running " + waits)));
  }

  private static String since(long time) {
    return time == 0 ? "before the head node started" : Moment.text(time);
  }

  /// What a job waits for of which nothing runs because nodes are yet to be prepared for it, or
  /// could not be.
  private static Optional<Why> unprepared(ClusterState state, Job job) {
    var prep = job.prep();
    if (prep == null) {
      return Optional.empty();
    }
    var coming = names(state, prep.live().stream().map(Attempt::leadNode).toList());
    if (!coming.isEmpty()) {
      return Optional.of(
          new Why(
              "NodePreparation",
              "it is running: its tasks start when " + coming + " prepared for it"));
    }
    if (job.runnable().isEmpty() || prep.failedOn().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Why(
            "NodePreparationFailed",
            "it is running, but "
                + names(state, prep.failedOn())
                + " not given to it again, because preparation failed there; it goes on when other"
                + " nodes have room, and capataz job requeue "
                + job.id()
                + " tries all nodes again"));
  }

  private static String names(ClusterState state, Collection<Integer> nodes) {
    var names =
        nodes.stream().map(state::node).filter(Objects::nonNull).map(Node::name).sorted().toList();
    return names.isEmpty() ? "" : Explainer.some(names) + (names.size() == 1 ? " is" : " are");
  }

  private static Optional<Why> pausing(Job job) {
    var service = job.service();
    return service == null || !service.pace().isPaused()
        ? Optional.empty()
        : Optional.of(
            new Why(
                "ServicePauses",
                "it is running: "
                    + service.spec().title()
                    + " ended "
                    + (service.pace().quick() == 1
                        ? "soon after its start"
                        : service.pace().quick() + " times in a row soon after its start")
                    + ", and is started again at "
                    + Moment.text(service.pace().until())));
  }

  /// Why a queued job is not even looked at, or not let go; empty if only resources are missing.
  ///
  /// @param standing how it stands with the activation filter
  Optional<Why> queued(JobView job, Optional<Activation.Standing> standing) {
    var now = loop.now();
    return Answers.await(
        loop.read(
            state -> {
              var found = state.job(job.id());
              return found == null || !found.isSubmitted()
                  ? Optional.<Why>empty()
                  : waiting(state, found, standing).or(() -> limited(state, found, now));
            }));
  }

  private static Optional<Why> waiting(
      ClusterState state, Job job, Optional<Activation.Standing> standing) {
    if (job.unfinishedParents() > 0) {
      return Optional.of(parents(state, job));
    }
    if (job.holdUntil() == 0) {
      return standing
          .filter(Activation.Standing::keeps)
          .map(stands -> filtered(stands, job.pending().since()));
    }
    return Optional.of(
        job.hold().byFilter()
            ? new Why(
                "HeldByActivationFilter",
                "the activation filter holds it"
                    + said(standing)
                    + "; it is asked again at "
                    + Moment.text(job.holdUntil())
                    + ", and by capataz job modify "
                    + job.id()
                    + " --holduntil now at once")
            : new Why(
                "HeldByUser",
                "it is held until "
                    + Moment.text(job.holdUntil())
                    + "; capataz job modify "
                    + job.id()
                    + " --holduntil now lets it go"));
  }

  private static Optional<Why> limited(ClusterState state, Job job, long now) {
    return job.isEligible()
        ? Quotas.reached(state, job, now)
            .map(
                reached ->
                    new Why(
                        "LimitReached",
                        "a limit keeps it waiting: "
                            + reached
                            + "; it starts when there is less, or an administrator allows more by"
                            + " capataz share set"))
        : Optional.empty();
  }

  private static Why filtered(Activation.Standing standing, long since) {
    var why =
        standing.answer().isEmpty()
            ? "it could start, and the activation filter is asked whether it may"
            : "the activation filter does not let it start"
                + said(Optional.of(standing))
                + (standing.has(Activation.Verdict.BLOCK)
                    ? "; it holds up what is behind it"
                    : standing.has(Activation.Verdict.RESERVE)
                        ? "; what it would start with is kept free for it"
                        : "; others go past it")
                + (standing.asked().isPresent()
                    ? ", and it is asked about again now"
                    : ", and it is asked about again after " + Moment.text(standing.again()));
    return new Why(
        "ActivationFilter",
        since == 0 ? why : why + "; it has waited for that since " + Moment.text(since));
  }

  /// What the filter said, in brackets.
  private static String said(Optional<Activation.Standing> standing) {
    return standing
        .flatMap(Activation.Standing::answer)
        .map(Activation.Answer::said)
        .filter(said -> !said.isEmpty())
        .map(said -> " (" + said + ")")
        .orElse("");
  }

  private static Why parents(ClusterState state, Job job) {
    var open = new ArrayList<String>();
    for (var id : job.spec().rules().parents()) {
      var parent = state.job(id);
      var is = parent == null ? JobState.CANCELED : parent.life().state();
      if (is == JobState.FAILED || is == JobState.CANCELED) {
        return new Why(
            "ParentJobsCanceledOrFailed",
            "its parent job "
                + id
                + " is "
                + is
                + "; it starts when that has been requeued and has Finished");
      }
      if (is != JobState.FINISHED) {
        open.add("job " + id + " (" + is + ")");
      }
    }
    return new Why(
        "ParentJobsNotfinished",
        "it starts when its parent jobs have Finished: " + Explainer.some(open));
  }

  /// A throttle, if nothing but throttles keeps tasks from going on.
  private static Optional<Why> throttled(Job job) {
    if (!job.runnable().isEmpty() || job.ready() == 0) {
      return Optional.empty();
    }
    return job.tasks().stream()
        .filter(Task::isReady)
        .findFirst()
        .map(
            task ->
                new Why(
                    "MaxRunningReached",
                    "it is running: "
                        + job.counts().queued()
                        + " more wait because at most "
                        + task.maxRunning()
                        + " instances of "
                        + task.spec().title()
                        + " may run at once; capataz task modify "
                        + job.id()
                        + "."
                        + task.number()
                        + " --max-running N lets more run"));
  }
}
