package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.CoreSet;
import org.capataz.model.JobState;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.jspecify.annotations.Nullable;

/// Looks through a state that has settled: whether its parts agree, and whether something is left
/// undone that could be done. Works everything out again from grants and attempts.
final class Audit {

  private final ClusterState state;
  private final Promises promises;

  Audit(ClusterState state, Promises promises) {
    this.state = state;
    this.promises = promises;
  }

  void run() {
    state.jobs().forEach(this::checkJob);
    state.nodes().forEach(this::checkNode);
    checkLists();
    checkNothingIsLeftUndone();
  }

  private void checkJob(Job job) {
    var held = job.grants().stream().mapToInt(grant -> grant.cores().size()).sum();
    promises.check(job.grantedCores() == held, () -> "cores of job " + job.id() + " miscounted");
    var live = job.tasks().stream().mapToInt(task -> task.live().size()).sum();
    promises.check(job.live() == live, () -> "attempts of job " + job.id() + " miscounted");
    var counts = job.counts();
    var instances = job.tasks().stream().mapToLong(task -> task.spec().sweep().count()).sum();
    promises.check(
        counts.queued() + counts.running() + counts.finished() + counts.failed() + counts.canceled()
            == instances,
        () -> "job " + job.id() + " of " + instances + " instances has " + counts);
    switch (job.life()) {
      case JobLife.Running r ->
          promises.check(
              !job.isDone() || job.spec().rules().runUntilCanceled(),
              () -> "job " + job.id() + " is done, but runs");
      case JobLife.Stopping s -> {
        promises.check(live > 0, () -> "job " + job.id() + " has stopped, but does not end");
        promises.check(
            job.idleGrants().isEmpty(),
            () -> "job " + job.id() + " stops, but keeps what it no longer needs");
      }
      case JobLife.Configuring c -> checkIdle(job);
      case JobLife.Queued q -> {
        checkIdle(job);
        checkWaiting(job);
      }
      case JobLife.Ended e -> checkIdle(job);
    }
  }

  /// Counts a queued job's parents again, and looks whether it waits for what it should.
  private void checkWaiting(Job job) {
    var unfinished = 0;
    for (var id : job.spec().rules().parents()) {
      var known = state.job(id);
      if (known == null) {
        continue;
      }
      var parent = known.life().state();
      unfinished += parent == JobState.FINISHED ? 0 : 1;
      promises.check(
          job.spec().rules().holdsOnParentFailure()
              || (parent != JobState.FAILED && parent != JobState.CANCELED),
          () -> "job " + job.id() + " waits for job " + id + ", which will not finish");
    }
    var count = unfinished;
    promises.check(
        job.unfinishedParents() == count, () -> "parents of job " + job.id() + " miscounted");
    promises.check(
        state.queued().contains(job) == (count == 0 && job.holdUntil() == 0),
        () -> "job " + job.id() + " is in the queue though it waits, or not though it does not");
    promises.check(
        state.held().contains(job) == (count == 0 && job.holdUntil() != 0),
        () -> "job " + job.id() + " is held, or not, but should not");
  }

  private void checkLists() {
    var running = state.running().stream();
    var hungry = running.filter(job -> !job.runnable().isEmpty()).toList();
    promises.check(
        hungry.equals(List.copyOf(state.hungry())), () -> "other jobs are hungry: " + hungry);
    var wide =
        state.running().stream()
            .filter(job -> job.grantedCores() > job.spec().cores().min())
            .toList();
    promises.check(wide.equals(List.copyOf(state.wide())), () -> "other jobs are wide: " + wide);
  }

  private void checkIdle(Job job) {
    promises.check(
        job.grants().isEmpty() && job.live() == 0,
        () -> "job " + job.id() + " holds something, but is " + job.life());
  }

