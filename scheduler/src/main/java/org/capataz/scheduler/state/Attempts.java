package org.capataz.scheduler.state;

import java.util.UUID;
import org.capataz.model.AttemptId;
import org.capataz.model.InstanceId;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.AttemptLife;
import org.jspecify.annotations.Nullable;

/// The live attempts, with what they occupy: known to their tasks, their grants and their nodes.
final class Attempts {

  private final UUID cluster;
  private final Jobs jobs;
  private final Nodes nodes;
  private final Grants grants;

  Attempts(UUID cluster, Jobs jobs, Nodes nodes, Grants grants) {
    this.cluster = cluster;
    this.jobs = jobs;
    this.nodes = nodes;
    this.grants = grants;
  }

  /// The live attempt of that identity, or null: it has ended, or was never ours.
  @Nullable Attempt get(AttemptId id) {
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

  /// @param epoch when it was ordered
  void dispatch(Job job, Event.AttemptDispatched event, long epoch) {
    var task = job.task(event.task());
    var attempt =
        new Attempt(
            id(job, task, event.ordinal(), epoch, event.number()),
            event.ordinal(),
            event.placements(),
            event.rerunAfter(),
            event.time(),
            event.behind() ? new AttemptLife.Assigned() : new AttemptLife.Dispatching());
    occupy(job, attempt);
    if (event.behind() && !attempt.isBehind()) {
      throw new IllegalStateException("expected another to have the cores of " + attempt.id());
    }
    job.work().dispatch(attempt);
  }

  void restore(Job job, Task task, Stored.StoredTask stored) {
    var attempts = stored.live().stream().map(live -> attempt(job, task, live)).toList();
    attempts.forEach(attempt -> occupy(job, attempt));
    job.work().restore(task, stored.checkpoint(), stored.log(), attempts);
  }

  private Attempt attempt(Job job, Task task, Stored.StoredAttempt stored) {
    return new Attempt(
        id(job, task, stored.ordinal(), stored.epoch(), stored.number()),
        stored.ordinal(),
        stored.placements(),
        stored.rerunAfter(),
        stored.dispatchTime(),
        stored.life());
  }

  private AttemptId id(Job job, Task task, int ordinal, long epoch, int number) {
    var instance = new InstanceId(job.id(), task.number(), task.spec().sweep().index(ordinal));
    return new AttemptId(cluster, epoch, instance, number);
  }

  private void occupy(Job job, Attempt attempt) {
    attempt.nodes().forEach(node -> nodes.known(node).add(attempt));
    if (attempt.isBehind()) {
      var placement = attempt.placements().getFirst();
      var grant = grants.known(placement.grant());
      if (grant.busy().containsAll(placement.parts())) {
        grant.lanes().add(attempt);
        return;
      }
      // Those before it have ended since it was stored.
      attempt.step(new AttemptLife.Step.Inherit());
    }
    take(job, attempt);
  }

  private void take(Job job, Attempt attempt) {
    var task = job.task(attempt.task()).spec();
    for (var placement : attempt.placements()) {
      var grant = grants.known(placement.grant());
      grant.occupy(placement, task.demand().nodes().exclusive());
      job.holdings().occupied(grant, task.kind());
    }
  }

  void recall(Job job, Event.AttemptRecalled event) {
    var why = new AttemptLife.Step.Stop(event.reason(), event.message(), event.force());
    job.work().recall(live(job, event.task(), event.ordinal()), why);
  }

  void start(Job job, Event.AttemptStarted event) {
    live(job, event.task(), event.ordinal()).step(new AttemptLife.Step.Start(event.startTime()));
    job.task(event.task()).started(event.startTime());
  }

  void stop(Job job, Event.AttemptStopping event) {
    live(job, event.task(), event.ordinal())
        .step(new AttemptLife.Step.Stop(event.reason(), event.message(), event.force()));
  }

  void endPart(Job job, Event.AttemptPartEnded event) {
    var attempt = live(job, event.task(), event.ordinal());
    var rules = job.task(event.task()).spec().rules();
    attempt.endPart(event.node(), event.end(), rules.validExitCodes());
    nodes.known(event.node()).remove(attempt);
  }

  void end(Job job, Event.AttemptEnded event) {
    var attempt = live(job, event.task(), event.ordinal());
    if (attempt.nodes().size() > 1) {
      throw new IllegalStateException("expected one node left of " + attempt.id());
    }
    var first = grants.known(attempt.placements().getFirst().grant());
    if (attempt.isBehind()) {
      first.lanes().remove(attempt);
    } else {
      for (var placement : attempt.placements()) {
        var grant = grants.known(placement.grant());
        grant.vacate(placement);
        job.holdings().vacated(grant, job.task(event.task()).spec().kind(), event.state());
      }
      var next = first.behind(attempt);
      if (next != null) {
        first.lanes().remove(next);
        job.work().inherit(next);
        take(job, next);
      }
    }
    attempt.nodes().forEach(node -> nodes.known(node).remove(attempt));
    var entry =
        new EndedLog.Entry(
            event.ordinal(),
            attempt.number(),
            attempt.id().epoch(),
            event.state(),
            attempt.leadNode(),
            attempt.cores(),
            event.end());
    job.work().end(entry, attempt);
  }

  private static Attempt live(Job job, int task, int ordinal) {
    var attempt = job.task(task).live(ordinal);
    if (attempt == null) {
      throw new IllegalStateException(
          "expected a live attempt of job " + job.id() + "." + task + " at " + ordinal);
    }
    return attempt;
  }
}
