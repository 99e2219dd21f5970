package org.capataz.computenode.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.capataz.computenode.agent.Action.Level;
import org.capataz.computenode.keeper.Execution;
import org.capataz.computenode.keeper.Report;
import org.capataz.computenode.keeper.Report.Accepted;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Report.Outcome;
import org.capataz.computenode.keeper.Request;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.Refusal;
import org.capataz.model.Result;

/// What the agent decides: when to connect, what to tell the head node and when, and what to pass
/// on to the keeper.
///
/// The head node may say anything twice and may have missed anything that was said to it; the
/// attempt's identity makes repeats harmless, and each connection begins with all that is known.
/// What the head node has not acknowledged is said again after the next connection.
///
/// Pure: time and chance come in by the door, and what is to be done goes out as [Action]s. Not
/// thread-safe.
final class AgentMachine {

  /// How long a head node may take to welcome the node.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Attempts in one message.
  static final int REPORT_SIZE = 500;

  /// Heartbeats in the time of the shortest lease.
  private static final int BEATS = 8;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// The present moment.
  ///
  /// @param nanos since the machine was booted, those counted in which it was suspended: the
  ///   keeper's clock
  /// @param epochMicros microseconds since 1970 UTC
  record Now(long nanos, long epochMicros) {}

  /// Where the connection stands.
  private sealed interface Link {
    /// Not before the keeper has said what it has.
    record Unready() implements Link {}

    record Waiting(long until) implements Link {}

    record Connecting(long until) implements Link {}

    record Open(Input.Welcomed welcome, long since) implements Link {}
  }

  private final NodeProfile profile;
  private final Executions executions;
  private final Backoff backoff;
  private Optional<ClusterEpoch> seen;

  /// All attempts whose ends the head node has not acknowledged.
  private final Map<AttemptId, OfAttempt> attempts = new LinkedHashMap<>();

  /// Attempts of which the head node of this connection has not heard the last.
  private final Set<AttemptId> unsent = new LinkedHashSet<>();

  private final Map<Long, Result<TaskTemplate>> templates = new HashMap<>();
  private final Set<Long> queries = new HashSet<>();
  private Link link = new Link.Unready();

  /// What the operator was told since the last welcome: a line once, however often it is tried.
  private final Set<String> told = new HashSet<>();

  private final Stock stock = new Stock();

  /// Requests of attempts with a lease that wait for the head node to answer a heartbeat: what this
  /// connection says may have been under way for long.
  private final Map<AttemptId, Request> unproven = new LinkedHashMap<>();

  /// How often the head node has to be heard for the shortest lease's sake, in nanoseconds.
  private long beatInterval = NEVER;

  private long lastBeat;

  /// Whether the last one has not been answered.
  private boolean awaited;

  /// When the last heartbeat was sent that was answered; long ago if none was.
  private long lastAnswered = Long.MIN_VALUE / 2;

  /// How long after the last message what is unsent may wait, in nanoseconds.
  private long patience = Stock.LONGEST.toNanos();

  private long lastSent;
  private boolean stopping;
  private String bootId = "";
  private List<Action> actions = new ArrayList<>();

  /// @param seen the highest epoch that this node has obeyed
  AgentMachine(
      NodeProfile profile,
      Executions executions,
      Optional<ClusterEpoch> seen,
      RandomGenerator random) {
    this.profile = profile;
    this.executions = executions;
    this.seen = seen;
    this.backoff = new Backoff(random);
  }

  /// Takes what has arrived, which may be nothing, and decides what follows.
  List<Action> on(List<Input> inputs, Now now) {
    actions = new ArrayList<>();
    inputs.forEach(input -> on(input, now));
    switch (link) {
      case Link.Unready() -> {}
      case Link.Waiting(var until) when until <= now.nanos() -> connect(now);
      case Link.Waiting _ -> {}
      case Link.Connecting(var until) when until <= now.nanos() ->
          lose("expected a welcome, but the head node says nothing", backoff.next(), now);
      case Link.Connecting _ -> {}
      case Link.Open(var welcome, var _) -> speak(welcome, now);
    }
    return actions;
  }

