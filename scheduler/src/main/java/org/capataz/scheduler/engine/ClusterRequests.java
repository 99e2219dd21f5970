package org.capataz.scheduler.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobTemplate;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.model.Shares;
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
  private static final int MOST_TEMPLATES = 1000;

  private final ClusterState state;
  private final Consumer<Event> emit;

  ClusterRequests(ClusterState state, Consumer<Event> emit) {
    this.state = state;
    this.emit = emit;
  }

  Result<Integer> change(Command.ChangeSettings command, long now) {
    var after = state.settings();
    for (var entry : command.parameters().entrySet()) {
      var text =
          entry.getValue().isBlank() ? Result.ok("") : entry.getKey().check(entry.getValue());
      switch (text) {
        case Result.Ok<String>(var accepted) -> after = after.with(entry.getKey(), accepted);
        case Result.Refused<String>(var refusal) -> {
          return Result.refused(refusal);
        }
      }
    }
    for (var variable : command.variables().entrySet()) {
      after = after.withVariable(variable.getKey(), variable.getValue());
    }
    if (Variables.check(after.environment())
        instanceof Result.Refused<Map<String, String>>(var refusal)) {
      return Result.refused(refusal);
    }
    return withTemplates(after, command)
        .then(changed -> withShares(changed, command))
        .then(
            changed -> {
              emitDifference(changed, now);
              return Result.ok(0);
            });
  }

  private static Result<ClusterSettings> withTemplates(
      ClusterSettings settings, Command.ChangeSettings command) {
    var after = settings;
    for (var name : command.deletedTemplates()) {
      if (name.equalsIgnoreCase(JobTemplate.DEFAULT_NAME)) {
        return Result.refused(
            Refusal.wrongState(
                "expected another template than Default to delete, but it always exists; capataz"
                    + " template import replaces it"));
      }
      if (after.template(name) instanceof Result.Refused<JobTemplate>(var refusal)) {
        return Result.refused(refusal);
      }
      after = after.withoutTemplate(name);
    }
    for (var template : command.templates()) {
      switch (template.check()) {
        case Result.Ok<JobTemplate>(var checked) -> after = after.withTemplate(checked);
        case Result.Refused<JobTemplate>(var refusal) -> {
          return Result.refused(refusal);
        }
      }
    }
    if (after.templates().size() > MOST_TEMPLATES) {
      return Result.invalid("expected at most " + MOST_TEMPLATES + " job templates");
    }
    return Result.ok(after);
  }

  private static Result<ClusterSettings> withShares(
      ClusterSettings settings, Command.ChangeSettings command) {
    var after = settings.shares();
    for (var deleted : command.deletedShares()) {
      if (!after.has(deleted)) {
        return Result.refused(
            Refusal.notFound(
                "expected a project or user of the share tree, but "
                    + deleted
                    + " is not in it; capataz share tree shows it"));
      }
      after = after.without(deleted);
    }
    for (var share : command.shares()) {
      if (share.check() instanceof Result.Refused<Share>(var refusal)) {
        return Result.refused(refusal);
      }
      after = after.with(share);
    }
    return after.check().then(checked -> Result.ok(settings.with(checked)));
  }

  private void emitDifference(ClusterSettings after, long now) {
    var before = state.settings();
    for (var parameter : ClusterParameter.values()) {
      var text = after.parameters().getOrDefault(parameter, "");
      if (!text.equals(before.parameters().getOrDefault(parameter, ""))) {
        emit.accept(new Event.ClusterParameterSet(parameter, text, now));
        if (parameter == ClusterParameter.ACTIVATION_FILTER_PROGRAM) {
          List.copyOf(state.held()).forEach(job -> Waiting.askAnew(job, emit, now));
        }
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
    emitTemplates(before, after, now);
    emitShares(before.shares(), after.shares(), now);
  }

  private void emitShares(Shares before, Shares after, long now) {
    for (var of : before.all().keySet()) {
      if (!after.has(of)) {
        emit.accept(new Event.ShareDeleted(of, now));
      }
    }
    for (var share : after.all().values()) {
      if (!share.equals(before.all().get(share.of()))) {
        emit.accept(new Event.ShareSet(share, now));
      }
    }
  }

  private void emitTemplates(ClusterSettings before, ClusterSettings after, long now) {
    for (var name : before.templates().keySet()) {
      if (!after.templates().containsKey(name)) {
        emit.accept(new Event.TemplateDeleted(name, now));
      }
    }
    for (var template : after.templates().values()) {
      if (!template.equals(before.templates().get(template.name()))) {
        emit.accept(new Event.TemplateSet(template, now));
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
