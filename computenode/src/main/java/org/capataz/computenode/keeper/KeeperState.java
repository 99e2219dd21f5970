package org.capataz.computenode.keeper;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capataz.computenode.process.ProcessId;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.jspecify.annotations.Nullable;

/// What a keeper knows of its attempts, and what it does about whatever happens to them. Nothing
/// here waits, reads a clock or touches the machine: each input is answered with actions.
///
/// Not thread-safe.
final class KeeperState {

  private static final long PROBE_MILLIS = 500;

  private static final String LEASE_OVER =
      "the node heard nothing of the head node for so long that this may be run elsewhere";

  private final String bootId;
  private final Map<AttemptId, Attempt> attempts = new LinkedHashMap<>();
  private final ArrayDeque<AttemptId> waiting = new ArrayDeque<>();
  private final ArrayDeque<BranchId> waitingBranches = new ArrayDeque<>();
  private final Alarms alarms = new Alarms();
  private final Leases leases = new Leases();
  private final Lanes lanes = new Lanes();
  private boolean agentListens;

  /// The shortest lease, as the agent knows it.
  private long leaseTold;

  private @Nullable Closing closing;

  /// The node is being stopped.
  ///
  /// @param deliverUntil when to wait no longer for acknowledgements; NEVER while a process runs
  private record Closing(
      long graceMillis, long deliveryMillis, long deliverUntil, boolean deliveryIsOver) {}

  /// @param records what an earlier keeper noted; to be followed by [Input.Surveyed]
  KeeperState(String bootId, List<Message> records) {
    this.bootId = bootId;
    records.forEach(this::restore);
  }

  private void restore(Message record) {
    switch (record) {
      case Begun(var attempt, var limits, var lane) -> {
        attempts.put(attempt, new Attempt.Launching(attempt, limits, null));
        var _ = lanes.join(attempt, lane);
        leases.add(attempt, limits.leaseMillis());
      }
      case Request.Renew renewed -> leases.restore(renewed);
      case Request.Hold hold -> {
        leases.add(hold.attempt(), hold.limits().leaseMillis());
        var running = held(hold, Moment.EPOCH);
        attempts.put(hold.attempt(), Attempt.Held.of(hold, running, new Branches(), Moment.EPOCH));
      }
      case BranchBegun(var attempt) -> {
        if (attempts.get(attempt) instanceof Attempt.Held held) {
          held.branches().begun();
        }
      }
      case Report.Running running when attempts.get(running.attempt()) instanceof Attempt.Held h ->
          attempts.put(
              running.attempt(), Attempt.Held.of(h.hold(), running, h.branches(), Moment.EPOCH));
      case Report.Running running -> {
        if (attempts.get(running.attempt()) instanceof Attempt.Launching launching) {
          attempts.put(
              running.attempt(),
              new Attempt.Alive(running, launching.limits(), Alarms.NEVER, Alarms.NEVER, null));
        }
      }
      case Report.Ended ended -> {
        attempts.put(ended.attempt(), new Attempt.Over(ended));
        leases.remove(ended.attempt());
        // Whoever is next had begun, or is unknown.
        var _ = lanes.leave(ended.attempt());
      }
      case Request.Acknowledge(var ended) -> ended.forEach(attempts::remove);
      case Request _, Report _ ->
          throw new IllegalArgumentException("expected a fact of the spool, but got " + record);
    }
  }

  /// The records that rebuild this.
  List<Message> records() {
    return Stream.concat(
            leases.record().stream(),
            attempts.values().stream().flatMap(attempt -> attempt.records().stream()))
        .map(
            record ->
                record instanceof Begun begun
                    ? new Begun(begun.attempt(), begun.limits(), lanes.of(begun.attempt()))
                    : record)
        .toList();
  }

  /// The attempts that have not been acknowledged.
  Set<AttemptId> known() {
    return Set.copyOf(attempts.keySet());
  }

