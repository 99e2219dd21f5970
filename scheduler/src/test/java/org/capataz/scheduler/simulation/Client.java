package org.capataz.scheduler.simulation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.Moment;
import org.capataz.model.Result;
import org.capataz.model.Share;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskProperty;
import org.capataz.scheduler.engine.Command;

/// Somebody who submits jobs and changes their mind about them, who asks again what was not
/// answered, and remembers what was.
final class Client {

  private static final String[] POLICIES = {"", "fcfs", "easy-sjbf", "conservative"};
  private static final String[] ORDERS = {"sjf", "saf", "wfp3", "unicep", "f1"};

  private static final long PATIENCE = 3_000_000;
  private static final Command.Author ADA = new Command.Author("ada", "");

  /// Longer ago than anybody asks again.
  private static final long LONG_AGO = 60_000_000;

  private final Timeline timeline;
  private final Head head;
  private final Promises promises;
  private final Workload workload;
  private final Map<UUID, Integer> answered = new LinkedHashMap<>();
  private final SequencedSet<Integer> configuring = new LinkedHashSet<>();
  private final boolean isFiltered;
  private final boolean isLeased;
  private int requests;

  /// @param isFiltered whether there is an activation filter, most of the time
  /// @param isLeased whether runs get leases, most of the time
  Client(Timeline timeline, Head head, Promises promises, boolean isFiltered, boolean isLeased) {
    this.timeline = timeline;
    this.head = head;
    this.promises = promises;
    this.workload = new Workload(timeline);
    this.isFiltered = isFiltered;
    this.isLeased = isLeased;
  }

  /// Has runs that take many seconds sent to nodes ahead of their turn, and submits long sweeps.
  void sendAhead() {
    workload.lengthen();
    head.ask(
        new Command.ChangeSettings(Map.of(ClusterParameter.NODE_BACKLOG, "60000"), Map.of()),
        answer -> {});
  }