  /// When [#on] wants to be called again though nothing arrives; [Long#MAX_VALUE] for never.
  long nextWakeup() {
    return switch (link) {
      case Link.Unready() -> NEVER;
      case Link.Waiting(var until) -> until;
      case Link.Connecting(var until) -> until;
      case Link.Open(var welcome, var _) ->
          Math.min(
              lastSent + (unsent.isEmpty() ? welcome.heartbeat().toNanos() : patience), nextBeat());
    };
  }

  private void on(Input input, Now now) {
    switch (input) {
      case Input.Reported(Report.Inventory(var boot, var known)) -> {
        bootId = boot;
        known.forEach(this::remember);
        link = new Link.Waiting(now.nanos());
      }
      case Input.Reported(Report.OfAttempt report) -> changed(report);
      case Input.Reported(Report.Leased(var millis)) ->
          beatInterval = millis == 0 ? NEVER : millis * NANOS_PER_MILLI / BEATS;
      case Input.Reported(Report.Stopping()) -> stopping(now);
      case Input.Reported(Report.Wanted(var request)) -> pass(new Action.Pass(request));
      case Input.Reported(Report.Served(var news)) -> pass(new Action.PassNews(news));
      case Input.Passed(var request) -> actions.add(new Action.Ask(request));
      case Input.Welcomed welcome -> welcomed(welcome, now);
      case Input.Answering(var nanos) -> answering(nanos);
      case Input.Ordered(var orders) -> ordered(orders, now);
      case Input.Asked(var query) -> asked(query);
      case Input.Answered(var piece) -> {
        if (queries.remove(piece.id())) {
          actions.add(new Action.Answer(piece));
        }
      }
      case Input.Disconnected disconnected -> disconnected(disconnected, now);
    }
  }

  /// What is said while there is no connection gets lost, and is said again by the keeper.
  private void pass(Action action) {
    if (link instanceof Link.Open) {
      actions.add(action);
    }
  }

  private void stopping(Now now) {
    stopping = true;
    if (link instanceof Link.Waiting) {
      // The keeper does not wait long for the last reports to be taken.
      link = new Link.Waiting(now.nanos());
    }
  }

  private void connect(Now now) {
    actions.add(new Action.Connect(profile, bootId, List.copyOf(attempts.values()), seen));
    unsent.clear();
    patience = Stock.LONGEST.toNanos();
    link = new Link.Connecting(now.nanos() + PATIENCE.toNanos());
  }

  private void disconnected(Input.Disconnected loss, Now now) {
    switch (link) {
      case Link.Unready(), Link.Waiting _ -> {}
      case Link.Connecting _ -> lose(loss.cause(), wait(loss), now);
      case Link.Open(var _, var since) -> {
        // A head node that takes the node in and drops it again is no reason to hurry.
        if (now.nanos() - since >= Backoff.LONGEST.toNanos()) {
          backoff.reset();
        }
        lose(loss.cause(), wait(loss), now);
      }
    }
  }

  private long wait(Input.Disconnected loss) {
    return loss.refused() ? backoff.slow() : backoff.next();
  }

  private void lose(String cause, long wait, Now now) {
    actions.add(new Action.Disconnect());
    if (told.add(cause)) {
      actions.add(new Action.Say(Level.WARNING, cause));
    }
    templates.clear();
    queries.clear();
    // Whether they are still due, the next connection tells.
    unproven.keySet().forEach(stock::forget);
    unproven.clear();
    link = new Link.Waiting(now.nanos() + wait);
  }

  private void welcomed(Input.Welcomed welcome, Now now) {
    var refusal = refusal(welcome);
    if (refusal.isPresent()) {
      lose(refusal.get(), backoff.slow(), now);
      return;
    }
    if (!seen.equals(Optional.of(welcome.epoch()))) {
      seen = Optional.of(welcome.epoch());
      actions.add(new Action.Keep(welcome.epoch()));
    }
    told.clear();
    link = new Link.Open(welcome, now.nanos());
    lastSent = now.nanos();
    lastBeat = Long.MIN_VALUE / 2;
    awaited = false;
    actions.add(
        new Action.Say(
            Level.INFO,
            "node %s (%d cores) connected to %s"
                .formatted(profile.name(), profile.topology().cores(), welcome.head())));
  }

