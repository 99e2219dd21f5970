package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.capataz.model.PendingReason;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.jspecify.annotations.Nullable;

/// Notes what keeps jobs from starting whenever that changes: of those next in turn and of those
/// that have just come into the queue. Those far behind only change their reason when they get
/// near, so that a long queue costs no more than a short one.
final class PendingReasons {

  /// How many jobs of the queue are looked at.
  private static final int DEPTH = 64;

  /// How many changes are noted of one job, which bounds what its past takes.
  private static final int MOST_CHANGES = 200;

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final Activations activations;
  private final Memory memory;
  private final Set<Integer> fresh = new HashSet<>();

  PendingReasons(ClusterState state, Consumer<Event> emit, Activations activations, Memory memory) {
    this.memory = memory;
    this.state = state;
    this.emit = emit;
    this.activations = activations;
  }

  /// Takes notice of what happened.
  void heard(Event event) {
    if (event instanceof Event.JobSubmitted
        || event instanceof Event.JobRequeued
        || event instanceof Event.HoldChanged
        || event instanceof Event.JobModified) {
      fresh.add(((Event.OfJob) event).job());
    }
    if (event instanceof Event.JobEnded
        || event instanceof Event.JobRequeued
        || event instanceof Event.JobConfigured) {
      state.children(((Event.OfJob) event).job()).forEach(child -> fresh.add(child.id()));
    }
  }

  /// Notes the reasons as they are now that nothing more can start.
  ///
  /// @param quotas as they are now
  void note(long now, Quotas quotas) {
    var queue = new ArrayList<Job>(DEPTH);
    for (var job : state.queued()) {
      if (queue.size() == DEPTH) {
        break;
      }
      queue.add(job);
    }
    var head = noteEach(queue, now, quotas);
    activations.questions().forEach(question -> fresh.add(question.job()));
    fresh.stream()
        .sorted()
        .map(state::job)
        .filter(job -> job != null && job.life() instanceof JobLife.Queued)
        .filter(job -> !queue.contains(job))
        .forEach(
            job -> note(job, job.isEligible() ? reason(job, head, quotas) : waiting(job), now));
    fresh.clear();
  }

  /// What a job waits for that is not in the queue.
  private PendingReason waiting(Job job) {
    if (job.unfinishedParents() > 0) {
      return Waiting.reason(state, job.spec().rules().parents());
    }
    return job.hold().byFilter()
        ? PendingReason.HELD_BY_ACTIVATION_FILTER
        : PendingReason.HELD_BY_USER;
  }

  /// @return the job that the ones behind it wait for, null if there is none
  private @Nullable Job noteEach(List<Job> queue, long now, Quotas quotas) {
    Job head = null;
    for (var job : queue) {
      var reason = reason(job, head, quotas);
      if (head == null
          && reason != PendingReason.LIMIT_REACHED
          && !activations.aside().contains(job.id())
          && memory.largest(state).couldEverHold(memory.claim(job))) {
        head = job;
      }
      note(job, reason, now);
    }
    return head;
  }

  private PendingReason reason(Job job, @Nullable Job head, Quotas quotas) {
    if (quotas.reachedBy(job).isPresent()) {
      return PendingReason.LIMIT_REACHED;
    }
    return activations.keeps(job) ? PendingReason.ACTIVATION_FILTER : behind(job, head);
  }

  private PendingReason behind(Job job, @Nullable Job head) {
    var isBehind =
        head != null
            && (head.priority().compareTo(job.priority()) > 0
                || state.queueRules().isFirstComeFirst());
    if (head == null || !isBehind) {
      return PendingReason.NOT_ENOUGH_RESOURCE;
    }
    return head.priority().compareTo(job.priority()) > 0
        ? PendingReason.HIGHER_PRIORITY_JOB
        : PendingReason.JOB_SUBMITTED_EARLIER;
  }

  private void note(Job job, PendingReason reason, long now) {
    var noted = job.pending();
    if (noted.reason() != reason && noted.changes() < MOST_CHANGES) {
      emit.accept(new Event.JobBlocked(job.id(), reason, now));
    }
  }
}
