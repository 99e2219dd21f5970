package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.capataz.model.EndReason;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.jspecify.annotations.Nullable;

/// A task of a submitted job. An instance that has not been dispatched costs nothing, a live one an
/// object, an ended one some bytes of the log.
public sealed class Task permits OpenTask {

  /// Instances that ended without running.
  ///
  /// @param state Failed or Canceled
  public record Skipped(
      Ranges ordinals, TaskState state, EndReason reason, String message, long time) {}

  /// What is known of a pending instance that ran before.
  ///
  /// @param number of its latest attempt
  /// @param losses how often in a row the cluster lost it
  /// @param failures how often it was retried after an exit code
  /// @param exitCode of its latest attempt, if that was seen to end
  /// @param recalls how many attempts were taken back before they began, since it last ended
  public record Former(int number, int losses, int failures, OptionalInt exitCode, int recalls) {

    /// Of one that was never recalled.
    public Former(int number, int losses, int failures, OptionalInt exitCode) {
      this(number, losses, failures, exitCode, 0);
    }

    /// Of one that was put back after this end, with all its retries.
    static Former putBack(EndedLog.Entry entry) {
      var end = entry.end();
      return new Former(
          entry.number(),
          0,
          0,
          end.exited() ? OptionalInt.of(end.exitCode()) : OptionalInt.empty());
    }

    /// What is known after one more recorded end.
    Former after(EndedLog.Entry entry) {
      if (entry.end().reason() == EndReason.RECALLED) {
        return new Former(entry.number(), losses, failures, exitCode, recalls + 1);
      }
      var fresh = putBack(entry);
      if (entry.state().isEnd()) {
        return fresh;
      }
      if (entry.end().reason().isInfrastructure()) {
        return new Former(entry.number(), losses + 1, failures, fresh.exitCode, recalls);
      }
      return entry.end().reason() == EndReason.EXITED
          ? new Former(entry.number(), 0, failures + 1, fresh.exitCode, recalls)
          : new Former(entry.number(), 0, 0, fresh.exitCode, recalls);
    }
  }

  /// What cannot be told from the log alone: stored whenever instances are skipped or put back, and
  /// when the throttle changes.
  ///
  /// @param pending what was not over then, whether it waited or ran
  /// @param position how many ends the log had then
  /// @param maxRunning instances that may run at once, 0 for no limit
  /// @param ledger of a task whose instances are made as they are needed; null for any other
  public record Checkpoint(
      Ranges pending,
      List<Skipped> skipped,
      int position,
      int maxRunning,
      OpenTask.@Nullable Ledger ledger) {}

  private final Former fresh;
  private TaskSpec spec;
  private int group;
  final Ranges pending = new Ranges();
  final Map<Integer, Attempt> live = new HashMap<>();
  private final Map<Integer, Former> former = new HashMap<>();
  final EndedLog ended;
  private List<Skipped> skipped = List.of();
  private int maxRunning;
  private final MeanRuntime runtime = new MeanRuntime();
  private boolean wasReady;
  private int waiting;
  private int behind;
  int finished;
  int failed;
  private int canceled;
  long startTime;
  long endTime;

  /// A task of which nothing has run.
  ///
  /// @param group the group that the task belongs to, or -1
  /// @param attemptBase the highest number of an attempt before
  Task(TaskSpec spec, int group, int attemptBase) {
    this(spec, group, attemptBase, new EndedLog());
  }

  Task(TaskSpec spec, int group, int attemptBase, EndedLog ended) {
    this.spec = spec;
    this.group = group;
    this.fresh = new Former(attemptBase, 0, 0, OptionalInt.empty());
    this.maxRunning = spec.rules().maxRunning();
    this.ended = ended;
    pending.add(0, spec.sweep().count());
  }

  public TaskSpec spec() {
    return spec;
  }

  /// Changes what is not about its instances and dependencies.
  void respec(TaskSpec changed) {
    if (changed.rules().maxRunning() != spec.rules().maxRunning()) {
      maxRunning = changed.rules().maxRunning();
    }
    spec = changed;
  }

  public int number() {
    return spec.number();
  }

  /// Ordinals that wait to be dispatched.
  public Ranges pending() {
    return pending;
  }

  public Collection<Attempt> live() {
    return Collections.unmodifiableCollection(live.values());
  }

  public @Nullable Attempt live(int ordinal) {
    return live.get(ordinal);
  }

  public Former former(int ordinal) {
    return former.getOrDefault(ordinal, fresh);
  }

  /// How many of the live attempts are behind others, and hold nothing yet.
  public int behind() {
    return behind;
  }

  /// One of the attempts that were behind others no longer is.
  void inherited() {
    behind--;
  }

  /// How long its runs take, in microseconds, the last and the long ones counting most; empty until
  /// some have ended.
  public OptionalLong meanRuntime() {
    return runtime.micros();
  }

  public EndedLog ended() {
    return ended;
  }

