package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.capataz.model.ClusterParameter;
import org.capataz.model.Demand;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.model.QueueRules;
import org.capataz.model.Span;
import org.capataz.model.TaskKind;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.Task;
import org.jspecify.annotations.Nullable;

/// Looks through a state that has settled: whether its parts agree, and whether something is left
/// undone that could be done. Works everything out again from grants and attempts.
final class Audit {

  /// How many jobs the activation filter is asked about at a time.
  static final int MOST_ASKED = 8;

  private final ClusterState state;
  private final Promises promises;
  private final Map<Integer, Activation.Standing> activations;

  /// @param activations how jobs stand with the activation filter
  Audit(ClusterState state, Promises promises, Map<Integer, Activation.Standing> activations) {
    this.state = state;
    this.promises = promises;
    this.activations = activations;
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
    checkKept(job);
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

  private void checkKept(Job job) {
    if (job.isSubmitted()) {
      var unit = job.spec().resources().unit();
      var kept =
          job.grants().stream()
              .filter(grant -> !grant.isReleasing())
              .mapToInt(grant -> grant.node().topology().held(unit, grant.parts()))
              .sum();
      promises.check(job.kept() == kept, () -> "units of job " + job.id() + " miscounted");
    }
  }

  /// How many instances of a task count as the job's work.
  private static long instances(Task task) {
    return task.spec().kind() == TaskKind.SERVICE
        ? task.live().size() + task.finished() + task.failed()
        : task.spec().sweep().count();
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
        state.running().stream().filter(job -> job.kept() > job.spec().units().min()).toList();
    promises.check(wide.equals(List.copyOf(state.wide())), () -> "other jobs are wide: " + wide);
    var paused =
        state.running().stream()
            .filter(job -> ClusterState.pausedUntil(job) != 0)
            .sorted(Comparator.comparingLong(ClusterState::pausedUntil).thenComparingInt(Job::id))
            .toList();
    promises.check(
        paused.equals(List.copyOf(state.paused())), () -> "other services pause: " + paused);
  }

  private void checkIdle(Job job) {
    promises.check(
        job.grants().isEmpty() && job.live() == 0,
        () -> "job " + job.id() + " holds something, but is " + job.life());
  }

  private void checkNode(Node node) {
    var granted = Parts.NONE;
    var grantedMemory = 0;
    var tenants = new TreeSet<Integer>();
    var exclusive = false;
    for (var job : state.jobs()) {
      var grant = job.grants().isEmpty() ? null : job.grantOn(node.id());
      if (grant == null) {
        continue;
      }
      promises.check(
          !granted.intersects(grant.parts()), () -> "parts of " + node.name() + " granted twice");
      tenants.add(job.id());
      exclusive |= job.spec().resources().exclusive();
      granted = granted.plus(grant.parts());
      grantedMemory += grant.memoryMb();
      checkGrant(job, grant.id());
    }
    var all = granted;
    promises.check(
        all.equals(node.granted()) && node.freeCores() == node.free().cores().size(),
        () -> node.name() + " grants " + node.granted() + ", but jobs hold " + all);
    var alone = exclusive;
    promises.check(
        tenants.equals(new TreeSet<>(node.tenants())) && alone == node.exclusive(),
        () -> node.name() + " has the tenants " + node.tenants() + ", but not " + tenants);
    promises.check(
        !alone || tenants.size() == 1, () -> "others are on the node of an exclusive job");
    var memory = grantedMemory;
    promises.check(
        memory == node.grantedMemoryMb(), () -> "memory of " + node.name() + " miscounted");
  }

  private void checkGrant(Job job, long grant) {
    var busy = Parts.NONE;
    var cores = 0;
    var gpus = 0;
    for (var task : job.tasks()) {
      for (var attempt : task.live()) {
        if (attempt.isBehind()) {
          checkBehind(job, attempt);
          continue;
        }
        for (var placement : attempt.placements()) {
          if (placement.grant() == grant) {
            busy = busy.plus(placement.parts());
            cores += placement.cores().size();
            gpus += placement.parts().gpus().size();
          }
        }
      }
    }
    var used = busy;
    var sum = cores;
    var gpuSum = gpus;
    promises.check(
        used.cores().size() == sum && used.gpus().size() == gpuSum,
        () -> "parts of grant " + grant + " used twice");
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

  /// Whether one of the same task has the cores that an attempt waits for.
  private void checkBehind(Job job, Attempt attempt) {
    var holders =
        job.task(attempt.task()).live().stream()
            .filter(other -> !other.isBehind())
            .filter(other -> other.placements().equals(attempt.placements()))
            .count();
    promises.check(holders == 1, () -> attempt.id() + " is behind " + holders + " others");
    promises.check(
        attempt.life() instanceof AttemptLife.Assigned
            ? job.assigned().contains(attempt)
            : job.recalled().contains(attempt),
        () -> attempt.id() + " is filed elsewhere than " + attempt.life());
  }

  // Work conservation.

  private void checkNothingIsLeftUndone() {
    var first = firstWaiting();
    if (first != null) {
      promises.check(
          !couldStart(first) || waitsForFilter(first) || !startsAtOnce(),
          () -> "job " + first.id() + " could start, but waits");
      return;
    }
    for (var job : state.running()) {
      promises.check(!couldGrow(job), () -> "job " + job.id() + " could grow, but does not");
    }
  }

  /// Whether the first that waits starts whenever it can: not where others may be before it, nor
  /// where these have reservations.
  private boolean startsAtOnce() {
    var rules = state.settings().queueRules();
    return rules.isFirstComeFirst()
        && (rules.policy() != QueueRules.Policy.CONSERVATIVE || !rules.backfills());
  }

  /// The first that waits for cores, be it queued or a running job of which nothing runs.
  private @Nullable Job firstWaiting() {
    var waiting = new ArrayList<>(state.queued());
    waiting.removeIf(job -> standing(job).filter(Activation.Standing::isAside).isPresent());
    state.hungry().stream().filter(job -> job.live() == 0).forEach(waiting::add);
    return waiting.stream()
        .filter(this::couldEverRun)
        .min(Comparator.comparing(Job::priority).reversed().thenComparingLong(Audit::order))
        .orElse(null);
  }

  /// Whether nobody knows yet whether a job may start, or it may not.
  private boolean waitsForFilter(Job job) {
    return job.life() instanceof JobLife.Queued
        && !state.settings().get(ClusterParameter.ACTIVATION_FILTER_PROGRAM).isEmpty()
        && standing(job).filter(standing -> !standing.keeps()).isEmpty()
        && (standing(job).isPresent()
            || activations.values().stream()
                    .filter(standing -> standing.asked().isPresent())
                    .count()
                >= MOST_ASKED);
  }

  private Optional<Activation.Standing> standing(Job job) {
    return Optional.ofNullable(activations.get(job.id()));
  }

  private boolean couldEverRun(Job job) {
    var all = fit(job).map(node -> new Room.Free(node.name(), node.offer())).toList();
    return Room.couldHold(job.spec(), next(job), all, state.licences().totals());
  }

  /// The nodes that could be prepared for a job, or have not been tried.
  private Stream<Node> fit(Job job) {
    var prep = job.prep();
    return state.nodes().stream()
        .filter(node -> prep == null || !prep.failedOn().contains(node.id()));
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
    var free =
        usable(job).stream()
            .map(node -> new Room.Free(node.name(), node.offer(), node.free(), node.freeMemoryMb()))
            .toList();
    return job.held() == 0
        && isForOne(job)
        && Room.holds(
            job.spec(),
            next(job),
            true,
            free,
            job.holdsLicences() ? Map.of() : state.licences().free());
  }

  private boolean isForOne(Job job) {
    return fit(job)
        .anyMatch(node -> Room.isForOne(job.spec(), next(job), node.name(), node.offer()));
  }

  private boolean couldGrow(Job job) {
    return job.live() > 0
        && !job.runnable().isEmpty()
        && job.held() + next(job).units().min() <= job.spec().units().max()
        && job.unusable().isEmpty()
        && isForOne(job)
        && hasRoom(job);
  }

  /// What the job's next run needs; a unit anywhere, if it has nothing to run yet.
  private static Demand next(Job job) {
    return job.runnable().isEmpty()
        ? new Demand(new Span(1, 1), 0, 0)
        : job.task(job.runnable().first()).spec().demand();
  }

  /// Whether some node has room for the next run of a job that runs elsewhere.
  private boolean hasRoom(Job job) {
    var demand = next(job);
    var resources = job.spec().resources();
    return resources.nodes().alternatives().size() == 1
        && !resources.singleNode()
        && demand.nodes().required().size() < 2
        && usable(job).stream()
            .filter(node -> mayShare(job.grantOn(node.id()), demand))
            .map(node -> new Room.Free(node.name(), node.offer(), node.free(), node.freeMemoryMb()))
            .anyMatch(node -> node.holds(job.spec(), demand));
  }

  private static boolean mayShare(@Nullable Grant held, Demand demand) {
    return held == null
        || !(held.isLeaving() || demand.nodes().exclusive() || held.closedToOthers());
  }

  /// The nodes that take work, and that other jobs leave to this one.
  private List<Node> usable(Job job) {
    return fit(job)
        .filter(Node::usable)
        .filter(node -> node.freeCores() > 0)
        .filter(
            node ->
                node.tenants().isEmpty()
                    || Set.of(job.id()).containsAll(node.tenants())
                    || !(node.exclusive() || job.spec().resources().exclusive()))
        .toList();
  }
}
