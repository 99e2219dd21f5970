package org.capataz.headnode.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.capataz.model.ClusterParameter;
import org.capataz.model.EndReason;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobTemplate;
import org.capataz.model.Moment;
import org.capataz.model.Quota;
import org.capataz.model.Share;
import org.capataz.model.TaskChange;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskProperty;
import org.capataz.model.Topology;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Engine;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.event.NodeOffer;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Node;

/// A cluster to which random things happen, which only the seed decides. Its nodes answer to what
/// they were given, late or never, or come back without it.
final class RandomCluster {
  private static final int NODES = 4;

  private final Random random;
  private final List<Event> events = new ArrayList<>();
  private SqlStore store;
  private ClusterState state;
  private Engine engine;
  private long now = 1_700_000_000_000_000L;

  RandomCluster(long seed, Store opened) {
    random = new Random(seed);
    store = (SqlStore) opened;
    state = new ClusterState(store.cluster(), store.epoch());
    engine = engine();
  }

  private Engine engine() {
    return new Engine(state, new QueuePolicy(), events::add);
  }

  ClusterState state() {
    return state;
  }

  /// Goes on with the state as it was stored.
  void restart(Store opened) {
    store = (SqlStore) opened;
    state = restored(store);
    engine = engine();
  }

  static ClusterState restored(Store store) {
    var restored = new ClusterState(store.cluster(), store.epoch());
    restored.restore(store.load());
    return restored;
  }

  /// Lets some things happen.
  ///
  /// @return what is to be committed
  List<Event> happen() {
    events.clear();
    for (var left = 1 + random.nextInt(8); left > 0; left--) {
      now += random.nextInt(5_000_000);
      engine.handle(command(), now);
    }
    engine.settle(now);
    return List.copyOf(events);
  }

  private Command command() {
    return switch (random.nextInt(29)) {
      case 0, 1, 2 ->
          new Command.CreateJob(uuid(), "user" + random.nextInt(3), draft(), random.nextInt(4) > 0);
      case 3 -> new Command.AddTasks(job(), uuid(), tasks(1 + random.nextInt(3)));
      case 4 -> new Command.SubmitJob(job());
      case 5 -> new Command.CancelJob(job(), manner(), author());
      case 6, 7 -> new Command.RequeueJob(job(), random.nextBoolean());
      case 8 -> new Command.SwitchNode("n" + random.nextInt(NODES), random.nextInt(3) > 0);
      case 9 -> new Command.DisconnectNode(1 + random.nextInt(NODES));
      case 10, 11 -> connect();
      case 12, 19, 20 -> rule();
      case 15, 16, 17 -> modify();
      case 18 ->
          new Command.SetProgress(
              job(), OptionalInt.of(random.nextInt(101)), Optional.of("step " + random.nextInt(9)));
      case 13 -> new Command.DeleteEndedJobs(0, now - 100_000_000);
      case 14 ->
          new Command.ChangeSettings(
              Map.of(
                  ClusterParameter.TASK_RETRY_COUNT,
                  "" + random.nextInt(5),
                  ClusterParameter.NODE_LOST_RERUN_AFTER,
                  "60",
                  ClusterParameter.LICENSES,
                  "x:" + random.nextInt(9),
                  ClusterParameter.NODE_RELEASE_TASK_TIMEOUT,
                  "" + (1 + random.nextInt(30)),
                  ClusterParameter.USAGE_HALF_LIFE,
                  random.nextInt(4) == 0 ? "Infinite" : "" + (60 + random.nextInt(1000))),
              Map.of("V" + random.nextInt(3), random.nextBoolean() ? "" : "value"),
              List.of(template()),
              random.nextInt(4) == 0 ? List.of("t0") : List.of(),
              List.of(
                  new Share(new Share.Of("climate", ""), "", random.nextInt(9)),
                  new Share(new Share.Of("climate", "user0"), "", random.nextInt(9)),
                  new Share(new Share.Of("", "user" + random.nextInt(3)), "", 1, 0, quota()),
                  new Share(
                      new Share.Of("ocean", ""),
                      random.nextBoolean() ? "climate" : "",
                      random.nextInt(9))),
              state.settings().shares().hasProject("ocean") && random.nextBoolean()
                  ? List.of(new Share.Of("ocean", ""))
                  : List.of());
      default -> report();
    };
  }

  private Quota quota() {
    return new Quota(limit(8), limit(5), limit(20), limit(1));
  }

  private OptionalInt limit(int most) {
    return random.nextInt(3) == 0 ? OptionalInt.of(random.nextInt(most + 1)) : OptionalInt.empty();
  }