  private void checkNode(Node node) {
    var granted = CoreSet.EMPTY;
    var grantedMemory = 0;
    for (var job : state.jobs()) {
      var grant = job.grants().isEmpty() ? null : job.grantOn(node.id());
      if (grant == null) {
        continue;
      }
      promises.check(
          granted.minus(grant.cores()).equals(granted),
          () -> "cores of " + node.name() + " granted twice");
      granted = granted.plus(grant.cores());
      grantedMemory += grant.memoryMb();
      checkGrant(job, grant.id());
    }
    var all = granted;
    promises.check(
        all.equals(node.granted()) && node.freeCores() == node.offered().minus(all).size(),
        () -> node.name() + " grants " + node.granted() + ", but jobs hold " + all);
    var memory = grantedMemory;
    promises.check(
        memory == node.grantedMemoryMb(), () -> "memory of " + node.name() + " miscounted");
  }

  private void checkGrant(Job job, long grant) {
    var busy = CoreSet.EMPTY;
    var cores = 0;
    for (var task : job.tasks()) {
      for (var attempt : task.live()) {
        for (var placement : attempt.placements()) {
          if (placement.grant() == grant) {
            busy = busy.plus(placement.cores());
            cores += placement.cores().size();
          }
        }
      }
    }
    var used = busy;
    var sum = cores;
    promises.check(used.size() == sum, () -> "cores of grant " + grant + " used twice");
    for (var held : job.grants()) {
      promises.check(
          held.id() != grant || held.busy().equals(used),
          () -> "grant " + grant + " has " + held.busy() + " busy, but attempts use " + used);
    }
  }

  // Work conservation.

  private void checkNothingIsLeftUndone() {
    var first = firstWaiting();
    if (first != null) {
      promises.check(!couldStart(first), () -> "job " + first.id() + " could start, but waits");
      return;
    }
    for (var job : state.running()) {
      promises.check(!couldGrow(job), () -> "job " + job.id() + " could grow, but does not");
    }
  }

  /// The first that waits for cores, be it queued or a running job of which nothing runs.
  private @Nullable Job firstWaiting() {
    var waiting = new ArrayList<>(state.queued());
    state.hungry().stream().filter(job -> job.live() == 0).forEach(waiting::add);
    return waiting.stream()
        .filter(this::couldEverRun)
        .min(Comparator.comparing(Job::priority).reversed().thenComparingLong(Audit::order))
        .orElse(null);
  }

  private boolean couldEverRun(Job job) {
    if (job.runnable().isEmpty()) {
      return offered(0) >= job.spec().cores().min();
    }
    var demand = job.task(job.runnable().first()).spec().demand();
    return offered(0) >= job.spec().cores().min()
        && offered(demand.memoryMb()) >= demand.cores().min();
  }

  private int offered(int memoryMb) {
    return state.nodes().stream()
        .filter(node -> node.offer().memoryMb() >= memoryMb)
        .mapToInt(node -> node.offer().cores())
        .sum();
  }

  private static long order(Job job) {
    return switch (job.life()) {
      case JobLife.Queued queued -> queued.order();
      case JobLife.Running running -> running.order();
      case JobLife.Configuring c -> 0;
      case JobLife.Stopping s -> 0;
      case JobLife.Ended e -> 0;
    };
  }

  private boolean couldStart(Job job) {
    var free = freeCores().values().stream().mapToInt(Integer::intValue).sum();
    return free >= job.spec().cores().min() && hasRoom(job);
  }

  private boolean couldGrow(Job job) {
    return job.live() > 0
        && !job.runnable().isEmpty()
        && job.grantedCores() + next(job).min() <= job.spec().cores().max()
        && hasRoom(job);
  }

  private org.capataz.model.Span next(Job job) {
    return job.task(job.runnable().first()).spec().demand().cores();
  }

  /// Whether some node has room for the job's next run.
  private boolean hasRoom(Job job) {
    if (job.runnable().isEmpty()) {
      return true;
    }
    var demand = job.task(job.runnable().first()).spec().demand();
    return usable().stream()
        .anyMatch(
            node ->
                node.free().size() >= demand.cores().min()
                    && node.freeMemoryMb() >= demand.memoryMb());
  }

  private List<Node> usable() {
    return state.nodes().stream().filter(Node::usable).toList();
  }

  private Map<Integer, Integer> freeCores() {
    var free = new LinkedHashMap<Integer, Integer>();
    usable().forEach(node -> free.put(node.id(), node.free().size()));
    return free;
  }
}
