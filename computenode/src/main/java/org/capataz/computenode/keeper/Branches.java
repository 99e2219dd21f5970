package org.capataz.computenode.keeper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.capataz.computenode.process.ResourceUsage;
import org.jspecify.annotations.Nullable;

/// The branches of one attempt that is held here. Pure, as [KeeperState], whose part it is.
final class Branches {

  /// From TERM to KILL, for one branch of an attempt that goes on.
  static final long GRACE_MILLIS = 5_000;

  private static final String UNKNOWN = "the node no longer knows what it was asked to start";

  /// Where one branch stands.
  private sealed interface Branch {

    record Waiting(BranchRequest.Command command) implements Branch {}

    /// Its process may or may not exist.
    record Launching(boolean stop) implements Branch {}

    /// @param killAt NEVER where it need not end, or was killed
    record Alive(Report.Running running, boolean stopped, long killAt) implements Branch {}

    record Over(BranchNews.End end) implements Branch {}
  }

  private final Map<String, Branch> all = new LinkedHashMap<>();
  private ResourceUsage used = ResourceUsage.NONE;
  private boolean begun;

  /// Whether something may have been started, by this keeper or an earlier one.
  boolean haveBegun() {
    return begun;
  }

  void begun() {
    begun = true;
  }

  /// What those that have ended used.
  ResourceUsage used() {
    return used;
  }

  /// When the first of them is to be killed.
  long alarmAt() {
    var first = Alarms.NEVER;
    for (var branch : all.values()) {
      if (branch instanceof Branch.Alive alive) {
        first = Math.min(first, alive.killAt);
      }
    }
    return first;
  }

  /// Takes a request, which may be a repeat.
  ///
  /// @return whether it is new, and waits to be started
  boolean serve(BranchRequest request, Moment now, List<Action> actions) {
    var id = request.id();
    var known = all.get(id.name());
    var isNew = known == null && !request.stop() && request.command().isPresent();
    if (isNew) {
      actions.add(new Action.Note(new BranchBegun(id.attempt())));
      begun = true;
      all.put(id.name(), new Branch.Waiting(request.command().get()));
    } else if (known == null) {
      all.put(id.name(), new Branch.Over(BranchNews.End.none(request.stop() ? "" : UNKNOWN)));
    } else if (request.stop()) {
      stop(id, known, now, actions);
    }
    actions.add(new Action.Tell(new Report.Served(news(id))));
    return isNew;
  }

  private void stop(BranchId id, Branch known, Moment now, List<Action> actions) {
    switch (known) {
      case Branch.Waiting _ -> all.put(id.name(), new Branch.Over(BranchNews.End.none("")));
      case Branch.Launching _ -> all.put(id.name(), new Branch.Launching(true));
      case Branch.Alive alive when !alive.stopped -> {
        actions.add(new Action.Terminate(alive.running));
        all.put(id.name(), new Branch.Alive(alive.running, true, now.millis() + GRACE_MILLIS));
      }
      case Branch.Alive _, Branch.Over _ -> {}
    }
  }

  private BranchNews news(BranchId id) {
    return all.get(id.name()) instanceof Branch.Over(var end)
        ? BranchNews.ended(id, end)
        : BranchNews.taken(id);
  }

  /// Takes one that waits, for its process to be started now; null if it does not wait any more.
  BranchRequest.@Nullable Command begin(BranchId id) {
    if (all.get(id.name()) instanceof Branch.Waiting(var command)) {
      all.put(id.name(), new Branch.Launching(false));
      return command;
    }
    return null;
  }

  /// Its process runs.
  void started(BranchId id, Report.Running running, Moment now, List<Action> actions) {
    var stop = all.get(id.name()) instanceof Branch.Launching(var stopped) && stopped;
    var alive = new Branch.Alive(running, false, Alarms.NEVER);
    all.put(id.name(), alive);
    if (stop) {
      stop(id, alive, now, actions);
    }
  }

  /// It has ended, or could not be started.
  void ended(BranchId id, BranchNews.End end, ResourceUsage usage, List<Action> actions) {
    if (all.get(id.name()) instanceof Branch.Alive alive) {
      // What it left in its group is killed while the group's number cannot be another's.
      actions.add(new Action.Kill(alive.running));
    }
    used = used.plus(usage);
    all.put(id.name(), new Branch.Over(end));
    actions.add(new Action.Tell(new Report.Served(news(id))));
  }

  /// Kills those whose grace is over.
  void killOverdue(Moment now, List<Action> actions) {
    for (var name : new ArrayList<>(all.keySet())) {
      if (all.get(name) instanceof Branch.Alive alive && alive.killAt <= now.millis()) {
        actions.add(new Action.Kill(alive.running));
        all.put(name, new Branch.Alive(alive.running, true, Alarms.NEVER));
      }
    }
  }

  /// Drops those that wait; what they were part of is ending.
  void close() {
    all.values().removeIf(branch -> branch instanceof Branch.Waiting);
  }

  /// Whether one may have a process, or has one of which the end, and what it used, is yet to be
  /// told.
  boolean mayRun() {
    return all.values().stream()
        .anyMatch(branch -> branch instanceof Branch.Launching || branch instanceof Branch.Alive);
  }
}