  private JobTemplate template() {
    return new JobTemplate(
        random.nextBoolean() ? "T0" : "t" + random.nextInt(2),
        "for tests",
        List.of(),
        List.of(JobTemplate.Item.of(JobProperty.RUNTIME_SECONDS, "" + (100 + random.nextInt(9)))));
  }

  private Command modify() {
    var id = job();
    var parts = store.drafts(id);
    if (parts.isEmpty()) {
      return new Command.SubmitJob(id);
    }
    var change =
        switch (random.nextInt(4)) {
          case 0 -> JobChange.of(JobProperty.EXPANDED_PRIORITY, "" + random.nextInt(4000));
          case 1 -> JobChange.of(JobProperty.PROJECT, random.nextBoolean() ? "" : "climate");
          case 2 ->
              new JobChange(
                  Map.of(JobProperty.RUNTIME_SECONDS, "" + (30 + random.nextInt(60))),
                  Map.of(),
                  Map.of("case", "" + random.nextInt(9)),
                  Map.of());
          default ->
              JobChange.ofTask(
                  1,
                  new TaskChange(
                      Map.of(TaskProperty.END_VALUE, "" + (1 + random.nextInt(40))),
                      Map.of("A", "b"),
                      Map.of("c", "d")));
        };
    return new Command.ModifyJob(id, uuid(), parts.size() - 1, DraftPart.whole(parts), change);
  }

  private Command rule() {
    return switch (random.nextInt(9)) {
      case 7 -> {
        var by = random.nextInt(200_000_000) - 100_000_000;
        now += by;
        yield new Command.TrustClock(by);
      }
      case 6 ->
          new Command.HoldJob(job(), random.nextBoolean() ? 0 : now + random.nextInt(60_000_000));
      case 0 -> new Command.ConfigureJob(job());
      case 1 -> new Command.FinishJob(job(), manner(), author());
      case 2 -> new Command.CancelTask(target(), manner(), author());
      case 3 -> new Command.FinishTask(target(), author());
      case 4 -> new Command.RequeueTask(target(), author());
      case 5 -> new Command.ThrottleTask(job(), random.nextInt(4), random.nextInt(5));
      default -> new Command.Tick();
    };
  }

  private Command.Manner manner() {
    return List.of(Command.Manner.values()).get(random.nextInt(3));
  }

  private Command.Author author() {
    return new Command.Author("user1", random.nextBoolean() ? "" : "not needed");
  }

  private Command.Target target() {
    var instance = random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(8));
    return new Command.Target(job(), 1 + random.nextInt(4), instance);
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private int job() {
    return 1 + random.nextInt(state.nextJob());
  }

  private JobDraft draft() {
    var draft =
        JobDraft.EMPTY
            .with(JobProperty.NAME, "job-" + random.nextInt(100))
            .with(JobProperty.EXPANDED_PRIORITY, "" + random.nextInt(4) * 1000)
            .with(JobProperty.FAIL_ON_TASK_FAILURE, "" + (random.nextInt(4) == 0));
    if (random.nextInt(3) == 0) {
      draft =
          draft.with(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT, "" + (1 + random.nextInt(3)));
    }
    if (random.nextInt(4) == 0) {
      draft = draft.with(JobProperty.RUNTIME_SECONDS, "" + (1 + random.nextInt(60)));
    }
    if (random.nextInt(6) == 0) {
      draft = draft.with(JobProperty.JOB_TEMPLATE, "t" + random.nextInt(2));
    }
    if (random.nextInt(5) == 0) {
      draft = draft.with(JobProperty.PARENT_JOB_IDS, "" + job());
    }
    if (random.nextInt(5) == 0) {
      draft =
          draft.with(
              JobProperty.HOLD_UNTIL, Moment.text(now + 2_000_000 + random.nextInt(60_000_000)));
    }
    if (random.nextInt(8) == 0) {
      draft =
          draft
              .with(JobProperty.MIN_CORES, "4")
              .with(JobProperty.MAX_CORES, "8")
              .with(JobProperty.RUN_UNTIL_CANCELED, "true");
    }
    var isService =
        random.nextInt(5) == 0
            && draft.get(JobProperty.TASK_EXECUTION_FAILURE_RETRY_LIMIT).isEmpty();
    var tasks = isService ? List.of(ofType("Service")) : tasks(1 + random.nextInt(4));
    return draft.withTasks(withNodeTasks(tasks));
  }

  private static TaskDraft ofType(String type) {
    return TaskDraft.EMPTY.with(TaskProperty.COMMAND_LINE, "work").with(TaskProperty.TYPE, type);
  }

  private List<TaskDraft> withNodeTasks(List<TaskDraft> others) {
    var tasks = new ArrayList<>(others);
    for (var type : List.of("NodePrep", "NodeRelease")) {
      if (random.nextInt(3) == 0) {
        tasks.add(ofType(type));
      }
    }
    return tasks;
  }

