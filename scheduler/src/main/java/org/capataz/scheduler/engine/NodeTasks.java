package org.capataz.scheduler.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.OpenTask;

/// What runs on a node because a job gets it or leaves it: its NodePrep and its NodeRelease task.
/// Either has all cores of the grant while it runs.
final class NodeTasks {

  private final ClusterState state;
  private final Consumer<Event> emit;

  NodeTasks(ClusterState state, Consumer<Event> emit) {
    this.state = state;
    this.emit = emit;
  }

  /// Has the node of a new grant prepared.
  void opened(Job job, Grant grant, long now) {
    var prep = job.prep();
    if (prep != null) {
      run(prep, grant, now);
    }
  }

  /// Hands back a grant in which nothing runs: when its node is released, or at once, if there is
  /// nothing to release or no time for it.
  void leave(Job job, Grant grant, long now) {
    var release = job.release();
    var force = job.life() instanceof JobLife.Stopping stopping && stopping.force();
    if (release != null && grant.used() && !grant.lost() && !force) {
      run(release, grant, now);
    } else {
      close(grant, now);
    }
  }

  /// Whether [#leave] takes more than a moment.
  boolean takesTime(Job job) {
    return job.release() != null && job.grants().stream().anyMatch(Grant::used);
  }

  /// Whether nothing of a job runs but releases of its nodes.
  static boolean isAllThatRuns(Job job) {
    var release = job.release();
    return release != null && job.live() > 0 && release.live().size() == job.live();
  }

  private void run(OpenTask task, Grant grant, long now) {
    emit.accept(
        new Event.AttemptDispatched(
            grant.job(),
            task.number(),
            task.made(),
            task.former(task.made()).number() + 1,
            List.of(new Placement(grant.id(), grant.node().id(), grant.parts(), 0)),
            false,
            0,
            now));
  }

  private void close(Grant grant, long now) {
    emit.accept(new Event.GrantClosed(grant.job(), grant.id(), grant.node().id(), now));
  }

  /// An attempt has started.
  void started(Attempt attempt, long now) {
    var job = state.job(attempt.job());
    if (job == null || job.release() == null) {
      return;
    }
    for (var placement : attempt.placements()) {
      var grant = job.grantOn(placement.node());
      if (grant != null && grant.id() == placement.grant() && !grant.used()) {
        emit.accept(new Event.GrantUsed(job.id(), grant.id(), placement.node(), now));
      }
    }
  }

  /// Takes the end of a release, however it ended: the node has left the job.
  void released(Job job, Attempt attempt, long now) {
    var grant = job.grantOn(attempt.leadNode());
    if (grant != null) {
      close(grant, now);
    }
  }

  /// Gives up the nodes whose preparation has failed, or that were lost.
  ///
  /// @return whether there were any
  boolean dropUnusable(Job job, long now) {
    var dropped = false;
    for (var grant : List.copyOf(job.unusable())) {
      if (grant.busy().isEmpty()) {
        leave(job, grant, now);
        dropped = true;
      }
    }
    return dropped;
  }

  /// A node has restarted. What was prepared there is gone, and there is nothing to release.
  void lost(Node node, long now) {
    for (var grant : state.grantsOn(node)) {
      var job = state.job(grant.job());
      if (job == null || (job.prep() == null && job.release() == null)) {
        continue;
      }
      if (grant.busy().isEmpty()) {
        close(grant, now);
      } else if (!grant.lost()) {
        // What ran there has yet to end; a run on several nodes may even go on.
        emit.accept(new Event.GrantLost(job.id(), grant.id(), node.id(), now));
      }
    }
  }

  /// Why a job can go on no more: too many nodes could not be prepared. Empty if it can.
  String hopeless(Job job) {
    var prep = job.prep();
    if (prep == null || prep.failedOn().isEmpty() || StateSnapshot.couldEverHold(state, job)) {
      return "";
    }
    var failures = new LinkedHashMap<Integer, String>();
    prep.ended()
        .snapshot()
        .forEach(
            entry -> {
              var node = state.node(entry.node());
              if (node != null && prep.failedOn().contains(node.id())) {
                failures.put(node.id(), node.name() + " (" + entry.end().why() + ")");
              }
            });
    return "preparation failed on every node that could run it: "
        + some(List.copyOf(failures.values()));
  }

  private static String some(List<String> all) {
    var shown = String.join(", ", all.subList(0, Math.min(5, all.size())));
    return all.size() > 5 ? shown + " and " + (all.size() - 5) + " more" : shown;
  }
}
