package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.TaskKind;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;
import org.jspecify.annotations.Nullable;

/// Short runs of a sweep that are sent to a node before the cores are free that they will have:
/// each behind a run of the same task, whose cores it takes over when that one ends. So a node goes
/// on without asking, and tells of many ends at once.
///
/// There is never more of it than what ends soon, as far as anybody knows; some of the task is left
/// that is not assigned, so that its job claims cores as without; and all is taken back that would
/// keep others waiting, be it others that wait for the job's cores or cores that idle.
final class Backlog {

  /// Runs that wait for the same cores, however short they are.
  private static final int MOST = 16;

  private static final long MICROS_PER_MILLI = 1000;

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final Placing placing;
  private final BiPredicate<Job, Grant> isReclaimed;

  /// By job, runs that have got cores since it was last looked after, in whose lanes there may be
  /// room.
  private final Map<Integer, Set<Attempt>> begun = new HashMap<>();

  /// @param isReclaimed whether a job that waits could be helped by what a job holds in a grant
  Backlog(
      ClusterState state,
      Consumer<Event> emit,
      Placing placing,
      BiPredicate<Job, Grant> isReclaimed) {
    this.state = state;
    this.emit = emit;
    this.placing = placing;
    this.isReclaimed = isReclaimed;
  }

  // Giving.

  /// Has a run looked at that has got its cores.
  void begun(@Nullable Attempt attempt) {
    if (attempt != null && state.settings().number(ClusterParameter.NODE_BACKLOG) > 0) {
      begun.computeIfAbsent(attempt.job(), job -> new LinkedHashSet<>()).add(attempt);
    }
  }

  /// Fills the lanes of the runs that have got cores.
  ///
  /// @param rerunAfter what the lease of a task's runs follows from
  void fill(Job job, ToIntFunction<Task> rerunAfter, long now) {
    var lanes = begun.remove(job.id());
    if (lanes == null || !(job.life() instanceof JobLife.Running)) {
      return;
    }
    for (var first : lanes) {
      while (hasRoomBehind(job, first)) {
        var task = job.task(first.task());
        var ordinal = task.pending().first();
        emit.accept(
            new Event.AttemptDispatched(
                job.id(),
                task.number(),
                ordinal,
                task.former(ordinal).number() + 1,
                first.placements(),
                true,
                rerunAfter.applyAsInt(task),
                now));
      }
    }
  }

  private boolean hasRoomBehind(Job job, Attempt first) {
    var task = job.task(first.task());
    var grant = job.grantOn(first.leadNode());
    return grant != null
        && first.equals(task.live(first.ordinal()))
        && first.life().told().isEmpty()
        && isEligible(job, task, first)
        && isOpen(job, grant, first)
        && placing.suits(job, task, grant, first.placements().getFirst())
        && grant.waitingBehind(first) < depth(job, task, first);
  }

  /// Whether a task is one of short runs that are all alike, and in turn.
  private static boolean isEligible(Job job, Task task, Attempt first) {
    var rules = task.spec().rules();
    return task.spec().kind() == TaskKind.PARAMETRIC_SWEEP
        && first.lane() != 0
        && task.maxRunning() == 0
        // Not one run more than these say.
        && rules.maxFailures() == 0
        && rules.failsJobAfter() == 0
        && !task.spec().demand().nodes().exclusive()
        && !job.runnable().isEmpty()
        && job.runnable().first() == task.number();
  }

  private boolean isOpen(Job job, Grant grant, Attempt first) {
    return grant.isUsable()
        && grant.node().usable()
        && grant.node().offered().containsAll(first.placements().getFirst().parts())
        && !isReclaimed.test(job, grant);
  }

  /// How many may wait in each of the lanes of a task: what ends in so many milliseconds, and no
  /// more than would leave others of the job's cores without work.
  private int depth(Job job, Task task, Attempt first) {
    var runtime = task.meanRuntime();
    if (runtime.isEmpty()) {
      return 0;
    }
    var most = state.settings().number(ClusterParameter.NODE_BACKLOG) * MICROS_PER_MILLI;
    var lanes = Math.max(1, job.grantedCores() / first.cores());
    return (int)
        Math.min(
            Math.min(MOST, most / Math.max(1, runtime.getAsLong())),
            (task.pending().size() - 1) / lanes);
  }

  // Taking back.

  /// Has a run that is behind others given back unless it has begun.
  void recall(Attempt attempt, EndReason reason, String message, boolean force, long now) {
    if (attempt.life() instanceof AttemptLife.Recalled(var why)
        && why.reason() == reason
        && (why.force() || !force)) {
      return;
    }
    emit.accept(
        new Event.AttemptRecalled(
            attempt.job(), attempt.task(), attempt.ordinal(), reason, message, force, now));
  }

  private void recall(Attempt attempt, long now) {
    recall(attempt, EndReason.RECALLED, "", false, now);
  }

  private void recall(Iterable<Attempt> of, Predicate<Attempt> which, long now) {
    var found = new ArrayList<Attempt>();
    for (var attempt : of) {
      if (attempt.life().isAssigned() && which.test(attempt)) {
        found.add(attempt);
      }
    }
    found.forEach(attempt -> recall(attempt, now));
  }

  /// Takes back what may not begin on a node any more.
  void revise(Node node, long now) {
    recall(
        node.attempts(),
        attempt ->
            !node.online() || !node.offered().containsAll(attempt.placements().getFirst().parts()),
        now);
  }

  /// Takes back what a task's rules do not allow any more.
  void revise(Job job, long now) {
    recall(job.assigned(), attempt -> job.task(attempt.task()).maxRunning() > 0, now);
  }

  /// Takes back what a job that waits for the cores would wait for.
  void giveWay(Job job, long now) {
    if (!job.assigned().isEmpty() && job.surplus() > 0) {
      recall(
          job.assigned(),
          attempt -> {
            var grant = job.grantOn(attempt.leadNode());
            return grant != null && isReclaimed.test(job, grant);
          },
          now);
    }
  }

  /// Takes back what could begin at once in cores that the job holds idle, the last first.
  void spread(Job job, long now) {
    if (job.assigned().isEmpty() || job.idleGrants().isEmpty() || !job.runnable().isEmpty()) {
      return;
    }
    var last = job.assigned().getLast();
    if (placing.place(job, job.task(last.task())).isEmpty()) {
      return;
    }
    var idle = 0;
    for (var grant : job.idleGrants()) {
      idle += grant.idle().cores().size();
    }
    var wanted = idle / last.cores() - job.recalled().size();
    for (var attempt : List.copyOf(job.assigned().reversed())) {
      if (wanted-- <= 0) {
        return;
      }
      recall(attempt, now);
    }
  }

  /// Whether runs that are being taken back are about to want the job's idle cores.
  boolean isComingBack(Job job) {
    return job.recalled().stream()
        .anyMatch(
            attempt -> {
              var grant = job.grantOn(attempt.leadNode());
              return grant != null && grant.node().reachable();
            });
  }
}
