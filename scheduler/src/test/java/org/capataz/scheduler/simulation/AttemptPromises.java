package org.capataz.scheduler.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.capataz.model.AttemptId;
import org.capataz.model.Demand;
import org.capataz.model.EndReason;
import org.capataz.model.InstanceId;
import org.capataz.model.JobState;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.model.Unit;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;
import org.jspecify.annotations.Nullable;

/// What was promised of attempts: each is due, has a number of its own and what its task asks for
/// of what its job holds, and is recorded as it really ended.
final class AttemptPromises {

  private final Promises promises;
  private final Chronicle told;
  private final NodePromises nodePromises;
  private final Map<InstanceId, AttemptId> live = new HashMap<>();
  private final Map<AttemptId, EndReason> ended = new HashMap<>();
  private final Map<Integer, Integer> memoryMb = new HashMap<>();
  private @Nullable World world;

  AttemptPromises(Promises promises, Chronicle told, NodePromises nodePromises) {
    this.promises = promises;
    this.told = told;
    this.nodePromises = nodePromises;
  }

  void watch(World watched) {
    world = watched;
  }

  boolean hasEnded(AttemptId attempt) {
    return ended.containsKey(attempt);
  }

  void dispatched(JobRecord job, Event.AttemptDispatched event, Promises.Author head) {
    var task = job.spec().task(event.task());
    if (task.kind().isOpen()) {
      made(job, event);
    }
    var at = job.instances[event.task() - 1];
    promises.check(
        job.state == JobState.RUNNING || task.kind() == TaskKind.NODE_RELEASE,
        () -> "dispatched for a job that is not running: " + event);
    promises.check(at[event.ordinal()] == TaskState.QUEUED, () -> "not due: " + event);
    var number = ++job.numbers[event.task() - 1][event.ordinal()];
    promises.check(event.number() == number, () -> "expected attempt " + number + ": " + event);
    for (var group : task.waitsFor()) {
      for (var parent : job.spec().groups().get(group).members()) {
        promises.check(
            job.isDone(parent), () -> "before its parent " + parent + " ended: " + event);
      }
    }
    checkRules(job, event);
    var units = 0;
    for (var placement : event.placements()) {
      units += placed(job, task, placement, event);
    }
    checkNodes(job, task.demand(), event);
    job.placements.put(event.task() + "." + event.ordinal(), event.placements());
    var given = units;
    promises.check(
        task.kind().isForNodes()
            || (given >= task.demand().units().min() && given <= task.demand().units().max()),
        () -> "other units than it asked for: " + event);
    at[event.ordinal()] = TaskState.RUNNING;
    job.live++;
    job.working += task.kind().isForNodes() ? 0 : 1;
    var id = attempt(event, head);
    promises.check(live.put(id.instance(), id) == null, () -> "live already: " + event);
  }

  private void made(JobRecord job, Event.AttemptDispatched event) {
    var count = job.instances[event.task() - 1].length;
    promises.check(
        event.ordinal() == count, () -> "expected instance " + (count + 1) + ": " + event);
    job.make(event.task());
  }

  private void checkRules(JobRecord job, Event.AttemptDispatched event) {
    var throttle = job.throttles[event.task() - 1];
    promises.check(
        throttle == 0 || job.count(event.task(), TaskState.RUNNING) < throttle,
        () -> "more at once than the throttle of " + throttle + " allows: " + event);
    var rules = job.spec().task(event.task()).rules();
    var failed = job.count(event.task(), TaskState.FAILED);
    promises.check(
        rules.maxFailures() == 0
            || failed < rules.maxFailures()
            || job.askedFor.contains(event.task() + "." + event.ordinal()),
        () -> "run after " + failed + " failures: " + event);
    promises.check(
        rules.failsJobAfter() == 0 || failed < rules.failsJobAfter(),
        () -> "run though " + failed + " failures fail the job: " + event);
  }

  /// How many units a run has there.
  private int placed(
      JobRecord job, TaskSpec task, Placement placement, Event.AttemptDispatched event) {
    var demand = task.demand();
    var releases = task.kind() == TaskKind.NODE_RELEASE;
    var hold = job.grants.get(placement.grant());
    promises.check(
        hold != null
            && hold.node() == placement.node()
            && hold.parts().containsAll(placement.parts()),
        () -> "not covered by the job's grants: " + event);
    var node = told.node(placement.node());
    promises.check(releases || node.usable(), () -> "on a node that takes no work: " + event);
    promises.check(
        releases || node.topology().all().containsAll(placement.parts()),
        () -> "more than the node offers: " + event);
    var units = Room.units(job.spec(), node.topology(), placement.parts());
    promises.check(
        placement.memoryMb() == demand.memoryMb(units), () -> "with other memory: " + event);
    if (event.behind()) {
      behind(job, placement, event);
      return units;
    }
    var used = memoryMb.merge(placement.node(), placement.memoryMb(), Integer::sum);
    promises.check(
        used <= node.offer().memoryMb(), () -> "more memory than the node offers: " + event);
    promises.check(
        demand.nodes().group().isEmpty() || node.offer().groups().contains(demand.nodes().group()),
        () -> "outside of its node group: " + event);
    job.placements.forEach(
        (instance, others) -> {
          var alone =
              demand.nodes().exclusive()
                  || job.spec()
                      .task(Integer.parseInt(instance.split("\\.", 2)[0]))
                      .demand()
                      .nodes()
                      .exclusive();
          promises.check(
              !alone || others.stream().noneMatch(other -> other.node() == placement.node()),
              () -> "beside an exclusive run of its job: " + event);
        });
    return units;
  }

