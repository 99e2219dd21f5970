package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import org.capataz.model.EndReason;
import org.capataz.model.JobSpec;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.Pace;
import org.capataz.scheduler.life.AttemptLife;
import org.jspecify.annotations.Nullable;

/// What a job has to do: its tasks, and which of them may run. Each change of a task goes through
/// here, for the job's counts and the tasks that wait for it change with it.
final class JobWork {

  private List<Task> tasks = List.of();
  private List<OpenTask> open = List.of();
  private final TaskGroups groups = new TaskGroups();
  private final NavigableSet<Integer> runnable = new TreeSet<>();
  private final Tally tally = new Tally();
  private final SequencedSet<Attempt> assigned = new LinkedHashSet<>();
  private final Set<Attempt> recalled = new LinkedHashSet<>();
  private int live;
  private int undone;
  private int ready;
  private int lastAttempt;
  private boolean changed;

  /// No tasks.
  JobWork() {}

  /// The tasks of a job.
  ///
  /// @param attemptBase the highest number of an attempt before
  JobWork(JobSpec spec, int attemptBase) {
    groups.extend(spec);
    var groupOf = TaskGroups.members(spec);
    tasks =
        spec.tasks().stream()
            .map(task -> task(task, groupOf.getOrDefault(task.number(), -1), attemptBase))
            .toList();
    open = tasks.stream().filter(OpenTask.class::isInstance).map(OpenTask.class::cast).toList();
    tasks.forEach(groups::add);
    for (var task : tasks) {
      if (Tally.isWork(task)) {
        open(task);
      }
      tally.add(task);
    }
  }

  /// Whether anything but its spec was ever changed of a task.
  boolean isChanged() {
    return changed;
  }

  /// The tasks by number - 1.
  List<Task> tasks() {
    return tasks;
  }

  Task task(int number) {
    return tasks.get(number - 1);
  }

  /// Its task of that type, or null: NodePrep, NodeRelease and Service are once in a job at most.
  @Nullable OpenTask only(TaskKind kind) {
    for (var task : open) {
      if (task.spec().kind() == kind) {
        return task;
      }
    }
    return null;
  }

  /// Numbers of the tasks of which an instance may be dispatched, in order.
  NavigableSet<Integer> runnable() {
    return Collections.unmodifiableNavigableSet(runnable);
  }

  /// How many tasks could go on, had they the cores and no throttle.
  int ready() {
    return ready;
  }

  /// The tasks that wait for this one.
  List<Task> dependents(Task task) {
    return groups.dependents(task);
  }

  /// How many attempts are live.
  int live() {
    return live;
  }

  /// The attempts that are behind others, and were not recalled; in the order of their dispatch.
  SequencedSet<Attempt> assigned() {
    return Collections.unmodifiableSequencedSet(assigned);
  }

  /// The attempts that are behind others, and were recalled.
  Set<Attempt> recalled() {
    return Collections.unmodifiableSet(recalled);
  }

  /// The highest number of an attempt so far, also of tasks that were forgotten; 0 if there was
  /// none.
  int lastAttempt() {
    return lastAttempt;
  }

  /// Whether every task that does the job's work is done.
  boolean isDone() {
    return undone == 0;
  }

  /// Whether an instance has ended, be it without running.
  boolean hasEnds() {
    return tally.hasEnds();
  }

  Job.Counts counts() {
    return tally.counts();
  }

  /// Sets up tasks that were added to a job that runs.
  void extend(JobSpec spec, int attemptBase) {
    groups.extend(spec);
    var groupOf = TaskGroups.members(spec);
    for (var task : tasks) {
      var group = groupOf.getOrDefault(task.number(), -1);
      if (group != task.group()) {
        groups.join(task, group);
      }
    }
    var added = new ArrayList<Task>();
    for (var task : spec.tasks().subList(tasks.size(), spec.tasks().size())) {
      added.add(task(task, groupOf.getOrDefault(task.number(), -1), attemptBase));
    }
    var longer = new ArrayList<>(tasks);
    longer.addAll(added);
    tasks = List.copyOf(longer);
    added.forEach(groups::add);
    for (var task : added) {
      open(task);
      tally.add(task);
    }
  }

  /// Changes what is not about instances and dependencies.
  void respec(JobSpec spec) {
    for (var task : tasks) {
      task.respec(spec.task(task.number()));
      refresh(task);
    }
  }

