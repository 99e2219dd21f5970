package org.capataz.scheduler.engine;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.Result;
import org.capataz.model.Variables;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;

/// Carries out what administrators ask of the whole cluster: each request all of it or, if refused,
/// nothing.
final class ClusterRequests {

  /// Bounds of one batch of deletions, which bound how long others wait for it.
  private static final int MOST_DELETED = 200;

  private static final int MOST_LOOKED_AT = 20_000;

  private final ClusterState state;
  private final Consumer<Event> emit;

  ClusterRequests(ClusterState state, Consumer<Event> emit) {
    this.state = state;
    this.emit = emit;
  }

  Result<Integer> change(
      Map<ClusterParameter, String> parameters, Map<String, String> variables, long now) {
    var after = state.settings();
    for (var entry : parameters.entrySet()) {
      var text =
          entry.getValue().isBlank() ? Result.ok("") : entry.getKey().check(entry.getValue());
      switch (text) {
        case Result.Ok<String>(var accepted) -> after = after.with(entry.getKey(), accepted);
        case Result.Refused<String>(var refusal) -> {
          return Result.refused(refusal);
        }
      }
    }
    for (var variable : variables.entrySet()) {
      after = after.withVariable(variable.getKey(), variable.getValue());
    }
    if (Variables.check(after.environment())
        instanceof Result.Refused<Map<String, String>>(var refusal)) {
      return Result.refused(refusal);
    }
    emitDifference(after, now);
    return Result.ok(0);
  }

  private void emitDifference(ClusterSettings after, long now) {
    var before = state.settings();
    for (var parameter : ClusterParameter.values()) {
      var text = after.parameters().getOrDefault(parameter, "");
      if (!text.equals(before.parameters().getOrDefault(parameter, ""))) {
        emit.accept(new Event.ClusterParameterSet(parameter, text, now));
      }
    }
    var names = new TreeSet<>(before.environment().keySet());
    names.addAll(after.environment().keySet());
    for (var name : names) {
      var value = after.environment().getOrDefault(name, "");
      if (!value.equals(before.environment().getOrDefault(name, ""))) {
        emit.accept(new Event.ClusterVariableSet(name, value, now));
      }
    }
  }

  private boolean nobodyWaitsFor(Job job) {
    return state.children(job.id()).stream()
        .noneMatch(child -> child.life() instanceof JobLife.Queued);
  }

  Result<Integer> deleteEnded(int after, long endedBefore, long now) {
    var last = 0;
    var looked = 0;
    var deleted = 0;
    for (var job : state.jobsAfter(after, MOST_LOOKED_AT)) {
      last = job.id();
      looked++;
      if (job.life() instanceof JobLife.Ended ended
          && ended.endTime() < endedBefore
          && nobodyWaitsFor(job)) {
        emit.accept(new Event.JobDeleted(job.id(), now));
        deleted++;
      }
      if (deleted == MOST_DELETED) {
        return Result.ok(last);
      }
    }
    return Result.ok(looked == MOST_LOOKED_AT ? last : 0);
  }
}