  /// One that is sent ahead has what another of its task has, and no more than that may there be.
  private void behind(JobRecord job, Placement placement, Event.AttemptDispatched event) {
    promises.check(
        event.placements().size() == 1
            && job.spec().task(event.task()).kind() == TaskKind.PARAMETRIC_SWEEP
            && job.throttles[event.task() - 1] == 0,
        () -> "ahead of its turn: " + event);
    promises.check(
        job.placements.entrySet().stream()
            .anyMatch(
                other ->
                    other.getKey().startsWith(event.task() + ".")
                        && other.getValue().equals(List.of(placement))),
        () -> "behind nobody: " + event);
  }

  private void checkNodes(JobRecord job, Demand demand, Event.AttemptDispatched event) {
    var names = event.placements().stream().map(placed -> told.node(placed.node()).name()).toList();
    var required = demand.nodes().required();
    promises.check(
        names.containsAll(required), () -> "without the nodes that it requires: " + event);
    promises.check(
        names.size() == 1
            || required.size() > 1
            || job.spec().resources().unit() == Unit.NODE
            || told.nodes.values().stream()
                .filter(node -> !nodePromises.hasFailedOn(event.job(), node.name()))
                .noneMatch(node -> Room.isForOne(job.spec(), demand, node.name(), node.offer())),
        () -> "spans nodes though it fits one: " + event);
  }

  private AttemptId attempt(Event.AttemptDispatched event, Promises.Author head) {
    return new AttemptId(
        head.cluster(),
        head.epoch(),
        instance(event.job(), event.task(), event.ordinal()),
        event.number());
  }

  private InstanceId instance(int job, int task, int ordinal) {
    return new InstanceId(job, task, told.job(job).spec().task(task).sweep().index(ordinal));
  }

  /// The live attempt of an instance, of which there is to be one.
  AttemptId live(int job, int task, int ordinal, Event event) {
    return Objects.requireNonNull(
        live.get(instance(job, task, ordinal)), () -> "nothing is live: " + event);
  }

  void stopping(Event.AttemptStopping event) {
    live(event.job(), event.task(), event.ordinal(), event);
    told.job(event.job()).stopped.put(event.task() + "." + event.ordinal(), event.reason());
  }

  void ended(JobRecord job, Event.AttemptEnded event) {
    var id = live(event.job(), event.task(), event.ordinal(), event);
    live.remove(id.instance());
    promises.check(ended.put(id, event.end().reason()) == null, () -> "ended twice: " + event);
    job.instances[event.task() - 1][event.ordinal()] = event.state();
    job.live--;
    job.working -= job.spec().task(event.task()).kind().isForNodes() ? 0 : 1;
    var held = held(job, event);
    // Another of its lane may go on with it.
    if (job.placements.values().stream().noneMatch(held::equals)) {
      for (var placement : held) {
        memoryMb.merge(placement.node(), -placement.memoryMb(), Integer::sum);
      }
    }
    var real = Objects.requireNonNull(world);
    promises.check(!real.isAlive(id), () -> "recorded as ended while it runs: " + event);
    var exit = real.exit(id);
    if (event.end().reason() == EndReason.RECALLED) {
      promises.check(
          !real.hasBegun(id) && event.state() == TaskState.QUEUED,
          () -> "recalled though it has begun: " + event);
      job.stopped.remove(event.task() + "." + event.ordinal());
      return;
    }
    if (event.end().reason() == EndReason.EXITED) {
      promises.check(
          exit != null && exit.seen() && exit.code() == event.end().exitCode(),
          () -> "recorded is " + event + ", but its process came to " + exit);
    } else if (event.end().reason() == EndReason.EXIT_STATUS_LOST) {
      promises.check(real.hasUnseen(id), () -> "how it ended was not lost: " + event);
    }
    checkOutcome(job, event);
  }

  private static List<Placement> held(JobRecord job, Event.AttemptEnded event) {
    return Objects.requireNonNull(job.placements.remove(event.task() + "." + event.ordinal()));
  }

  private void checkOutcome(JobRecord job, Event.AttemptEnded event) {
    var rules = job.spec().task(event.task()).rules();
    var valid =
        event.end().reason() == EndReason.EXITED
            && rules.validExitCodes().contains(event.end().exitCode());
    var stopped = job.stopped.remove(event.task() + "." + event.ordinal());
    promises.check(
        (event.state() == TaskState.FINISHED) == (valid || stopped == EndReason.TASK_FINISHED),
        () -> "Finished without a valid exit code, or not with one: " + event);
    if (stopped != null) {
      promises.check(
          event.state() != TaskState.QUEUED || stopped == EndReason.REQUEUED,
          () -> "to run again though it was stopped: " + event);
      job.retries[event.task() - 1][event.ordinal()] = 0;
      return;
    }
    var retries = job.retries[event.task() - 1];
    if (event.state() != TaskState.QUEUED) {
      retries[event.ordinal()] = 0;
    } else if (!event.end().reason().isInfrastructure()) {
      promises.check(
          event.end().reason() == EndReason.EXITED && ++retries[event.ordinal()] <= rules.retries(),
          () -> "to run again though nothing allows it: " + event);
    }
  }
}
