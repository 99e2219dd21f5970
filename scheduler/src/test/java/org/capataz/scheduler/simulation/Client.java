package org.capataz.scheduler.simulation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.Result;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskProperty;
import org.capataz.scheduler.engine.Command;

/// Somebody who submits jobs and changes their mind about them, who asks again what was not
/// answered, and remembers what was.
final class Client {

  private static final long PATIENCE = 3_000_000;

  /// Longer ago than anybody asks again.
  private static final long LONG_AGO = 60_000_000;

  private final Timeline timeline;
  private final Head head;
  private final Promises promises;
  private final Workload workload;
  private final Map<UUID, Integer> answered = new LinkedHashMap<>();
  private final SequencedSet<Integer> configuring = new LinkedHashSet<>();
  private int requests;

  Client(Timeline timeline, Head head, Promises promises) {
    this.timeline = timeline;
    this.head = head;
    this.promises = promises;
    this.workload = new Workload(timeline);
  }

  /// Does one thing or another.
  void act() {
    if (timeline.chance(0.05)) {
      head.ask(
          new Command.ChangeSettings(
              Map.of(ClusterParameter.LICENSES, workload.licences()), Map.of()),
          answer -> {});
    } else if (answered.isEmpty() || timeline.chance(0.7)) {
      var submit = !timeline.chance(0.1);
      create(new Command.CreateJob(nextRequest(), "ada", workload.job().draft(), submit));
    } else if (!configuring.isEmpty() && timeline.chance(0.5)) {
      var job = configuring.getFirst();
      var more = workload.job().draft().tasks();
      head.ask(new Command.AddTasks(job, nextRequest(), more), answer -> {});
      head.ask(new Command.SubmitJob(job), answer -> configuring.remove(job));
    } else {
      var jobs = List.copyOf(answered.values());
      change(jobs.get(timeline.pick(0, jobs.size() - 1)));
    }
    if (timeline.chance(0.1)) {
      head.ask(administration(), answer -> {});
    }
  }

  private Command administration() {
    return timeline.chance(0.5)
        ? new Command.DeleteEndedJobs(0, timeline.now() - LONG_AGO)
        : new Command.ChangeSettings(
            Map.of(ClusterParameter.TASK_RETRY_COUNT, "" + timeline.pick(1, 5)),
            Map.of("SITE", timeline.chance(0.5) ? "" : "s" + timeline.pick(1, 3)));
  }

  private UUID nextRequest() {
    return new UUID(5, ++requests);
  }

  private void create(Command.CreateJob create) {
    head.ask(create, answer -> created(create, answer));
    timeline.in(
        PATIENCE,
        () -> {
          if (!answered.containsKey(create.requestId())) {
            create(create);
          }
        });
  }

  private void created(Command.CreateJob create, Result<Integer> answer) {
    switch (answer) {
      case Result.Ok<Integer>(var job) -> {
        var before = answered.put(create.requestId(), job);
        promises.check(
            before == null || before.equals(job),
            () -> "one request made jobs " + before + " and " + job);
        if (!create.submit()) {
          configuring.add(job);
        }
      }
      case Result.Refused<Integer> refused -> answered.put(create.requestId(), 0);
    }
  }

  private void change(int job) {
    switch (timeline.pick(0, 6)) {
      case 3, 4 -> modify(job);
      case 5 ->
          head.ask(
              new Command.SetProgress(
                  job, OptionalInt.of(timeline.pick(0, 100)), Optional.of("so far")),
              answer -> {});
      case 0 -> head.ask(new Command.RequeueJob(job, false), answer -> {});
      case 1 -> head.ask(new Command.RequeueJob(job, true), answer -> {});
      default -> head.ask(new Command.CancelJob(job, ""), answer -> {});
    }
  }

  /// Changes a job, knowing it as it is stored now.
  private void modify(int id) {
    var job = head.isUp() ? head.state().job(id) : null;
    if (job == null || head.rows().isMissing(id)) {
      return;
    }
    var draft = head.rows().draft(id);
    head.ask(
        new Command.ModifyJob(id, nextRequest(), job.revision(), draft, someChange(draft)),
        answer -> {
          if (job.life().state() == JobState.CONFIGURING) {
            head.ask(new Command.SubmitJob(id), submitted -> {});
          }
        });
  }

  private JobChange someChange(JobDraft draft) {
    return switch (timeline.pick(0, 4)) {
      case 0 -> JobChange.of(JobProperty.PRIORITY, timeline.chance(0.5) ? "Highest" : "Lowest");
      case 1 -> JobChange.of(JobProperty.RUNTIME_SECONDS, "" + timeline.pick(0, 60));
      case 2 -> JobChange.of(JobProperty.PROJECT, "p" + timeline.pick(1, 3));
      default -> {
        var number = draft.tasks().isEmpty() ? 1 : timeline.pick(1, draft.tasks().size());
        var change =
            timeline.chance(0.5)
                ? Map.of(
                    TaskProperty.TYPE,
                    "ParametricSweep",
                    TaskProperty.END_VALUE,
                    "" + timeline.pick(1, 9))
                : Map.of(TaskProperty.COMMAND_LINE, "work " + timeline.pick(1, 9));
        yield JobChange.ofTask(number, new TaskChange(change, Map.of(), Map.of()));
      }
    };
  }

  /// Whether the head node still has every job that it acknowledged, once.
  void checkNothingIsLost() {
    answered.forEach(
        (request, job) -> {
          if (job != 0 && !promises.isDeleted(job)) {
            var kept = head.state().job(job);
            promises.check(
                kept != null && kept.requestId().equals(request),
                () -> "job " + job + " was acknowledged, but is lost");
          }
        });
  }

  /// Cancels what it never submitted, and what was too much for the nodes that came later.
  void giveUp() {
    for (var job : head.state().jobs()) {
      if (job.life().state() == JobState.CONFIGURING
          || (!job.life().state().isEnd() && !promises.couldEverRun(job.id()))) {
        head.ask(new Command.CancelJob(job.id(), ""), answer -> {});
      }
    }
  }
}