  /// Does one thing or another.
  void act() {
    if (isFiltered && (requests == 0 || timeline.chance(0.1))) {
      head.ask(filter(), answer -> {});
    }
    if (isLeased && (requests == 0 || timeline.chance(0.1))) {
      head.ask(leases(), answer -> {});
    }
    if (timeline.chance(0.05)) {
      head.ask(
          new Command.ChangeSettings(
              Map.of(ClusterParameter.LICENSES, workload.licences()), Map.of()),
          answer -> {});
    } else if (answered.isEmpty() || timeline.chance(0.6)) {
      var submit = !timeline.chance(0.1);
      var job = workload.waiting(workload.job(), known());
      create(new Command.CreateJob(nextRequest(), "ada", job.draft(), submit));
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
    if (timeline.chance(0.2)) {
      return templates();
    }
    if (timeline.chance(0.2)) {
      return shares();
    }
    return timeline.chance(0.5)
        ? new Command.DeleteEndedJobs(0, timeline.now() - LONG_AGO)
        : new Command.ChangeSettings(
            Map.of(
                ClusterParameter.TASK_RETRY_COUNT,
                "" + timeline.pick(1, 5),
                ClusterParameter.NODE_RELEASE_TASK_TIMEOUT,
                "" + timeline.pick(1, 20),
                ClusterParameter.SCHEDULING_POLICY,
                POLICIES[timeline.pick(0, POLICIES.length - 1)],
                ClusterParameter.QUEUE_ORDER,
                timeline.chance(0.5) ? "" : ORDERS[timeline.pick(0, ORDERS.length - 1)],
                ClusterParameter.STARVATION_GUARD,
                timeline.chance(0.5) ? "" : "" + timeline.pick(1, 60)),
            Map.of("SITE", timeline.chance(0.5) ? "" : "s" + timeline.pick(1, 3)));
  }

  /// Most often with a filter, and each time another one.
  private Command filter() {
    return new Command.ChangeSettings(
        Map.of(
            ClusterParameter.ACTIVATION_FILTER_PROGRAM,
            timeline.chance(0.2) ? "" : "/site/filter" + ++requests,
            ClusterParameter.DEFAULT_HOLD_DURATION,
            "" + timeline.pick(1, 60)),
        Map.of());
  }

  private Command leases() {
    var most = timeline.chance(0.1) ? "" : "" + timeline.pick(20, 40);
    return new Command.ChangeSettings(
        Map.of(ClusterParameter.NODE_LOST_RERUN_AFTER, most), Map.of());
  }

  /// What jobs without a template are held to from then on, too.
  private Command templates() {
    var standard = Integer.toString(timeline.pick(1, 4000));
    var template =
        new JobTemplate(
            timeline.chance(0.5) ? "Default" : "t" + timeline.pick(1, 2),
            "",
            List.of(),
            List.of(JobTemplate.Item.of(JobProperty.EXPANDED_PRIORITY, standard, "0", "4000")));
    return new Command.ChangeSettings(
        Map.of(),
        Map.of(),
        List.of(template),
        timeline.chance(0.2) ? List.of("t" + timeline.pick(1, 2)) : List.of());
  }

  private Command shares() {
    var project = "p" + timeline.pick(1, 3);
    return new Command.ChangeSettings(
        Map.of(
            ClusterParameter.USAGE_HALF_LIFE,
            timeline.chance(0.3) ? "Infinite" : "" + timeline.pick(30, 3000),
            ClusterParameter.FAIR_SHARE,
            timeline.chance(0.5) ? "" : "Classic"),
        Map.of(),
        List.of(),
        List.of(),
        List.of(new Share(new Share.Of(project, ""), "", timeline.pick(0, 5))),
        List.of());
  }

  private List<Integer> known() {
    return answered.values().stream().filter(job -> job > 0).toList();
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
    switch (timeline.pick(0, 19)) {
      case 14, 15 ->
          head.ask(
              new Command.AddTasks(job, nextRequest(), workload.job().draft().tasks()),
              answer -> {});
      case 16 ->
          head.ask(
              new Command.HoldJob(
                  job,
                  timeline.chance(0.5) ? 0 : timeline.now() + timeline.pick(1, 30) * 1_000_000L),
              answer -> {});
      case 4 ->
          head.ask(
              new Command.ThrottleTask(job, timeline.pick(0, 2), timeline.pick(0, 4)),
              answer -> {});
      case 5 -> {
        head.ask(new Command.ConfigureJob(job), answer -> {});
        head.ask(new Command.SubmitJob(job), answer -> {});
      }
      case 6 -> head.ask(new Command.FinishJob(job, manner(), ADA), answer -> {});
      case 7, 8, 13 -> head.ask(new Command.CancelTask(target(job), manner(), ADA), answer -> {});
      case 9 -> head.ask(new Command.FinishTask(target(job), ADA), answer -> {});
      case 10, 11, 12 -> head.ask(new Command.RequeueTask(target(job), ADA), answer -> {});
      case 3, 17, 18 -> modify(job);
      case 19 ->
          head.ask(
              new Command.SetProgress(
                  job, OptionalInt.of(timeline.pick(0, 100)), Optional.of("so far")),
              answer -> {});
      case 0 -> head.ask(new Command.RequeueJob(job, false), answer -> {});
      case 1 -> head.ask(new Command.RequeueJob(job, true), answer -> {});
      default -> head.ask(new Command.CancelJob(job, manner(), ADA), answer -> {});
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

  private String soon() {
    return Moment.text(timeline.now() + timeline.pick(2, 30) * 1_000_000L);
  }

  private JobChange someChange(JobDraft draft) {
    return switch (timeline.pick(0, 6)) {
      case 0 -> JobChange.of(JobProperty.PRIORITY, timeline.chance(0.5) ? "Highest" : "Lowest");
      case 1 -> JobChange.of(JobProperty.RUNTIME_SECONDS, "" + timeline.pick(0, 60));
      case 2 -> JobChange.of(JobProperty.HOLD_UNTIL, timeline.chance(0.5) ? "" : soon());
      case 3 -> JobChange.of(JobProperty.PROJECT, "p" + timeline.pick(1, 3));
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

  private Command.Manner manner() {
    return List.of(Command.Manner.values()).get(timeline.pick(0, 2));
  }

  private Command.Target target(int job) {
    var instance =
        timeline.chance(0.5) ? OptionalLong.empty() : OptionalLong.of(timeline.pick(0, 6));
    return new Command.Target(job, timeline.pick(1, 3), instance);
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

  /// Ends all services, one way or another.
  void endServices() {
    for (var job : head.state().jobs()) {
      if (job.service() == null || job.life().state().isEnd()) {
        continue;
      }
      var id = job.id();
      head.ask(
          switch (timeline.pick(0, 3)) {
            case 0 -> new Command.FinishJob(id, Command.Manner.USUAL, ADA);
            case 1 -> new Command.FinishTask(new Command.Target(id, 1, OptionalLong.empty()), ADA);
            default -> new Command.CancelJob(id, manner(), ADA);
          },
          answer -> {});
    }
  }

  /// Cancels what it never submitted, what waits for that, what was too much for the nodes that
  /// came later, and what never ends by itself.
  void giveUp() {
    for (var job : head.state().jobs()) {
      if (job.life().state() == JobState.CONFIGURING
          || (!job.life().state().isEnd()
              && (!promises.couldEverRun(job.id())
                  || job.spec().rules().runUntilCanceled()
                  || !job.spec().rules().parents().isEmpty()))) {
        head.ask(new Command.CancelJob(job.id(), Command.Manner.USUAL, ADA), answer -> {});
      }
    }
  }
}