  /// Why this node must not obey that head node.
  private Optional<String> refusal(Input.Welcomed welcome) {
    var cluster = welcome.epoch().cluster();
    var strangers = attempts.keySet().stream().filter(id -> !id.cluster().equals(cluster)).count();
    if (strangers > 0) {
      return Optional.of(
          "expected the cluster of the %d tasks that this node still has to report, but %s is of another one (%s): give the node a --data folder of its own"
              .formatted(strangers, welcome.head(), cluster));
    }
    return seen.filter(
            last -> last.cluster().equals(cluster) && last.epoch() > welcome.epoch().epoch())
        .map(
            last ->
                "expected epoch %d of cluster %s or a later one, but %s is at %d: it was replaced by another head node, or restored from a copy"
                    .formatted(last.epoch(), cluster, welcome.head(), welcome.epoch().epoch()));
  }

  private void ordered(Orders orders, Now now) {
    if (!(link instanceof Link.Open(var welcome, var _))) {
      return;
    }
    templates.putAll(orders.templates());
    orders.starts().stream()
        .filter(start -> isOf(welcome, start.attempt()))
        .forEach(start -> start(start, welcome, now));
    orders.recalls().stream()
        .filter(recall -> isOf(welcome, recall))
        .forEach(recall -> recall(recall, now));
    orders.stops().stream()
        .filter(stop -> isOf(welcome, stop.attempt()))
        .forEach(stop -> stop(stop, now));
    acknowledged(orders.acknowledged());
    orders.retired().forEach(templates::remove);
  }

  private boolean isOf(Input.Welcomed welcome, AttemptId id) {
    if (id.cluster().equals(welcome.epoch().cluster())) {
      return true;
    }
    actions.add(
        new Action.Say(Level.WARNING, "ignored an order for " + id + " of another cluster"));
    return false;
  }

  private void start(Start start, Input.Welcomed welcome, Now now) {
    var id = start.attempt();
    if (attempts.containsKey(id)) {
      say(id);
    } else if (stopping) {
      neverRan(id, EndReason.NODE_STOPPED, "the node is being stopped", now);
    } else {
      switch (request(start, welcome)) {
        case Result.Ok<Request>(var request) -> {
          stock.ordered(id, start.lane());
          if (isProven(start.leaseMicros(), now) && !isBehindUnproven(start)) {
            accept(id, request);
          } else {
            unproven.put(id, request);
          }
        }
        case Result.Refused<Request>(Refusal(var _, var message)) ->
            neverRan(id, EndReason.START_FAILED, message, now);
      }
    }
  }

  private void accept(AttemptId id, Request request) {
    remember(new Accepted(id));
    actions.add(new Action.Ask(request));
  }

  /// Whether the head node was heard so lately that what has a lease may begin. The keeper is
  /// stricter, and counts from the same answer.
  private boolean isProven(long leaseMicros, Now now) {
    return leaseMicros == 0
        || now.nanos() - lastAnswered < TimeUnit.MICROSECONDS.toNanos(leaseMicros) / 2;
  }

  /// Whether another of its lane is still to be asked for.
  private boolean isBehindUnproven(Start start) {
    return start.lane() != 0
        && unproven.keySet().stream().anyMatch(other -> stock.lane(other) == start.lane());
  }

  private void answering(long nanos) {
    if (link instanceof Link.Open) {
      lastAnswered = Math.max(lastAnswered, nanos);
      awaited = false;
      actions.add(new Action.Ask(new Request.Renew(nanos / NANOS_PER_MILLI)));
      unproven.forEach(this::accept);
      unproven.clear();
    }
  }

  private Result<Request> request(Start start, Input.Welcomed welcome) {
    return executions.isHold(start)
        ? Result.ok(executions.hold(start))
        : task(start, welcome)
            .then(task -> Result.ok(new Request.Start(start.attempt(), task, start.lane())));
  }

