package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.capataz.model.CoreSet;
import org.capataz.model.TaskKind;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;
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
    var leaving =
        job.grants().stream().filter(Grant::isReleasing).mapToInt(g -> g.cores().size()).sum();
    promises.check(
        job.keptCores() == held - leaving,
        () -> "leaving cores of job " + job.id() + " miscounted");
    var live = job.tasks().stream().mapToInt(task -> task.live().size()).sum();
    promises.check(job.live() == live, () -> "attempts of job " + job.id() + " miscounted");
    var counts = job.counts();
    var instances = job.tasks().stream().mapToLong(Audit::instances).sum();
    promises.check(
        counts.queued() + counts.running() + counts.finished() + counts.failed() + counts.canceled()
            == instances,
        () -> "job " + job.id() + " of " + instances + " instances has " + counts);
    switch (job.life()) {
      case JobLife.Running r ->
          promises.check(!job.isDone(), () -> "job " + job.id() + " is done, but runs");
      case JobLife.Stopping s ->
          promises.check(live > 0, () -> "job " + job.id() + " has stopped, but does not end");
      case JobLife.Configuring c -> checkIdle(job);
      case JobLife.Queued q -> checkIdle(job);
      case JobLife.Ended e -> checkIdle(job);
    }
  }

  /// How many instances of a task count as the job's work.
  private static long instances(Task task) {
    return task.spec().kind() == TaskKind.SERVICE
        ? task.live().size() + task.finished() + task.failed()
        : task.spec().sweep().count();
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
      if (held.id() == grant) {
        var alone = held.isPreparing() ? job.prep() : held.isReleasing() ? job.release() : null;
        promises.check(
            held.isUsable()
                || held.lost()
                || (alone != null
                    && alone.live().stream().anyMatch(a -> a.leadNode() == held.node().id())),
            () -> "grant " + grant + " is " + held.life() + ", but nothing runs to change that");
      }
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
    state.running().stream()
        .filter(job -> job.live() == 0 && !job.runnable().isEmpty())
        .forEach(waiting::add);
    return waiting.stream()
        .filter(this::couldEverRun)
        .min(Comparator.comparing(Job::priority).reversed().thenComparingLong(Audit::order))
        .orElse(null);
  }

  private boolean couldEverRun(Job job) {
    var demand = job.task(job.runnable().first()).spec().demand();
    return offered(job, 0) >= job.spec().cores().min()
        && offered(job, demand.memoryMb()) >= demand.cores().min();
  }

  private int offered(Job job, int memoryMb) {
    return state.nodes().stream()
        .filter(node -> !hasFailedOn(job, node))
        .filter(node -> node.offer().memoryMb() >= memoryMb)
        .mapToInt(node -> node.offer().cores())
        .sum();
  }

  private static boolean hasFailedOn(Job job, Node node) {
    var prep = job.prep();
    return prep != null && prep.failedOn().contains(node.id());
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
    var free = usable(job).stream().mapToInt(node -> node.free().size()).sum();
    return free >= job.spec().cores().min() && hasRoom(job);
  }

  private boolean couldGrow(Job job) {
    return job.live() > 0
        && !job.runnable().isEmpty()
        && job.unusable().isEmpty()
        && job.grantedCores() + next(job).min() <= job.spec().cores().max()
        && hasRoom(job);
  }

  private org.capataz.model.Span next(Job job) {
    return job.task(job.runnable().first()).spec().demand().cores();
  }

  /// Whether some node has room for the job's next run.
  private boolean hasRoom(Job job) {
    var demand = job.task(job.runnable().first()).spec().demand();
    return usable(job).stream()
        .anyMatch(
            node ->
                node.free().size() >= demand.cores().min()
                    && node.freeMemoryMb() >= demand.memoryMb());
  }

  private List<Node> usable(Job job) {
    return state.nodes().stream()
        .filter(node -> node.usable() && !hasFailedOn(job, node))
        .filter(
            node -> {
              var grant = job.grantOn(node.id());
              return grant == null || !grant.isReleasing();
            })
        .toList();
  }
}
