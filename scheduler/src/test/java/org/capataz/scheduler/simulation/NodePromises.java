package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.Parts;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;

/// What was promised of preparation, release and services, read from the journal alone: each grant
/// of a job with a NodePrep task is prepared once, before anything else; each that something ran in
/// is released once, after everything else, unless its node was lost; and a service has no more
/// instances than cores.
final class NodePromises {

  /// A grant as the journal tells it.
  private static final class Hold {
    private final int job;
    private final int node;
    private Parts parts;
    private int live;
    private boolean prepared;
    private boolean prepBegan;
    private boolean ran;
    private boolean releaseBegan;
    private boolean released;
    private boolean lost;

    Hold(Event.GrantOpened event) {
      job = event.job();
      node = event.node();
      parts = event.parts();
    }
  }

  private record Instance(int job, int task, int ordinal) {}

  private final Promises promises;
  private final Map<Integer, JobDraft> drafts = new HashMap<>();
  private final Map<Integer, JobSpec> specs = new HashMap<>();
  private final Map<Long, Hold> holds = new HashMap<>();
  private final Map<Instance, List<Placement>> live = new HashMap<>();
  private final Map<Integer, Set<Integer>> failedOn = new HashMap<>();
  private final Set<Integer> forced = new HashSet<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, String> boots = new HashMap<>();

  NodePromises(Promises promises) {
    this.promises = promises;
  }

  void committed(Event event) {
    switch (event) {
      case Event.JobCreated e -> drafts.put(e.job(), e.draft());
      case Event.TasksAdded e -> {
        var draft = Objects.requireNonNull(drafts.get(e.job()));
        var tasks = new ArrayList<>(draft.tasks());
        tasks.addAll(e.tasks());
        rewritten(e.job(), draft.withTasks(tasks));
      }
      case Event.JobSubmitted e ->
          specs.put(
              e.job(), JobSpec.resolve(Objects.requireNonNull(drafts.get(e.job()))).orElseThrow());
      case Event.JobModified e -> rewritten(e.job(), e.draft());
      case Event.JobConfigured e -> {
        drafts.put(e.job(), e.draft());
        specs.remove(e.job());
        failedOn.remove(e.job());
        forced.remove(e.job());
      }
      case Event.JobRequeued e -> {
        failedOn.remove(e.job());
        forced.remove(e.job());
      }
      case Event.JobStopping e -> {
        if (e.force()) {
          forced.add(e.job());
        }
      }
      case Event.GrantOpened e -> {
        promises.check(
            !failedOn.getOrDefault(e.job(), Set.of()).contains(e.node()),
            () -> "a node that could not be prepared is granted again: " + e);
        holds.put(e.grant(), new Hold(e));
      }
      case Event.GrantResized e -> {
        promises.check(!hold(e.grant()).releaseBegan, () -> "resized while released: " + e);
        hold(e.grant()).parts = e.parts();
      }
      case Event.GrantClosed e -> closed(e);
      case Event.AttemptDispatched e -> dispatched(e);
      case Event.AttemptStarted e -> ran(new Instance(e.job(), e.task(), e.ordinal()));
      case Event.AttemptEnded e -> ended(e);
      case Event.NodeRegistered e -> {
        names.put(e.node(), e.name());
        var before = boots.put(e.node(), e.bootId());
        if (before != null && !before.equals(e.bootId())) {
          holds.values().stream().filter(h -> h.node == e.node()).forEach(h -> h.lost = true);
        }
      }
      case Event.OfJob e -> {}
      case Event.OfNode e -> {}
      case Event.OfCluster e -> {}
      case Event.Passing e -> {}
    }
  }

  private void rewritten(int job, JobDraft draft) {
    drafts.put(job, draft);
    specs.computeIfPresent(job, (id, before) -> JobSpec.resolve(draft).orElseThrow());
  }

  /// An operator has given up a node, and with it what was prepared there.
  void givenUp(int node) {
    holds.values().stream().filter(hold -> hold.node == node).forEach(hold -> hold.lost = true);
  }

  /// Whether a node could not be prepared for a job.
  boolean hasFailedOn(int job, String node) {
    return failedOn.getOrDefault(job, Set.of()).stream()
        .anyMatch(failed -> node.equals(names.get(failed)));
  }

