package org.capataz.headnode.rpc;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterSettings;
import org.capataz.model.MemoryLimit;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.scheduler.life.AttemptLife;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Attempt;
import org.capataz.scheduler.state.EndedLog;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.OpenTask;
import org.capataz.scheduler.state.Ranges;
import org.capataz.scheduler.state.Task;
import org.jspecify.annotations.Nullable;

/// A task as it was at one moment, taken on the engine's thread and read on any other. Taking it
/// costs what is live and pending of the task, not what has ended.
record TaskPicture(
    int job,
    TaskSpec spec,
    TaskState state,
    Job.Counts counts,
    Times times,
    Ranges pending,
    Map<Integer, Live> live,
    List<Task.Skipped> skipped,
    EndedLog.Snapshot ended) {

  /// Microseconds since 1970, 0 for what has not been.
  record Times(long start, long end) {}

  /// A live attempt.
  ///
  /// @param memoryLimitMb of its first node, 0 for no limit
  record Live(
      AttemptId id, AttemptLife life, int node, int cores, int memoryLimitMb, long dispatchTime) {
    private static Live of(Attempt attempt, TaskSpec spec, ClusterSettings settings) {
      var reservedMb = attempt.placements().getFirst().memoryMb();
      return new Live(
          attempt.id(),
          attempt.life(),
          attempt.leadNode(),
          attempt.cores(),
          MemoryLimit.of(settings, spec.launch().environment(), reservedMb),
          attempt.dispatchTime());
    }
  }

  static TaskPicture of(Job job, Task task, ClusterSettings settings) {
    var live = new HashMap<Integer, Live>();
    task.live()
        .forEach(attempt -> live.put(attempt.ordinal(), Live.of(attempt, task.spec(), settings)));
    var neverRan = task instanceof OpenTask open && open.made() == 0;
    return new TaskPicture(
        job.id(),
        task.spec(),
        neverRan && job.life() instanceof JobLife.Ended ? TaskState.CANCELED : task.state(),
        new Job.Counts(
            task instanceof OpenTask ? 0 : task.pending().size(),
            task.live().size(),
            task.finished(),
            task.failed(),
            task.canceled()),
        new Times(task.startTime(), task.isDone() ? task.endTime() : 0),
        task.pending().copy(),
        live,
        task.skipped(),
        task.ended().snapshot());
  }

  /// One instance.
  ///
  /// @param live its live attempt, if it has one
  /// @param entry its latest recorded end, if it has one
  /// @param skip how it ended without running, if it did
  record Instance(
      int ordinal,
      TaskState state,
      @Nullable Live live,
      EndedLog.@Nullable Entry entry,
      Task.@Nullable Skipped skip) {}

  /// Instances in order.
  ///
  /// @param from the first ordinal to look at
  /// @param states sum of the flags of wanted states, 0 for all
  /// @param most how many at most
  List<Instance> instances(int from, int states, int most) {
    var failed = new BitSet();
    ended.forEach(entry -> failed.set(entry.ordinal(), entry.state() == TaskState.FAILED));
    var chosen =
        ordinals(from)
            .filter(ordinal -> states == 0 || (stateOf(ordinal, failed).flag() & states) != 0)
            .limit(most)
            .boxed()
            .toList();
    var entries = new HashMap<Integer, EndedLog.Entry>();
    var wanted = new BitSet();
    chosen.forEach(wanted::set);
    ended.forEach(
        entry -> {
          if (wanted.get(entry.ordinal())) {
            entries.put(entry.ordinal(), entry);
          }
        });
    return chosen.stream()
        .map(
            ordinal ->
                new Instance(
                    ordinal,
                    stateOf(ordinal, failed),
                    live.get(ordinal),
                    entries.get(ordinal),
                    skipOf(ordinal)))
        .toList();
  }

  /// The instances that there are to tell of, which for a task that makes them as needed are those
  /// that run and the latest that ended.
  private IntStream ordinals(int from) {
    return spec.kind().isOpen()
        ? OpenTask.known(live.keySet(), ended).tailSet(from).stream().mapToInt(Integer::intValue)
        : IntStream.range(from, Math.max(from, spec.sweep().count()));
  }

  private TaskState stateOf(int ordinal, BitSet failed) {
    var running = live.get(ordinal);
    if (running != null) {
      return running.life().state();
    }
    if (pending.contains(ordinal)) {
      return TaskState.QUEUED;
    }
    var skip = skipOf(ordinal);
    if (skip != null) {
      return skip.state();
    }
    return failed.get(ordinal) ? TaskState.FAILED : TaskState.FINISHED;
  }

  private Task.@Nullable Skipped skipOf(int ordinal) {
    for (var skip : skipped) {
      if (skip.ordinals().contains(ordinal)) {
        return skip;
      }
    }
    return null;
  }
}