  private Result<Execution> task(Start start, Input.Welcomed welcome) {
    return templates
        .getOrDefault(
            start.launch(),
            Result.invalid(
                "expected launch " + start.launch() + " before its starts, but got none"))
        .then(template -> executions.make(template, start, welcome));
  }

  private void stop(Request.Stop stop, Now now) {
    var known = attempts.get(stop.attempt());
    unproven.remove(stop.attempt());
    if (known == null) {
      neverRan(stop.attempt(), stop.reason(), stop.message(), now);
    } else if (known instanceof Ended) {
      say(stop.attempt());
    } else {
      actions.add(new Action.Ask(stop));
    }
  }

  /// Says again how an attempt stands.
  private void say(AttemptId id) {
    unsent.add(id);
    patience = Math.min(patience, Stock.LINGER.toNanos());
  }

  private void recall(AttemptId id, Now now) {
    var known = attempts.get(id);
    unproven.remove(id);
    if (known == null) {
      neverRan(id, EndReason.RECALLED, "", now);
    } else if (known instanceof Ended) {
      say(id);
    } else {
      actions.add(new Action.Ask(new Request.Recall(id)));
    }
  }

  private void neverRan(AttemptId id, EndReason reason, String message, Now now) {
    var outcome =
        new Outcome(new ExitStatus.Unknown(), 0, now.epochMicros(), ResourceUsage.NONE, "");
    changed(new Ended(id, reason, message, outcome));
  }

  private void acknowledged(List<AttemptId> ids) {
    var forgotten = new ArrayList<AttemptId>();
    for (var id : ids) {
      var known = attempts.get(id);
      if (known != null && known instanceof Ended) {
        attempts.remove(id);
        unsent.remove(id);
        forgotten.add(id);
      } else if (known != null) {
        actions.add(
            new Action.Say(
                Level.WARNING, "ignored that the head node knows the end of " + id + ": it lives"));
      }
    }
    if (!forgotten.isEmpty()) {
      actions.add(new Action.Ask(new Request.Acknowledge(forgotten)));
    }
  }

  private void changed(OfAttempt report) {
    var known = attempts.get(report.attempt());
    if (known != null && known instanceof Ended && !(report instanceof Ended)) {
      return;
    }
    remember(report);
    unsent.add(report.attempt());
    patience = Math.min(patience, stock.patience(report).toNanos());
  }

  private void remember(OfAttempt report) {
    stock.changed(attempts.put(report.attempt(), report), report);
  }

  private void asked(OutputQuery query) {
    if (link instanceof Link.Open(var welcome, var _)) {
      if (query.attempt().cluster().equals(welcome.epoch().cluster())) {
        queries.add(query.id());
        actions.add(new Action.Read(query));
      } else {
        var refusal = "expected an attempt of this cluster, but got " + query.attempt();
        actions.add(new Action.Answer(OutputPiece.refused(query.id(), refusal)));
      }
    }
  }

  private void speak(Input.Welcomed welcome, Now now) {
    var silence = now.nanos() - lastSent;
    if (!unsent.isEmpty() && silence >= patience) {
      var news = unsent.stream().map(attempts::get).toList();
      for (var from = 0; from < news.size(); from += REPORT_SIZE) {
        actions.add(new Action.Send(news.subList(from, Math.min(news.size(), from + REPORT_SIZE))));
      }
      unsent.clear();
      patience = Stock.LONGEST.toNanos();
      lastSent = now.nanos();
    }
    if (now.nanos() - lastSent >= welcome.heartbeat().toNanos() || nextBeat() <= now.nanos()) {
      actions.add(new Action.Beat(now.nanos()));
      lastSent = now.nanos();
      lastBeat = now.nanos();
      awaited = true;
    }
  }

  /// When leases want a heartbeat: the first on a connection at once, and what waits for an answer
  /// unless one is under way.
  private long nextBeat() {
    if (!unproven.isEmpty() && !awaited) {
      return lastBeat;
    }
    return beatInterval == NEVER ? NEVER : lastBeat + beatInterval;
  }
}