  public List<Skipped> skipped() {
    return skipped;
  }

  /// Groups that have to end before it may start.
  public int waiting() {
    return waiting;
  }

  public int finished() {
    return finished;
  }

  public int failed() {
    return failed;
  }

  public int canceled() {
    return canceled;
  }

  /// When its first instance started, 0 if none did.
  public long startTime() {
    return startTime;
  }

  /// When its last instance ended so far, 0 if none did.
  public long endTime() {
    return endTime;
  }

  /// Whether no instance waits or runs.
  public boolean isDone() {
    return pending.isEmpty() && live.isEmpty();
  }

  /// Whether an instance could be dispatched now, were it not for the throttle.
  public boolean isReady() {
    return waiting == 0 && !pending.isEmpty();
  }

  /// Whether an instance may be dispatched now.
  public boolean isRunnable() {
    return isReady() && startable() > 0;
  }

  /// Instances that may run at once, 0 for no limit.
  public int maxRunning() {
    return maxRunning;
  }

  /// How many instances wait, as far as the throttle lets them run beside those that do.
  public int startable() {
    return maxRunning == 0
        ? pending.size()
        : Math.min(pending.size(), Math.max(0, maxRunning - live.size()));
  }

  /// The state of all its instances together.
  public TaskState state() {
    if (!live.isEmpty() || (spec.isSweep() && !pending.isEmpty() && startTime != 0)) {
      return TaskState.RUNNING;
    }
    if (!pending.isEmpty()) {
      return TaskState.QUEUED;
    }
    return failed > 0 ? TaskState.FAILED : canceled > 0 ? TaskState.CANCELED : TaskState.FINISHED;
  }

  /// The state of one instance.
  public TaskState state(int ordinal) {
    var attempt = live.get(ordinal);
    if (attempt != null) {
      return attempt.life().state();
    }
    if (pending.contains(ordinal)) {
      return TaskState.QUEUED;
    }
    for (var skip : skipped) {
      if (skip.ordinals().contains(ordinal)) {
        return skip.state();
      }
    }
    return Objects.requireNonNull(ended.snapshot().latest(ordinal)).state();
  }

  public Checkpoint checkpoint() {
    var unfinished = pending.copy();
    live.keySet().forEach(ordinal -> unfinished.add(ordinal, ordinal + 1));
    return new Checkpoint(unfinished, skipped, ended.size(), maxRunning, null);
  }

  int group() {
    return group;
  }

  /// Tasks that were added later wait for it by its name.
  void join(int newGroup) {
    group = newGroup;
  }

  void throttle(int newMaxRunning) {
    maxRunning = newMaxRunning;
  }

  /// 1 if it has become ready since this was asked last, -1 if it no longer is, else 0.
  int changeOfReadiness() {
    var change = (isReady() ? 1 : 0) - (wasReady ? 1 : 0);
    wasReady = isReady();
    return change;
  }

  /// A group that it waits for has become done (-1) or undone (+1).
  void await(int change) {
    waiting += change;
  }

  void dispatch(Attempt attempt) {
    pending.remove(attempt.ordinal());
    live.put(attempt.ordinal(), attempt);
    behind += attempt.isBehind() ? 1 : 0;
  }

  void started(long time) {
    startTime = startTime == 0 ? time : Math.min(startTime, time);
  }

  /// Takes the end of a live attempt.
  void end(EndedLog.Entry entry) {
    live.remove(entry.ordinal());
    record(entry);
    switch (entry.state()) {
      case FINISHED -> finished++;
      case FAILED -> failed++;
      default -> pending.add(entry.ordinal(), entry.ordinal() + 1);
    }
    if (entry.state().isEnd()) {
      former.remove(entry.ordinal());
    } else {
      former.put(entry.ordinal(), former(entry.ordinal()).after(entry));
    }
  }

  void skip(TaskState state, EndReason reason, String message, long time) {
    if (pending.isEmpty()) {
      return;
    }
    var more = new ArrayList<>(skipped);
    more.add(new Skipped(pending.copy(), state, reason, message, time));
    skipped = List.copyOf(more);
    if (state == TaskState.FAILED) {
      failed += pending.size();
    } else {
      canceled += pending.size();
    }
    pending.clear();
    endTime = Math.max(endTime, time);
  }

  /// Ends one instance that waits. Those that end one after the other for the same reason share a
  /// record, with the time of the last.
  void skip(int ordinal, TaskState state, EndReason reason, String message, long time) {
    pending.remove(ordinal);
    var more = new ArrayList<>(skipped);
    var ordinals = Ranges.of(ordinal, ordinal + 1);
    var last = skipped.isEmpty() ? null : skipped.getLast();
    if (last != null
        && last.state() == state
        && last.reason() == reason
        && last.message().equals(message)) {
      ordinals = last.ordinals().copy();
      ordinals.add(ordinal, ordinal + 1);
      more.removeLast();
    }
    more.add(new Skipped(ordinals, state, reason, message, time));
    skipped = List.copyOf(more);
    if (state == TaskState.FAILED) {
      failed++;
    } else {
      canceled++;
    }
    endTime = Math.max(endTime, time);
  }

