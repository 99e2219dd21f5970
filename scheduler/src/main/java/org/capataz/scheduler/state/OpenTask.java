package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.capataz.model.EndReason;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.Pace;
import org.jspecify.annotations.Nullable;

/// A task whose instances are made as they are needed: NodePrep and NodeRelease, which run as nodes
/// come and go, and Service, which always has a next instance until it is over. Each instance runs
/// once. The task counts them all, but remembers only the latest ends, so that it may go on for
/// years.
public final class OpenTask extends Task {

  /// What it knows beyond its latest ends.
  ///
  /// @param made how many instances there have been
  /// @param pace of a service
  /// @param result what a service has come to, null while it is not over
  /// @param failedOn the nodes that could not be prepared since the job was queued
  public record Ledger(
      int made,
      int finished,
      int failed,
      long startTime,
      long endTime,
      Pace pace,
      @Nullable TaskState result,
      NavigableSet<Integer> failedOn) {}

  private final NavigableSet<Integer> failedOn = new TreeSet<>();
  private int made;
  private Pace pace = Pace.STEADY;
  private @Nullable TaskState result;

  OpenTask(TaskSpec spec, int group, int attemptBase) {
    super(spec, group, attemptBase, EndedLog.ofLatest());
    offerNext();
  }

  private void offerNext() {
    if (spec().kind() == TaskKind.SERVICE && result == null) {
      pending.add(made, made + 1);
    }
  }

  /// How many instances there have been, which is the next one's ordinal.
  public int made() {
    return made;
  }

  public Pace pace() {
    return pace;
  }

  /// The nodes that could not be prepared since the job was queued last.
  public NavigableSet<Integer> failedOn() {
    return Collections.unmodifiableNavigableSet(failedOn);
  }

  /// Instances in order that run or whose end is remembered.
  public static NavigableSet<Integer> known(Collection<Integer> live, EndedLog.Snapshot ended) {
    var known = new TreeSet<>(live);
    ended.forEach(entry -> known.add(entry.ordinal()));
    return known;
  }

  @Override
  public boolean isReady() {
    return super.isReady() && !pace.isPaused();
  }

  /// A service has room for as many as its job has cores for.
  @Override
  public int startable() {
    return pending.isEmpty() ? 0 : Integer.MAX_VALUE;
  }

  /// Whether an instance runs, or its end is remembered.
  public boolean knows(int ordinal) {
    return live.containsKey(ordinal) || ended.snapshot().latest(ordinal) != null;
  }

  /// Whether it is a service that goes on.
  public boolean goesOn() {
    return !pending.isEmpty();
  }

  @Override
  public TaskState state() {
    if (!live.isEmpty() || (!pending.isEmpty() && made > 0)) {
      return TaskState.RUNNING;
    }
    if (result != null) {
      return result;
    }
    return made == 0 ? TaskState.QUEUED : failed > 0 ? TaskState.FAILED : TaskState.FINISHED;
  }

  @Override
  public Checkpoint checkpoint() {
    var ledger =
        new Ledger(
            made,
            finished,
            failed,
            startTime,
            endTime,
            pace,
            result,
            Collections.unmodifiableNavigableSet(new TreeSet<>(failedOn)));
    return new Checkpoint(pending.copy(), List.of(), ended.size(), 0, ledger);
  }

  void pace(Pace changed) {
    pace = changed;
  }

  @Override
  void dispatch(Attempt attempt) {
    pending.clear();
    live.put(attempt.ordinal(), attempt);
    made = Math.max(made, attempt.ordinal() + 1);
    offerNext();
  }

  @Override
  void end(EndedLog.Entry entry) {
    live.remove(entry.ordinal());
    record(entry);
    if (entry.state() == TaskState.FINISHED) {
      finished++;
      return;
    }
    failed++;
    if (spec().kind() == TaskKind.NODE_PREP && !entry.end().reason().isInfrastructure()) {
      failedOn.add(entry.node());
    }
  }

  /// A service is over, once what still runs of it has ended.
  @Override
  void skip(TaskState state, EndReason reason, String message, long time) {
    if (!pending.isEmpty()) {
      pending.clear();
      result = state;
      pace = Pace.STEADY;
    }
  }

  @Override
  void requeue(boolean failedOnly) {
    failedOn.clear();
    pace = Pace.STEADY;
    result = null;
    pending.clear();
    offerNext();
  }

  @Override
  void restore(
      @Nullable Checkpoint checkpoint, Collection<EndedLog.Entry> log, List<Attempt> running) {
    running.forEach(attempt -> live.put(attempt.ordinal(), attempt));
    new ArrayList<>(log).forEach(this::record);
    var ledger = checkpoint == null ? null : checkpoint.ledger();
    if (ledger != null) {
      made = ledger.made;
      finished = ledger.finished;
      failed = ledger.failed;
      startTime = ledger.startTime;
      endTime = ledger.endTime;
      pace = ledger.pace;
      result = ledger.result;
      failedOn.addAll(ledger.failedOn);
    }
    running.stream()
        .map(attempt -> attempt.life().startTime())
        .filter(time -> time != 0)
        .forEach(this::started);
    pending.clear();
    offerNext();
  }
}
