package org.capataz.scheduler.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.Result;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.engine.AttemptReport;
import org.capataz.scheduler.engine.Command;
import org.capataz.scheduler.engine.Engine;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.policy.QueuePolicy;
import org.capataz.scheduler.policy.Snapshot;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.jspecify.annotations.Nullable;

/// A head node: takes what has arrived, decides, commits, and only then answers and gives orders.
/// It may die before and after the commit, and then starts anew from what was committed.
final class Head {

  /// More passes than this, one after the other without anything from outside, would never end.
  private static final int MOST_PASSES = 500;

  private final Timeline timeline;
  private final Promises promises;
  private final Filter filter;
  private final Rows rows = new Rows();
  private final Map<Integer, Link> links = new LinkedHashMap<>();
  private final Deque<Item> inbox = new ArrayDeque<>();
  private final List<Event> events = new ArrayList<>();
  private final List<Runnable> answers = new ArrayList<>();
  private final Map<Integer, Set<AttemptId>> reported = new LinkedHashMap<>();
  private final Set<Integer> connected = new LinkedHashSet<>();
  private Faults faults;
  private ClusterState state;
  private Engine engine;
  private long epoch;
  private long wakeup = Long.MAX_VALUE;
  private boolean up = true;
  private boolean turning;
  private int passes;
  private int crashes;

  /// @param link the connection that it came over, or is about
  private record Item(
      @Nullable Command command, @Nullable Link link, Consumer<Result<Integer>> answer) {}

  Head(Timeline timeline, Promises promises, Faults faults) {
    this.timeline = timeline;
    this.promises = promises;
    this.faults = faults;
    this.filter = new Filter(timeline, this);
    this.epoch = rows.nextEpoch();
    this.state = rows.restored(epoch);
    this.engine = new Engine(state, this::plan, events::add);
  }

  private Plan plan(Snapshot snapshot) {
    promises.check(++passes < MOST_PASSES, () -> "settling does not end");
    return new QueuePolicy().plan(snapshot);
  }

  boolean isUp() {
    return up;
  }

  ClusterState state() {
    return state;
  }

  Rows rows() {
    return rows;
  }

  int crashes() {
    return crashes;
  }

  // From outside.

  /// A client asks; the answer may never come.
  void ask(Command command, Consumer<Result<Integer>> answer) {
    put(new Item(command, null, answer));
  }

  void switchNode(String name, boolean online) {
    ask(new Command.SwitchNode(name, online), answer -> {});
  }

  void connect(Command.ConnectNode hello, Link link) {
    put(new Item(hello, link, answer -> {}));
  }

  void leave(Link link) {
    put(new Item(null, link, answer -> {}));
  }

  /// A node that counts as connected is told so.
  void beat(Link link, long sent) {
    if (up && nodeOf(link) != null) {
      link.answer(sent);
    }
  }

  /// An operator gives up a node whose machine is off.
  void giveUp(String name) {
    ask(new Command.LoseNode(name, new Command.Author("ana", "")), answer -> {});
  }

  void report(Link link, List<AttemptReport> attempts) {
    put(new Item(new Command.Report(0, attempts), link, answer -> {}));
  }

  private void put(Item item) {
    if (up) {
      inbox.add(item);
      turnIn(timeline.delay(20_000));
    }
  }

  private void turnIn(long delay) {
    if (!turning) {
      turning = true;
      timeline.in(delay, this::turn);
    }
  }

  // A turn.

  private void turn() {
    turning = false;
    if (!up) {
      return;
    }
    while (!inbox.isEmpty()) {
      handle(inbox.remove());
    }
    passes = 0;
    engine.settle(timeline.now());
    new Audit(state, promises, engine.activations()).run();
    if (dies()) {
      return;
    }
    var questions = engine.takeQuestions();
    commit(questions);
    if (dies()) {
      return;
    }
    answer();
    questions.forEach(filter::ask);
    order();
    acknowledge();
    events.clear();
    connected.clear();
    reported.clear();
    state.rest(passes % 3, rows::draft);
    sleep();
  }

  private void handle(Item item) {
    var link = item.link();
    var command = item.command();
    if (command instanceof Command.ConnectNode hello && link != null) {
      if (!link.isCut()
          && engine.handle(hello, timeline.now()) instanceof Result.Ok<Integer>(var node)) {
        var former = links.put(node, link);
        if (former != null) {
          former.cut();
        }
        connected.add(node);
        reported(node, hello.attempts());
      }
    } else if (command instanceof Command.Report report && link != null) {
      var node = nodeOf(link);
      if (node != null) {
        engine.handle(new Command.Report(node, report.attempts()), timeline.now());
        reported(node, report.attempts());
      }
    } else if (command == null && link != null) {
      var node = nodeOf(link);
      if (node != null) {
        links.remove(node);
        engine.handle(new Command.DisconnectNode(node), timeline.now());
      }
    } else if (command != null) {
      if (command instanceof Command.AnswerActivation(var question, var answer)) {
        promises.answered(question, answer);
      }
      var result = engine.handle(command, timeline.now());
      if (command instanceof Command.LoseNode && result instanceof Result.Ok<Integer>(var node)) {
        promises.givenUp(node);
      }
      answers.add(() -> item.answer().accept(result));
    }
  }