  private Hold hold(long grant) {
    return Objects.requireNonNull(holds.get(grant), () -> "grant " + grant);
  }

  private JobSpec spec(int job) {
    return Objects.requireNonNull(specs.get(job));
  }

  private boolean has(int job, TaskKind kind) {
    return spec(job).tasks().stream().anyMatch(task -> task.kind() == kind);
  }

  private void dispatched(Event.AttemptDispatched event) {
    var kind = spec(event.job()).task(event.task()).kind();
    for (var placement : event.placements()) {
      var hold = hold(placement.grant());
      switch (kind) {
        case NODE_PREP -> {
          promises.check(!hold.prepBegan, () -> "prepared twice: " + event);
          promises.check(hold.live == 0 && !hold.ran, () -> "prepared late: " + event);
          hold.prepBegan = true;
        }
        case NODE_RELEASE -> {
          promises.check(!hold.releaseBegan, () -> "released twice: " + event);
          promises.check(hold.live == 0, () -> "released while in use: " + event);
          promises.check(hold.ran, () -> "released though nothing ran there: " + event);
          promises.check(!hold.lost, () -> "released though its node was lost: " + event);
          promises.check(
              !forced.contains(event.job()), () -> "released though there is no time: " + event);
          hold.releaseBegan = true;
        }
        case BASIC, PARAMETRIC_SWEEP, SERVICE -> {
          promises.check(
              hold.prepared || !has(event.job(), TaskKind.NODE_PREP),
              () -> "before its node was prepared: " + event);
          promises.check(
              !hold.lost || !has(event.job(), TaskKind.NODE_PREP),
              () -> "after what was prepared was lost: " + event);
          promises.check(!hold.releaseBegan, () -> "after the release: " + event);
        }
      }
      promises.check(
          !kind.isForNodes() || placement.parts().equals(hold.parts),
          () -> "without all of the grant: " + event);
      hold.live++;
    }
    live.put(new Instance(event.job(), event.task(), event.ordinal()), event.placements());
    if (kind == TaskKind.SERVICE) {
      checkService(event);
    }
  }

  private void checkService(Event.AttemptDispatched event) {
    var instances =
        live.keySet().stream().filter(i -> i.job == event.job() && i.task == event.task()).count();
    var cores =
        holds.values().stream()
            .filter(hold -> hold.job == event.job())
            .mapToInt(hold -> hold.parts.cores().size())
            .sum();
    promises.check(
        instances <= cores, () -> instances + " instances on " + cores + " cores: " + event);
  }

  private void ran(Instance instance) {
    for (var placement : Objects.requireNonNull(live.get(instance))) {
      hold(placement.grant()).ran = true;
    }
  }

  private void ended(Event.AttemptEnded event) {
    var instance = new Instance(event.job(), event.task(), event.ordinal());
    if (event.end().startTime() != 0) {
      ran(instance);
    }
    var kind = spec(event.job()).task(event.task()).kind();
    for (var placement : Objects.requireNonNull(live.remove(instance))) {
      var hold = hold(placement.grant());
      hold.live--;
      hold.prepared |= kind == TaskKind.NODE_PREP && event.state() == TaskState.FINISHED;
      hold.released |= kind == TaskKind.NODE_RELEASE;
      if (kind == TaskKind.NODE_PREP
          && event.state() == TaskState.FAILED
          && !event.end().reason().isInfrastructure()) {
        failedOn.computeIfAbsent(event.job(), job -> new HashSet<>()).add(hold.node);
      }
    }
  }

  private void closed(Event.GrantClosed event) {
    var hold = hold(event.grant());
    promises.check(hold.live == 0, () -> "closed while in use: " + event);
    promises.check(
        hold.prepBegan || !has(event.job(), TaskKind.NODE_PREP), () -> "not prepared: " + event);
    promises.check(
        hold.released
            || hold.lost
            || !hold.ran
            || forced.contains(event.job())
            || !has(event.job(), TaskKind.NODE_RELEASE),
        () -> "closed without a release: " + event);
    holds.remove(event.grant());
  }
}
