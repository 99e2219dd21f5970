package org.capataz.scheduler.engine;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.scheduler.event.AttemptEnd;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Node;
import org.capataz.scheduler.state.OpenTask;
import org.jspecify.annotations.Nullable;

/// Takes in what nodes say: when they connect, and as their attempts go on.
final class NodeReports {

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final JobProgress progress;

  /// Of attempts that are behind others, what was heard before the ends of those.
  private final Map<AttemptId, AttemptReport> early = new LinkedHashMap<>();

  NodeReports(ClusterState state, Consumer<Event> emit, JobProgress progress) {
    this.state = state;
    this.emit = emit;
    this.progress = progress;
  }

  /// Takes a node's inventory. An attempt of ours that it does not mention is over, unless it may
  /// not have heard of it yet.
  Result<Integer> connect(Command.ConnectNode command, long now) {
    var offer = command.offer();
    if (offer.memoryMb() < 0) {
      return Result.invalid(
          "expected a node that offers memory, but it offers " + offer.memoryMb() + " MB");
    }
    var former = state.node(command.name());
    if (former != null
        && !former.identity().equals(command.identity())
        && (former.reachable() || !former.attempts().isEmpty())) {
      return Result.refused(
          Refusal.wrongState(
              "expected a node name of its own, but another machine is connected or has tasks as '"
                  + command.name()
                  + "'; choose another with --name"));
    }
    var rebooted = former != null && !former.bootId().equals(command.bootId());
    var id = former == null ? state.nextNode() : former.id();
    if (former == null
        || rebooted
        || !former.identity().equals(command.identity())
        || !former.offer().equals(command.offer())) {
      emit.accept(
          new Event.NodeRegistered(
              id, command.identity(), command.name(), command.offer(), command.bootId(), now));
    }
    if (former != null && rebooted) {
      progress.nodeTasks().lost(former, now);
    }
    emit.accept(new Event.NodeReachability(id, true, now));
    command.attempts().forEach(report -> take(id, report, now));
    takeEarly(id, now);
    if (former != null) {
      endMissing(former, command.attempts(), rebooted, now);
      progress.withdraw(former, now);
      progress.backlog().revise(former, now);
    }
    return Result.ok(id);
  }

  Result<Integer> disconnect(int id, long now) {
    var node = state.node(id);
    if (node != null && node.reachable()) {
      emit.accept(new Event.NodeReachability(id, false, now));
    }
    return Result.ok(id);
  }

  /// Gives up a node that is away: whatever became of what ran there, for us it has ended. Should
  /// the node come back with some of it, that is stopped there.
  Result<Integer> lose(Node node, Command.Author author, long now) {
    if (node.reachable()) {
      return Result.refused(
          Refusal.wrongState(
              "expected a node that is unreachable, but "
                  + node.name()
                  + " is connected; capataz node offline lets it drain, and its tasks can be"
                  + " canceled"));
    }
    progress.nodeTasks().lost(node, now);
    for (var attempt : List.copyOf(node.attempts())) {
      var message = "node " + node.name() + " was " + author.did("given up");
      end(attempt, node, EndReason.NODE_LOST, message, now);
    }
    return Result.ok(node.id());
  }

  /// Takes it that an attempt is over on a node that has been out of reach for so long that it must
  /// have ended it.
  void outlast(Attempt attempt, Node node, long now) {
    var message = "node " + node.name() + " was out of reach for " + attempt.rerunAfter() + " s";
    end(attempt, node, EndReason.NODE_LOST, message, now);
  }

  Result<Integer> take(int node, List<AttemptReport> reports, long now) {
    reports.forEach(report -> take(node, report, now));
    takeEarly(node, now);
    return Result.ok(node);
  }

  /// Takes what was heard of attempts before the ends of those that they were behind.
  private void takeEarly(int node, long now) {
    for (var next = due(node); next != null; next = due(node)) {
      early.remove(next.attempt());
      take(node, next, now);
    }
  }

  private @Nullable AttemptReport due(int node) {
    for (var report : early.values()) {
      var attempt = state.attempt(report.attempt());
      if (attempt == null || (!attempt.isBehind() && attempt.leadNode() == node)) {
        return report;
      }
    }
    return null;
  }

