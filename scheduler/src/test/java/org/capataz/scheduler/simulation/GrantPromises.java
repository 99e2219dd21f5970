package org.capataz.scheduler.simulation;

import java.util.Objects;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.model.TaskKind;
import org.capataz.scheduler.event.Event;

/// What was promised of grants: nothing is granted twice, in whole units, on nodes that the job may
/// be given, and between its minimum and its maximum.
final class GrantPromises {

  private final Promises promises;
  private final Chronicle told;

  GrantPromises(Promises promises, Chronicle told) {
    this.promises = promises;
    this.told = told;
  }

  void opened(JobRecord job, Event.GrantOpened event) {
    var hold = new JobRecord.Hold(event.node(), event.parts());
    promises.check(job.grants.put(event.grant(), hold) == null, () -> "opened twice: " + event);
    granted(job, event.grant(), event.parts(), event);
  }

  void resized(JobRecord job, long grant, Parts parts, Event event) {
    var before = Objects.requireNonNull(job.grants.get(grant), event::toString);
    if (parts.isEmpty()) {
      job.grants.remove(grant);
    } else {
      job.grants.put(grant, new JobRecord.Hold(before.node(), parts));
    }
    var more = parts.minus(before.parts());
    if (!more.isEmpty()) {
      granted(job, grant, more, event);
    }
    var node = told.node(before.node());
    var gone = before.parts().minus(parts);
    // What could not be prepared, and what has to be prepared anew, is given up in any case.
    var needed =
        job.state == JobState.RUNNING
            && job.working > 0
            && node.usable()
            && !job.has(TaskKind.NODE_PREP)
            && !job.has(TaskKind.NODE_RELEASE);
    if (needed && !gone.isEmpty() && node.topology().all().containsAll(gone)) {
      promises.check(
          held(job) >= job.spec().units().min(), () -> "taken below the minimum: " + event);
    }
  }

  private int held(JobRecord job) {
    return switch (job.spec().resources().unit()) {
      case CORE -> job.grants.values().stream().mapToInt(hold -> hold.parts().cores().size()).sum();
      case GPU -> job.grants.values().stream().mapToInt(hold -> hold.parts().gpus().size()).sum();
      case NODE -> job.grants.size();
      case SOCKET ->
          job.grants.values().stream()
              .mapToInt(
                  hold ->
                      Math.max(
                          1,
                          (int)
                              told.node(hold.node()).topology().sockets().stream()
                                  .filter(hold.parts().cores()::intersects)
                                  .count()))
              .sum();
    };
  }

  private void granted(JobRecord job, long grant, Parts more, Event event) {
    promises.check(held(job) <= job.spec().units().max(), () -> "more than the maximum: " + event);
    var mine = Objects.requireNonNull(job.grants.get(grant));
    for (var other : told.jobs.values()) {
      other.grants.forEach(
          (id, hold) -> {
            promises.check(
                id == grant || hold.node() != mine.node() || !hold.parts().intersects(mine.parts()),
                () -> "granted twice: " + event);
            promises.check(
                other == job
                    || hold.node() != mine.node()
                    || !(job.spec().resources().exclusive()
                        || other.spec().resources().exclusive()),
                () -> "on the node of an exclusive job: " + event);
          });
    }
    var node = told.node(mine.node());
    promises.check(isWhole(job, node, more), () -> "not in whole units: " + event);
    checkChoice(job, node, event);
  }

  private static boolean isWhole(JobRecord job, NodeRecord node, Parts more) {
    var topology = node.topology();
    return switch (job.spec().resources().unit()) {
      case CORE -> more.gpus().isEmpty();
      case GPU -> more.cores().size() == more.gpus().size() * topology.coresPerGpu();
      case NODE -> more.equals(topology.all());
      case SOCKET ->
          more.gpus().isEmpty()
              && topology.sockets().stream()
                  .allMatch(
                      socket ->
                          more.cores().containsAll(socket) || !more.cores().intersects(socket));
    };
  }

  private void checkChoice(JobRecord job, NodeRecord node, Event event) {
    var resources = job.spec().resources();
    var wanted = resources.nodes();
    promises.check(
        !wanted.excluded().contains(node.name())
            && (wanted.requested().isEmpty() || wanted.requested().contains(node.name())),
        () -> "on a node that it may not be given: " + event);
    promises.check(
        node.offer().cores() >= wanted.cores().min()
            && node.offer().cores() <= wanted.cores().max()
            && node.offer().memoryMb() >= wanted.memoryMb().min()
            && node.offer().memoryMb() <= wanted.memoryMb().max(),
        () -> "on a node of another size: " + event);
    var on =
        job.grants.values().stream().map(hold -> told.node(hold.node()).offer().groups()).toList();
    var groups = wanted.groups();
    promises.check(
        groups.isEmpty()
            || switch (wanted.groupOp()) {
              case INTERSECT -> node.offer().groups().containsAll(groups);
              case UNION -> groups.stream().anyMatch(node.offer().groups()::contains);
              case UNIFORM ->
                  groups.stream().anyMatch(group -> on.stream().allMatch(g -> g.contains(group)));
            },
        () -> "outside of its node groups: " + event);
    promises.check(!resources.singleNode() || on.size() == 1, () -> "on several nodes: " + event);
  }
}
