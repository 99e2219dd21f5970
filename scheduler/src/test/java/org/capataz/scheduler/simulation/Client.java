package org.capataz.scheduler.simulation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.UUID;
import org.capataz.model.JobState;
import org.capataz.model.Result;
import org.capataz.scheduler.engine.Command;

/// Somebody who submits jobs and changes their mind about them, who asks again what was not
/// answered, and remembers what was.
final class Client {

  private static final long PATIENCE = 3_000_000;

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
    if (answered.isEmpty() || timeline.chance(0.7)) {
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
    switch (timeline.pick(0, 3)) {
      case 0 -> head.ask(new Command.RequeueJob(job, false), answer -> {});
      case 1 -> head.ask(new Command.RequeueJob(job, true), answer -> {});
      default -> head.ask(new Command.CancelJob(job, ""), answer -> {});
    }
  }

  /// Whether the head node still has every job that it acknowledged, once.
  void checkNothingIsLost() {
    answered.forEach(
        (request, job) -> {
          if (job != 0) {
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