  /// Puts back one instance that failed or was canceled.
  void requeue(int ordinal) {
    var kept = new ArrayList<Skipped>();
    var dropped = false;
    for (var skip : skipped) {
      if (skip.ordinals().contains(ordinal)) {
        dropped = true;
        var others = skip.ordinals().copy();
        others.remove(ordinal);
        if (others.isEmpty()) {
          continue;
        }
        kept.add(new Skipped(others, skip.state(), skip.reason(), skip.message(), skip.time()));
      } else {
        kept.add(skip);
      }
    }
    skipped = List.copyOf(kept);
    var latest = ended.snapshot().latest(ordinal);
    if (!dropped && latest != null) {
      former.put(ordinal, Former.putBack(latest));
    }
    pending.add(ordinal, ordinal + 1);
    endTime = 0;
    skipped.forEach(skip -> endTime = Math.max(endTime, skip.time()));
    ended.snapshot().forEach(entry -> endTime = Math.max(endTime, entry.end().endTime()));
    count();
  }

  /// Puts back what did not finish.
  void requeue(boolean failedOnly) {
    var again = outcomes().failed;
    var kept = new ArrayList<Skipped>();
    for (var skip : skipped) {
      if (failedOnly && skip.state() == TaskState.CANCELED) {
        kept.add(skip);
      } else {
        pending.addAll(skip.ordinals());
      }
    }
    skipped = List.copyOf(kept);
    endTime = 0;
    skipped.forEach(skip -> endTime = Math.max(endTime, skip.time()));
    ended
        .snapshot()
        .forEach(
            entry -> {
              endTime = Math.max(endTime, entry.end().endTime());
              if (again.get(entry.ordinal())) {
                former.put(entry.ordinal(), Former.putBack(entry));
              }
            });
    again.stream().forEach(ordinal -> pending.add(ordinal, ordinal + 1));
    count();
  }

  /// Makes the task as it was stored.
  void restore(
      @Nullable Checkpoint checkpoint, Collection<EndedLog.Entry> log, List<Attempt> running) {
    if (checkpoint != null) {
      pending.clear();
      pending.addAll(checkpoint.pending());
      skipped = checkpoint.skipped();
      maxRunning = checkpoint.maxRunning();
      skipped.forEach(skip -> endTime = Math.max(endTime, skip.time()));
    }
    for (var attempt : running) {
      live.put(attempt.ordinal(), attempt);
      behind += attempt.isBehind() ? 1 : 0;
      if (attempt.life().startTime() != 0) {
        started(attempt.life().startTime());
      }
    }
    var covered = checkpoint == null ? 0 : checkpoint.position();
    for (var entry : log) {
      var ordinal = entry.ordinal();
      if (ended.size() >= covered && entry.state().isEnd() && pending.contains(ordinal)) {
        pending.remove(ordinal);
      }
      record(entry);
      if (isOpen(ordinal)) {
        former.put(ordinal, former(ordinal).after(entry));
      } else {
        former.remove(ordinal);
      }
    }
    running.forEach(attempt -> pending.remove(attempt.ordinal()));
    count();
  }

  /// Whether an instance may yet run, be it after a requeue: it neither finished nor failed.
  private boolean isOpen(int ordinal) {
    return pending.contains(ordinal)
        || live.containsKey(ordinal)
        || skipped.stream().anyMatch(skip -> skip.ordinals().contains(ordinal));
  }

  final void record(EndedLog.Entry entry) {
    ended.add(entry);
    if (entry.end().startTime() != 0) {
      started(entry.end().startTime());
    }
    runtime.add(entry.end());
    endTime = Math.max(endTime, entry.end().endTime());
  }

  private void count() {
    var outcomes = outcomes();
    finished = outcomes.finished.cardinality();
    failed = outcomes.failed.cardinality();
    canceled = 0;
    for (var skip : skipped) {
      if (skip.state() == TaskState.FAILED) {
        failed += skip.ordinals().size();
      } else {
        canceled += skip.ordinals().size();
      }
    }
  }

  private record Outcomes(BitSet finished, BitSet failed) {}

  /// Which instances ended how, by their latest attempt.
  private Outcomes outcomes() {
    var outcomes = new Outcomes(new BitSet(), new BitSet());
    ended
        .snapshot()
        .forEach(
            entry -> {
              outcomes.finished.set(entry.ordinal(), entry.state() == TaskState.FINISHED);
              outcomes.failed.set(entry.ordinal(), entry.state() == TaskState.FAILED);
            });
    pending.forEach(outcomes.failed::clear);
    live.keySet().forEach(outcomes.failed::clear);
    skipped.forEach(skip -> skip.ordinals().forEach(outcomes.failed::clear));
    return outcomes;
  }
}