  /// Whether an attempt may have a process.
  boolean mayRun(AttemptId attempt) {
    return switch (attempts.get(attempt)) {
      case Attempt.Launching _, Attempt.Alive _, Attempt.Held _ -> true;
      case Attempt.Waiting _, Attempt.Over _ -> false;
      case null -> false;
    };
  }

  /// The attempts that may have a process.
  Set<AttemptId> running() {
    return attempts.keySet().stream().filter(this::mayRun).collect(Collectors.toSet());
  }

  /// The megabytes of the attempts that may have processes, and no more than so much memory.
  Map<AttemptId, Integer> memoryLimits() {
    var limits = new HashMap<AttemptId, Integer>();
    attempts.forEach(
        (id, attempt) -> {
          var memoryMb = mayRun(id) ? limits(attempt).memoryMb() : 0;
          if (memoryMb > 0) {
            limits.put(id, memoryMb);
          }
        });
    return limits;
  }

  private static Execution.Limits limits(@Nullable Attempt attempt) {
    return switch (attempt) {
      case Attempt.Launching launching -> launching.limits();
      case Attempt.Alive alive -> alive.limits();
      case Attempt.Held held -> held.hold().limits();
      case Attempt.Waiting(var start) -> start.execution().limits();
      case Attempt.Over _ -> Execution.Limits.NONE;
      case null -> Execution.Limits.NONE;
    };
  }

  boolean hasWaiting() {
    return !waiting.isEmpty() || !waitingBranches.isEmpty();
  }

  /// Takes what has waited longest, for its process to be started now; branches first, for a
  /// command waits for them. The caller notes an attempt as [Begun] before that, and answers with
  /// [Input.Started] or [Input.NotStarted], or those of branches.
  @Nullable Spawn begin(Moment now) {
    while (!waitingBranches.isEmpty()) {
      var id = waitingBranches.remove();
      if (attempts.get(id.attempt()) instanceof Attempt.Held held
          && !leases.hasEnded(held.hold().limits().leaseMillis(), now)) {
        var command = held.branches().begin(id);
        if (command != null) {
          return new Spawn.Branch(id, command, held.hold());
        }
      }
    }
    while (!waiting.isEmpty()) {
      // One that was stopped while it waited is found to be over, or forgotten.
      if (attempts.get(waiting.remove()) instanceof Attempt.Waiting(var start)
          && !leases.hasEnded(start.execution().limits().leaseMillis(), now)) {
        attempts.put(
            start.attempt(),
            new Attempt.Launching(start.attempt(), start.execution().limits(), null));
        return start;
      }
    }
    return null;
  }

  /// Lets what [#begin] gave out wait again, before all others.
  ///
  /// @return whether it waits: not if it was to be stopped meanwhile, and so is to fail
  boolean putBack(Request.Start start) {
    if (attempts.get(start.attempt()) instanceof Attempt.Launching launching
        && launching.stop() == null) {
      attempts.put(start.attempt(), new Attempt.Waiting(start));
      waiting.addFirst(start.attempt());
      return true;
    }
    return false;
  }