  private static Task task(TaskSpec task, int group, int attemptBase) {
    return task.kind().isOpen()
        ? new OpenTask(task, group, attemptBase)
        : new Task(task, group, attemptBase);
  }

  /// Counts a task that is not done, and makes its dependents wait for it.
  private void open(Task task) {
    undone++;
    refresh(groups.open(task));
    refresh(task);
  }

  private void close(Task task) {
    undone--;
    refresh(groups.close(task));
  }

  private void refresh(List<Task> changed) {
    for (var task : changed) {
      refresh(task);
    }
  }

  private void refresh(Task task) {
    ready += task.changeOfReadiness();
    if (task.isRunnable()) {
      runnable.add(task.number());
    } else {
      runnable.remove(task.number());
    }
  }

  private void settle(Task task) {
    refresh(task);
    if (task.isDone() && Tally.isWork(task)) {
      close(task);
    }
  }

  void dispatch(Attempt attempt) {
    changed = true;
    var task = task(attempt.task());
    tally.remove(task);
    task.dispatch(attempt);
    tally.add(task);
    file(attempt);
    live++;
    lastAttempt = Math.max(lastAttempt, attempt.number());
    refresh(task);
  }

  /// Files an attempt by whether it is behind others.
  private void file(Attempt attempt) {
    assigned.remove(attempt);
    recalled.remove(attempt);
    if (attempt.life() instanceof AttemptLife.Assigned) {
      assigned.add(attempt);
    } else if (attempt.isBehind()) {
      recalled.add(attempt);
    }
  }

  /// An attempt has its cores.
  void inherit(Attempt attempt) {
    var task = task(attempt.task());
    tally.remove(task);
    attempt.step(new AttemptLife.Step.Inherit());
    task.inherited();
    tally.add(task);
    file(attempt);
  }

  void recall(Attempt attempt, AttemptLife.Step.Stop why) {
    attempt.step(new AttemptLife.Step.Recall(why));
    file(attempt);
  }

  void end(EndedLog.Entry entry, Attempt attempt) {
    var task = task(attempt.task());
    tally.remove(task);
    if (attempt.isBehind()) {
      task.inherited();
    }
    task.end(entry);
    tally.add(task);
    assigned.remove(attempt);
    recalled.remove(attempt);
    live--;
    settle(task);
  }

  void skip(Task task, TaskState state, EndReason reason, String message, long time) {
    if (!task.isDone()) {
      changed = true;
      tally.remove(task);
      task.skip(state, reason, message, time);
      tally.add(task);
      settle(task);
    }
  }

  void skip(Task task, int ordinal, TaskState state, EndReason reason, String message, long time) {
    changed = true;
    tally.remove(task);
    task.skip(ordinal, state, reason, message, time);
    tally.add(task);
    settle(task);
  }

  void throttle(Task task, int maxRunning) {
    changed = true;
    task.throttle(maxRunning);
    refresh(task);
  }

  void pace(OpenTask service, Pace pace) {
    changed = true;
    service.pace(pace);
    refresh(service);
  }

  void requeue(boolean failedOnly) {
    for (var task : tasks) {
      putBack(task, () -> task.requeue(failedOnly));
    }
  }

  void requeue(Task task) {
    putBack(task, () -> task.requeue(false));
  }

  void requeue(Task task, int ordinal) {
    putBack(task, () -> task.requeue(ordinal));
  }

  private void putBack(Task task, Runnable change) {
    changed = true;
    var wasDone = task.isDone();
    tally.remove(task);
    change.run();
    tally.add(task);
    if (wasDone && !task.isDone()) {
      open(task);
    } else {
      refresh(task);
    }
  }

  void restore(
      Task task,
      Task.@Nullable Checkpoint checkpoint,
      Collection<EndedLog.Entry> log,
      List<Attempt> running) {
    changed |= checkpoint != null || !log.isEmpty() || !running.isEmpty();
    tally.remove(task);
    task.restore(checkpoint, log, running);
    tally.add(task);
    live += running.size();
    running.forEach(this::file);
    log.forEach(entry -> lastAttempt = Math.max(lastAttempt, entry.number()));
    running.forEach(attempt -> lastAttempt = Math.max(lastAttempt, attempt.number()));
    settle(task);
  }
}