  private List<TaskDraft> tasks(int count) {
    var tasks = new ArrayList<TaskDraft>();
    for (var i = 0; i < count; i++) {
      var task =
          TaskDraft.EMPTY
              .with(TaskProperty.NAME, "t" + random.nextInt(1000))
              .with(TaskProperty.COMMAND_LINE, "work *")
              .with(TaskProperty.IS_RERUNNABLE, "" + (random.nextInt(3) > 0));
      if (random.nextBoolean()) {
        task =
            task.with(TaskProperty.TYPE, "ParametricSweep")
                .with(TaskProperty.START_VALUE, "1")
                .with(TaskProperty.END_VALUE, "" + (1 + random.nextInt(40)));
        if (random.nextInt(3) == 0) {
          task = task.with(TaskProperty.MAX_RUNNING, "" + (1 + random.nextInt(4)));
        }
        if (random.nextInt(3) == 0) {
          task = task.with(TaskProperty.MAX_FAILURES, "" + (1 + random.nextInt(4)));
        }
      } else if (random.nextBoolean()) {
        task =
            task.with(TaskProperty.MIN_CORES, "2")
                .with(TaskProperty.MAX_CORES, "" + (2 + random.nextInt(3)));
      } else if (random.nextInt(3) == 0) {
        // More than a node has.
        task = task.with(TaskProperty.MIN_CORES, "9").with(TaskProperty.MAX_CORES, "9");
      }
      if (i > 0 && random.nextBoolean()) {
        var parent = tasks.get(random.nextInt(i)).get(TaskProperty.NAME).orElseThrow();
        if (!parent.equals(task.get(TaskProperty.NAME).orElseThrow())) {
          task = task.with(TaskProperty.DEPENDS_ON, parent);
        }
      }
      tasks.add(task);
    }
    return tasks;
  }

  private Command connect() {
    var name = "n" + random.nextInt(NODES);
    var node = state.node(name);
    var cores = 4 + random.nextInt(2) * 4;
    var offer =
        new NodeOffer(
            node == null
                ? Topology.even(cores, 1 + random.nextInt(2), random.nextInt(3))
                : node.topology(),
            8000,
            new NodeOffer.Found(cores, 1, 8000, List.of("T4"), "Linux", "amd64"),
            List.of("all"));
    var boot = node == null || random.nextInt(6) == 0 ? "boot" + random.nextInt(9) : node.bootId();
    var reports = new ArrayList<AttemptReport>();
    if (node != null && boot.equals(node.bootId())) {
      for (var attempt : node.attempts()) {
        if (random.nextInt(6) > 0) {
          reports.add(report(attempt));
        }
      }
    }
    var identity = node == null ? uuid() : node.identity();
    return new Command.ConnectNode(identity, name, offer, boot, reports);
  }

  private Command report() {
    var busy = state.nodes().stream().filter(node -> !node.attempts().isEmpty()).toList();
    if (busy.isEmpty()) {
      return connect();
    }
    Node node = busy.get(random.nextInt(busy.size()));
    var reports = new ArrayList<AttemptReport>();
    for (var attempt : node.attempts()) {
      if (random.nextBoolean()) {
        reports.add(report(attempt));
      }
    }
    return new Command.Report(node.id(), reports);
  }

  private AttemptReport report(Attempt attempt) {
    var started = attempt.life().startTime() != 0 ? attempt.life().startTime() : now + 7;
    if (attempt.life().startTime() == 0 && random.nextInt(6) == 0) {
      return ended(attempt, EndReason.START_FAILED, 0, 0, "expected a program, but found none");
    }
    return switch (random.nextInt(8)) {
      case 0 -> new AttemptReport.Accepted(attempt.id());
      case 1, 2 -> new AttemptReport.Running(attempt.id(), started);
      case 3 -> ended(attempt, EndReason.NODE_STOPPED, 143, started, "");
      case 4 -> ended(attempt, EndReason.EXITED, random.nextInt(256), started, "");
      default -> ended(attempt, EndReason.EXITED, 0, started, "");
    };
  }

  private AttemptReport ended(
      Attempt attempt, EndReason reason, int exitCode, long start, String message) {
    var usage =
        new AttemptEnd.Usage(
            random.nextInt(1_000_000), random.nextInt(10_000), random.nextInt(100_000));
    var tail = exitCode == 0 ? "" : "line 1\nZeile 2: ungültig";
    var end = now + random.nextInt(1_000_000);
    return new AttemptReport.Ended(
        attempt.id(), new AttemptEnd(reason, exitCode, start, end, usage, message, tail));
  }
}