  /// Takes one report. What is not live on that node is stale or not ours, and changes nothing.
  private void take(int node, AttemptReport report, long now) {
    var attempt = state.attempt(report.attempt());
    if (attempt == null || !attempt.nodes().contains(node)) {
      return;
    }
    if (attempt.isBehind()) {
      takeAhead(attempt, node, report, now);
      return;
    }
    switch (report) {
      case AttemptReport.Accepted accepted -> {}
      case AttemptReport.Running(var id, var startTime) -> {
        if (attempt.leadNode() == node && attempt.life().startTime() == 0) {
          // No process started in 1970: a node that says so is wrong, and 0 means "not yet" here.
          emit.accept(
              new Event.AttemptStarted(
                  attempt.job(), attempt.task(), attempt.ordinal(), Math.max(1, startTime)));
          progress.nodeTasks().started(attempt, now);
        }
      }
      case AttemptReport.Ended(var id, var end) -> progress.end(attempt, node, end, now);
    }
  }

  /// Takes a report of an attempt that is behind others. That it ran is heard after their ends, or
  /// waits for them; if it never did, it was given back, whatever for.
  private void takeAhead(Attempt attempt, int node, AttemptReport report, long now) {
    switch (report) {
      case AttemptReport.Accepted a -> {}
      case AttemptReport.Running running -> early.put(running.attempt(), running);
      case AttemptReport.Ended(var id, var end) when end.startTime() != 0 || wasTried(end) ->
          early.put(id, report);
      case AttemptReport.Ended(var id, var end) ->
          progress.end(attempt, node, end.withReason(EndReason.RECALLED, end.message()), now);
    }
  }

  /// Whether a process was tried to be started.
  private static boolean wasTried(AttemptEnd end) {
    return end.reason() == EndReason.EXITED
        || end.reason() == EndReason.START_FAILED
        || end.reason() == EndReason.EXIT_STATUS_LOST;
  }

  private void endMissing(Node node, List<AttemptReport> reports, boolean rebooted, long now) {
    var mentioned = new HashSet<AttemptId>();
    reports.forEach(report -> mentioned.add(report.attempt()));
    if (!rebooted) {
      // Before their turn comes with the end of others.
      List.copyOf(node.attempts()).stream()
          .filter(attempt -> attempt.life() instanceof AttemptLife.Recalled)
          .filter(attempt -> !mentioned.contains(attempt.id()) && !early.containsKey(attempt.id()))
          .forEach(attempt -> end(attempt, node, EndReason.RECALLED, "", now));
    }
    for (var attempt : List.copyOf(node.attempts())) {
      if (mentioned.contains(attempt.id())) {
        continue;
      }
      takeEarly(node.id(), now);
      if (state.attempt(attempt.id()) == null) {
        continue;
      }
      var runsCommand = attempt.leadNode() == node.id();
      if (rebooted) {
        end(attempt, node, EndReason.NODE_LOST, "node " + node.name() + " was restarted", now);
      } else if (runsCommand && attempt.life().startTime() != 0) {
        var message = "node " + node.name() + " no longer knows how it ended";
        end(attempt, node, EndReason.EXIT_STATUS_LOST, message, now);
      } else if (attempt.life().told().isPresent()) {
        var stop = attempt.life().told().get();
        end(attempt, node, stop.reason(), stop.message(), now);
      } else if (attempt.life() instanceof AttemptLife.Closing closing) {
        end(attempt, node, closing.end().reason(), "", now);
      }
      // Else it was on its way when the connection went, and is sent again.
    }
  }

  private void end(Attempt attempt, Node node, EndReason reason, String message, long now) {
    var startTime = attempt.leadNode() == node.id() ? attempt.life().startTime() : 0;
    progress.end(attempt, node.id(), AttemptEnd.unseen(reason, startTime, now, message), now);
  }

  /// Whether an attempt was ours and its end on that node is recorded.
  boolean isOver(AttemptId attempt, int node) {
    var running = state.attempt(attempt);
    if (running != null) {
      return running.hasPlacementOn(node) && !running.nodes().contains(node);
    }
    var job = state.job(attempt.instance().job());
    if (job == null
        && attempt.cluster().equals(state.cluster())
        && attempt.epoch() <= state.epoch()) {
      // It had ended before its job was deleted.
      return attempt.instance().job() < state.nextJob();
    }
    if (job == null
        || !attempt.cluster().equals(state.cluster())
        || attempt.epoch() > state.epoch()) {
      return false;
    }
    if (attempt.number() <= job.attemptBase()) {
      return true;
    }
    if (attempt.instance().task() > job.tasks().size() || attempt.instance().task() < 1) {
      return false;
    }
    var task = job.task(attempt.instance().task());
    var ordinal = task.spec().sweep().ordinal(attempt.instance().instance());
    if (ordinal < 0
        || (task instanceof OpenTask open
            && ordinal >= open.made()
            && attempt.number() > task.former(ordinal).number())) {
      return false;
    }
    var live = task.live(ordinal);
    if (live != null) {
      return attempt.number() < live.number();
    }
    return !task.pending().contains(ordinal) || attempt.number() <= task.former(ordinal).number();
  }
}