  private @Nullable Integer nodeOf(Link link) {
    for (var entry : links.entrySet()) {
      if (entry.getValue().equals(link)) {
        return entry.getKey();
      }
    }
    return null;
  }

  private void reported(int node, List<AttemptReport> attempts) {
    for (var report : attempts) {
      if (report instanceof AttemptReport.Ended ended) {
        reported.computeIfAbsent(node, ignored -> new LinkedHashSet<>()).add(ended.attempt());
      }
    }
  }

  private void commit(List<Activation.Question> questions) {
    rows.commit(events, state);
    promises.committed(events, questions, new Promises.Author(rows.cluster(), epoch));
  }

  private void answer() {
    answers.forEach(Runnable::run);
    answers.clear();
  }

  // What nodes have to do: read off the state; events only say where to look.

  private void order() {
    for (var event : events) {
      switch (event) {
        case Event.AttemptDispatched e -> order(e.job(), e.task(), e.ordinal());
        case Event.AttemptStopping e -> order(e.job(), e.task(), e.ordinal());
        case Event.AttemptRecalled e -> order(e.job(), e.task(), e.ordinal());
        case Event.AttemptPartEnded e -> order(e.job(), e.task(), e.ordinal());
        case Event.OfJob e -> {}
        case Event.OfNode e -> {}
        case Event.OfCluster e -> {}
        case Event.Passing e -> {}
      }
    }
    for (var node : connected) {
      List.copyOf(Objects.requireNonNull(state.node(node)).attempts())
          .forEach(attempt -> order(attempt, node));
    }
  }

  /// Tells nodes which ends are recorded.
  private void acknowledge() {
    reported.forEach(
        (node, attempts) ->
            attempts.stream()
                .filter(attempt -> engine.isOver(attempt, node))
                .forEach(attempt -> send(node, new Order.Forget(attempt))));
  }

  private void order(int job, int task, int ordinal) {
    var attempt = Objects.requireNonNull(state.job(job)).task(task).live(ordinal);
    if (attempt != null) {
      attempt.nodes().stream()
          .filter(node -> !connected.contains(node))
          .forEach(node -> order(attempt, node));
    }
  }

  private void order(Attempt attempt, int node) {
    switch (attempt.life()) {
      case AttemptLife.Dispatching d -> send(node, start(attempt, node));
      case AttemptLife.Assigned a -> send(node, start(attempt, node));
      case AttemptLife.Recalled r -> send(node, new Order.Recall(attempt.id()));
      case AttemptLife.Running r when node == attempt.leadNode() -> {}
      case AttemptLife.Running r -> send(node, start(attempt, node));
      case AttemptLife.Stopping s -> send(node, new Order.Stop(attempt.id(), EndReason.CANCELED));
      case AttemptLife.Closing c -> send(node, new Order.Stop(attempt.id(), EndReason.CANCELED));
    }
  }

  private Order start(Attempt attempt, int node) {
    var demand =
        Objects.requireNonNull(state.job(attempt.job())).task(attempt.task()).spec().demand();
    return new Order.Start(
        attempt.id(),
        node,
        attempt.placements(),
        demand.memoryMb(),
        demand.runtimeSeconds(),
        attempt.leaseMicros(),
        attempt.lane());
  }

  private void send(int node, Order order) {
    var link = links.get(node);
    if (link != null) {
      link.order(order);
    }
  }

  /// Sees to it that there is a turn when the engine wants one though nothing arrives.
  private void sleep() {
    var next = engine.nextWakeup();
    if (next != Long.MAX_VALUE && next != wakeup) {
      wakeup = next;
      timeline.in(next - timeline.now(), () -> turnIn(0));
    }
  }

  // Death and resurrection.

  private boolean dies() {
    if (timeline.chance(faults.crash())) {
      die();
      return true;
    }
    return false;
  }

  private void die() {
    crashes++;
    up = false;
    inbox.clear();
    events.clear();
    answers.clear();
    reported.clear();
    connected.clear();
    links.values().forEach(Link::cut);
    links.clear();
    timeline.in(timeline.delay(5_000_000), this::start);
  }

  private void start() {
    epoch = rows.nextEpoch();
    state = checkedState();
    engine = new Engine(state, this::plan, events::add);
    wakeup = Long.MAX_VALUE;
    promises.restarted();
    up = true;
    turnIn(0);
  }

  /// The state as of the last commit, which rows and journal agree about.
  private ClusterState checkedState() {
    var restored = rows.restored(epoch);
    var folded = rows.folded(epoch);
    var difference = Portrait.difference(Portrait.of(restored), Portrait.of(folded));
    promises.check(difference.isEmpty(), () -> "rows and journal differ: " + difference);
    return timeline.chance(0.5) ? restored : folded;
  }

  /// No more faults: rows, journal and memory have to agree.
  void recover() {
    faults = Faults.NONE;
    filter.relent();
    if (up) {
      turn();
      var difference = Portrait.difference(Portrait.of(checkedState()), Portrait.of(state));
      promises.check(difference.isEmpty(), () -> "store and memory differ: " + difference);
    }
  }
}