  /// When [Input.Woken] is due, if nothing happens before; in milliseconds of the steady clock.
  OptionalLong nextWakeup() {
    var next = Math.min(alarms.next().orElse(Alarms.NEVER), leases.nextEnd());
    if (closing != null && !closing.deliveryIsOver) {
      next = Math.min(next, closing.deliverUntil);
    }
    return next == Alarms.NEVER ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /// Whether the node was told to stop and has nothing left to wait for.
  boolean isDone() {
    return closing != null && closing.deliveryIsOver;
  }

  List<Action> on(Input input, Moment now) {
    var actions = new ArrayList<Action>();
    switch (input) {
      case Input.Surveyed(var found) -> onSurvey(found, now, actions);
      case Input.FromAgent(var request) -> onRequest(request, now, actions);
      case Input.AgentGone() -> {
        agentListens = false;
        leaseTold = 0;
      }
      case Input.Started(var running) -> onStarted(running, now, actions);
      case Input.NotStarted(var attempt, var message) ->
          over(neverRan(attempt, EndReason.START_FAILED, message, now), actions);
      case Input.Exited(var attempt, var outcome) -> {
        if (attempts.get(attempt) instanceof Attempt.Alive alive) {
          // What it left in its group is killed while the group's number cannot be another's.
          actions.add(new Action.Kill(alive.running()));
          over(alive.ended(EndReason.EXITED, outcome), actions);
        }
      }
      case Input.Exceeded(var attempt, var reason, var message) -> {
        // Whatever grace it got, it would take more.
        var stop = new Request.Stop(attempt, reason, message, 0);
        switch (attempts.get(attempt)) {
          case Attempt.Alive alive -> end(alive, stop, now, actions);
          case Attempt.Held held -> end(held, stop, now, actions);
          case null, default -> {}
        }
      }
      case Input.BranchStarted(var branch, var running) -> {
        if (attempts.get(branch.attempt()) instanceof Attempt.Held held) {
          held.branches().started(branch, running, now, actions);
        }
      }
      case Input.BranchEnded(var branch, var end, var usage) -> {
        if (attempts.get(branch.attempt()) instanceof Attempt.Held held) {
          held.branches().ended(branch, end, usage, actions);
        }
      }
      case Input.BranchWanted(var request) -> tell(new Report.Wanted(request), actions);
      case Input.Vanished(var attempt) -> {
        switch (attempts.get(attempt)) {
          case Attempt.Alive alive -> over(lost(alive, now), actions);
          case Attempt.Held held when held.ending() != null && !held.branches().mayRun() ->
              over(held.ended(held.ending(), now), actions);
          case null, default -> {}
        }
      }
      case Input.Woken() -> {
        endLeases(now, actions);
        alarms.due(now.millis()).forEach(due -> onAlarm(due, now, actions));
      }
      case Input.Stop(var graceMillis, var deliveryMillis) ->
          close(graceMillis, deliveryMillis, now, actions);
    }
    deliver(now);
    if (agentListens && leaseTold != leases.shortest()) {
      leaseTold = leases.shortest();
      tell(new Report.Leased(leaseTold), actions);
    }
    return actions;
  }

  private void onSurvey(Map<AttemptId, ProcessId> found, Moment now, List<Action> actions) {
    for (var attempt : List.copyOf(attempts.values())) {
      switch (attempt) {
        case Attempt.Launching launching -> {
          var process = found.get(launching.attempt());
          if (process == null) {
            over(
                new Report.Ended(
                    launching.attempt(),
                    EndReason.EXIT_STATUS_LOST,
                    "",
                    Report.Outcome.unseen(0, now.micros())),
                actions);
          } else {
            var running = new Report.Running(launching.attempt(), process, now.micros(), true);
            actions.add(new Action.Note(running));
            alive(Attempt.Alive.of(running, launching.limits(), now));
          }
        }
        case Attempt.Alive alive -> {
          var run = alive.running();
          if (run.process().equals(found.get(run.attempt()))) {
            var orphan = new Report.Running(run.attempt(), run.process(), run.startMicros(), true);
            alive(Attempt.Alive.of(orphan, alive.limits(), now));
          } else {
            over(lost(alive, now), actions);
          }
        }
        case Attempt.Held held -> {
          var again = Attempt.Held.of(held.hold(), held.running(), held.branches(), now);
          held(again, now);
          if (held.branches().haveBegun()) {
            // Nobody would see how they end.
            var grace = held.hold().limits().graceMillis();
            var id = held.hold().attempt();
            end(again, new Request.Stop(id, EndReason.EXIT_STATUS_LOST, "", grace), now, actions);
          }
        }
        case Attempt.Waiting _, Attempt.Over _ -> {}
      }
    }
    endLeases(now, actions);
  }

  /// Ends what has waited too long for a renewal, so that it is over when it would have waited as
  /// long again.
  private void endLeases(Moment now, List<Action> actions) {
    for (var attempt : leases.takeEnded(now)) {
      var limits = limits(attempts.get(attempt));
      var grace = Math.min(limits.graceMillis(), limits.leaseMillis() / 2);
      var stop = new Request.Stop(attempt, EndReason.NODE_LOST, LEASE_OVER, grace);
      onStopOf(stop, now, actions);
    }
  }

  /// Takes a new attempt's lease.
  ///
  /// @return whether the attempt may begin; else it is over
  private boolean lease(AttemptId attempt, Execution.Limits limits, Moment now, List<Action> to) {
    if (leases.hasEnded(limits.leaseMillis(), now)) {
      over(neverRan(attempt, EndReason.NODE_LOST, LEASE_OVER, now), to);
      return false;
    }
    leases.add(attempt, limits.leaseMillis());
    leases.note().ifPresent(noted -> to.add(new Action.Note(noted)));
    return true;
  }

  private void onRequest(Request request, Moment now, List<Action> actions) {
    switch (request) {
      case Request.Start start -> onStart(start, now, actions);
      case Request.Hold hold -> onHold(hold, now, actions);
      case Request.Serve(var asked) -> onServe(asked, now, actions);
      // The keeper's own desk hears it.
      case Request.Hear _ -> {}
      case Request.Stop stop -> onStopOf(stop, now, actions);
      case Request.Recall(var attempt) -> {
        if (attempts.get(attempt) instanceof Attempt.Waiting) {
          over(neverRan(attempt, EndReason.RECALLED, "", now), actions);
        }
      }
      case Request.Renew(var millis) -> {
        endLeases(now, actions);
        leases.renew(Math.min(millis, now.millis()));
        leases.note().ifPresent(noted -> actions.add(new Action.Note(noted)));
      }
      case Request.Acknowledge(var ended) -> onAcknowledge(ended, actions);
      case Request.ListAttempts() -> {
        agentListens = true;
        tell(
            new Report.Inventory(bootId, attempts.values().stream().map(Attempt::report).toList()),
            actions);
        if (closing != null) {
          tell(new Report.Stopping(), actions);
        }
      }
    }
  }

  private void onStart(Request.Start start, Moment now, List<Action> actions) {
    var known = attempts.get(start.attempt());
    if (known != null) {
      tell(known.report(), actions);
    } else if (closing != null) {
      over(neverRan(start.attempt(), EndReason.NODE_STOPPED, "", now), actions);
    } else if (lease(start.attempt(), start.execution().limits(), now, actions)) {
      attempts.put(start.attempt(), new Attempt.Waiting(start));
      if (lanes.join(start.attempt(), start.lane())) {
        waiting.add(start.attempt());
      }
    }
  }

  private void onHold(Request.Hold hold, Moment now, List<Action> actions) {
    var known = attempts.get(hold.attempt());
    if (known != null) {
      tell(known.report(), actions);
    } else if (closing != null) {
      over(neverRan(hold.attempt(), EndReason.NODE_STOPPED, "", now), actions);
    } else if (lease(hold.attempt(), hold.limits(), now, actions)) {
      var held = Attempt.Held.of(hold, held(hold, now), new Branches(), now);
      actions.add(new Action.Note(hold));
      actions.add(new Action.Note(held.running()));
      held(held, now);
      tell(held.running(), actions);
    }
  }

  private static Report.Running held(Request.Hold hold, Moment now) {
    return new Report.Running(hold.attempt(), new ProcessId(0, 0), now.micros(), false);
  }

  /// What is unknown as yet, or ending, is not answered: who asks does so again, or ends too.
  private void onServe(BranchRequest request, Moment now, List<Action> actions) {
    if (attempts.get(request.id().attempt()) instanceof Attempt.Held held
        && held.ending() == null) {
      if (held.branches().serve(request, now, actions)) {
        waitingBranches.add(request.id());
      }
      held(held, now);
    }
  }

  private void onStopOf(Request.Stop stop, Moment now, List<Action> actions) {
    switch (attempts.get(stop.attempt())) {
      case null -> {}
      case Attempt.Waiting _ ->
          over(neverRan(stop.attempt(), stop.reason(), stop.message(), now), actions);
      case Attempt.Launching launching -> attempts.put(stop.attempt(), launching.stopped(stop));
      case Attempt.Alive alive -> end(alive, stop, now, actions);
      case Attempt.Held held -> end(held, stop, now, actions);
      case Attempt.Over _ -> {}
    }
  }

  private void onAcknowledge(List<AttemptId> ended, List<Action> actions) {
    var forgotten = ended.stream().filter(id -> attempts.get(id) instanceof Attempt.Over).toList();
    if (!forgotten.isEmpty()) {
      forgotten.forEach(attempts::remove);
      actions.add(new Action.Note(new Request.Acknowledge(forgotten)));
    }
  }

  private void onStarted(Report.Running running, Moment now, List<Action> actions) {
    if (!(attempts.get(running.attempt()) instanceof Attempt.Launching launching)) {
      throw new IllegalStateException("expected an attempt that was begun, but got " + running);
    }
    actions.add(new Action.Note(running));
    tell(running, actions);
    var alive = Attempt.Alive.of(running, launching.limits(), now);
    alive(alive);
    if (launching.stop() != null) {
      end(alive, launching.stop(), now, actions);
    }
  }

  private void onAlarm(AttemptId attempt, Moment now, List<Action> actions) {
    if (attempts.get(attempt) instanceof Attempt.Held held) {
      onAlarm(held, now, actions);
    }
    if (!(attempts.get(attempt) instanceof Attempt.Alive alive)) {
      return;
    }
    alive(alive);
    if (alive.probeAt() <= now.millis()) {
      actions.add(new Action.Probe(alive.running()));
      alive = alive.probedUntil(now.millis() + PROBE_MILLIS);
      alive(alive);
    }
    var ending = alive.ending();
    if (ending == null && alive.limitAt() <= now.millis()) {
      var grace = alive.limits().graceMillis();
      end(alive, new Request.Stop(attempt, EndReason.TIME_LIMIT, "", grace), now, actions);
    } else if (ending != null && ending.killAt() <= now.millis()) {
      kill(alive, ending, actions);
    }
  }

  private void onAlarm(Attempt.Held held, Moment now, List<Action> actions) {
    var ending = held.ending();
    held.branches().killOverdue(now, actions);
    held(held, now);
    if (ending == null && held.limitAt() <= now.millis()) {
      var grace = held.hold().limits().graceMillis();
      var stop = new Request.Stop(held.hold().attempt(), EndReason.TIME_LIMIT, "", grace);
      end(held, stop, now, actions);
    } else if (ending != null) {
      if (ending.killAt() <= now.millis()) {
        actions.add(new Action.KillAll(held.hold().attempt()));
      }
      actions.add(new Action.ProbeAll(held.hold().attempt()));
    }
  }

  private void end(Attempt.Held held, Request.Stop stop, Moment now, List<Action> actions) {
    var killAt = saturatedSum(now.millis(), stop.graceMillis());
    var before = held.ending();
    held.branches().close();
    held(
        held.ending(
            before == null
                ? new Attempt.Ending(stop.reason(), stop.message(), killAt)
                : new Attempt.Ending(
                    before.reason(), before.message(), Math.min(before.killAt(), killAt))),
        now);
    if (stop.graceMillis() == 0) {
      actions.add(new Action.KillAll(stop.attempt()));
    } else if (before == null) {
      actions.add(new Action.TerminateAll(stop.attempt()));
    }
    actions.add(new Action.ProbeAll(stop.attempt()));
  }

  private void held(Attempt.Held held, Moment now) {
    attempts.put(held.hold().attempt(), held);
    alarms.set(held.hold().attempt(), held.alarmAt(now));
  }

  private void end(Attempt.Alive alive, Request.Stop stop, Moment now, List<Action> actions) {
    var before = alive.ending();
    if (before == null) {
      var killAt = saturatedSum(now.millis(), stop.graceMillis());
      var ending = new Attempt.Ending(stop.reason(), stop.message(), killAt);
      if (stop.graceMillis() == 0) {
        kill(alive, ending, actions);
      } else {
        actions.add(new Action.Terminate(alive.running()));
        alive(alive.ending(ending));
      }
    } else if (before.killAt() != Alarms.NEVER) {
      var killAt = Math.min(before.killAt(), saturatedSum(now.millis(), stop.graceMillis()));
      alive(alive.ending(new Attempt.Ending(before.reason(), before.message(), killAt)));
      if (killAt <= now.millis()) {
        kill(alive, before, actions);
      }
    }
  }

  private void kill(Attempt.Alive alive, Attempt.Ending ending, List<Action> actions) {
    actions.add(new Action.Kill(alive.running()));
    alive(alive.ending(new Attempt.Ending(ending.reason(), ending.message(), Alarms.NEVER)));
  }

  /// Stops the node: no start is taken, and what runs is ended within the grace.
  private void close(long graceMillis, long deliveryMillis, Moment now, List<Action> actions) {
    if (closing == null) {
      tell(new Report.Stopping(), actions);
    }
    closing = new Closing(graceMillis, deliveryMillis, Alarms.NEVER, false);
    for (var id : List.copyOf(attempts.keySet())) {
      var grace = Math.min(limits(attempts.get(id)).graceMillis(), graceMillis);
      onStopOf(new Request.Stop(id, EndReason.NODE_STOPPED, "", grace), now, actions);
    }
  }

  /// Once nothing can run any more, waits for acknowledgements.
  private void deliver(Moment now) {
    if (closing == null
        || closing.deliveryIsOver
        || !attempts.values().stream().allMatch(Attempt.Over.class::isInstance)) {
      return;
    }
    var until = Math.min(closing.deliverUntil, saturatedSum(now.millis(), closing.deliveryMillis));
    closing =
        new Closing(
            closing.graceMillis,
            closing.deliveryMillis,
            until,
            attempts.isEmpty() || now.millis() >= until);
  }

  private void alive(Attempt.Alive alive) {
    attempts.put(alive.running().attempt(), alive);
    alarms.set(alive.running().attempt(), alive.alarmAt());
  }

  private void over(Report.Ended ended, List<Action> actions) {
    attempts.put(ended.attempt(), new Attempt.Over(ended));
    alarms.clear(ended.attempt());
    leases.remove(ended.attempt());
    actions.add(new Action.Note(ended));
    tell(ended, actions);
    var next = lanes.leave(ended.attempt());
    if (next != null && attempts.get(next) instanceof Attempt.Waiting) {
      waiting.add(next);
    }
  }

  private void tell(Report report, List<Action> actions) {
    if (agentListens) {
      actions.add(new Action.Tell(report));
    }
  }

  private static Report.Ended neverRan(
      AttemptId attempt, EndReason reason, String message, Moment now) {
    return new Report.Ended(attempt, reason, message, Report.Outcome.neverRan(now.micros()));
  }

  private static Report.Ended lost(Attempt.Alive alive, Moment now) {
    return alive.ended(
        EndReason.EXIT_STATUS_LOST,
        Report.Outcome.unseen(alive.running().startMicros(), now.micros()));
  }

  private static long saturatedSum(long a, long b) {
    return b >= Long.MAX_VALUE - a ? Alarms.NEVER - 1 : a + b;
  }
}
