package org.capataz.scheduler.simulation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.capataz.model.EndReason;
import org.capataz.model.JobDraft;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.event.Placement;
import org.jspecify.annotations.Nullable;

/// A job as the journal tells it, each instance on its own.
final class JobRecord {

  /// A grant of the job.
  record Hold(int node, Parts parts) {}

  JobDraft draft;
  int attemptBase;
  @Nullable JobSpec spec;
  JobState state = JobState.CONFIGURING;
  long order;
  TaskState[][] instances = {};
  int[][] numbers = {};
  int[][] retries = {};
  int[] throttles = {};

  /// Instances that somebody wants to run again, however many others have failed.
  final Set<String> askedFor = new HashSet<>();

  int live;
  int working;
  TaskState service = TaskState.RUNNING;
  long heldUntil;
  Activation.@Nullable Question asked;
  Activation.@Nullable Verdict verdict;
  JobState then = JobState.FINISHED;
  final Map<String, EndReason> stopped = new HashMap<>();
  final Map<Long, Hold> grants = new LinkedHashMap<>();
  final Map<String, List<Placement>> placements = new HashMap<>();

  JobRecord(JobDraft draft) {
    this.draft = draft;
  }

  JobSpec spec() {
    return Objects.requireNonNull(spec);
  }

  /// What the activation filter is asked of it, and said, does not count any more.
  void forgetFilter() {
    asked = null;
    verdict = null;
  }

  boolean has(TaskKind kind) {
    return spec().tasks().stream().anyMatch(task -> task.kind() == kind);
  }

  /// Whether it has not finished all that it was to do, a service as a whole.
  boolean hasFailed() {
    return has(TaskKind.SERVICE)
        ? service != TaskState.FINISHED
        : !work().allMatch(TaskState.FINISHED::equals);
  }

  /// All instances of the tasks that do its work.
  Stream<TaskState> work() {
    return spec().tasks().stream()
        .filter(task -> !task.kind().isForNodes())
        .flatMap(task -> Arrays.stream(instances[task.number() - 1]));
  }

  boolean hasQueuedInstances() {
    return Arrays.stream(instances).flatMap(Arrays::stream).anyMatch(TaskState.QUEUED::equals);
  }

  boolean hasRun(int[] attempts) {
    return Arrays.stream(attempts).anyMatch(number -> number > attemptBase);
  }

  long count(int task, TaskState state) {
    return Arrays.stream(instances[task - 1]).filter(state::equals).count();
  }

  boolean isDone(int task) {
    return Arrays.stream(instances[task - 1]).allMatch(TaskState::isEnd);
  }

  void turn(TaskState from, TaskState to) {
    for (var task = 1; task <= instances.length; task++) {
      if (!spec().task(task).kind().isOpen()) {
        turn(task, from, to);
      }
    }
  }

  void turn(int task, TaskState from, TaskState to) {
    Arrays.setAll(
        instances[task - 1], i -> instances[task - 1][i] == from ? to : instances[task - 1][i]);
  }

  /// Takes tasks that were added.
  void extend(JobDraft longer) {
    draft = longer;
    if (spec != null) {
      var from = instances.length;
      spec = JobSpec.resolve(longer).orElseThrow();
      prepare(from);
    }
  }

  /// Is Configuring again.
  void reopen() {
    attemptBase =
        Arrays.stream(numbers).flatMapToInt(Arrays::stream).reduce(attemptBase, Math::max);
    spec = null;
    state = JobState.CONFIGURING;
    heldUntil = 0;
    service = TaskState.RUNNING;
    instances = new TaskState[][] {};
    numbers = new int[][] {};
  }

  void submit(long place) {
    spec = JobSpec.resolve(draft).orElseThrow();
    state = JobState.QUEUED;
    order = place;
    prepare(0);
    heldUntil = spec().rules().holdUntil();
  }

  void requeue(boolean failedOnly, long place) {
    service = TaskState.RUNNING;
    turn(TaskState.FAILED, TaskState.QUEUED);
    if (!failedOnly) {
      turn(TaskState.CANCELED, TaskState.QUEUED);
    }
    state = JobState.QUEUED;
    order = place;
  }

  /// Sets up all tasks anew.
  void prepareAnew() {
    instances = new TaskState[][] {};
    numbers = new int[][] {};
    prepare(0);
  }

  /// Sets up the tasks from a place on.
  private void prepare(int from) {
    var tasks = spec().tasks();
    instances = Arrays.copyOf(instances, tasks.size());
    numbers = Arrays.copyOf(numbers, tasks.size());
    retries = Arrays.copyOf(retries, tasks.size());
    throttles = Arrays.copyOf(throttles, tasks.size());
    for (var task : tasks.subList(from, tasks.size())) {
      throttles[task.number() - 1] = task.rules().maxRunning();
      instances[task.number() - 1] = new TaskState[task.sweep().count()];
      Arrays.fill(instances[task.number() - 1], TaskState.QUEUED);
      numbers[task.number() - 1] = new int[task.sweep().count()];
      Arrays.fill(numbers[task.number() - 1], attemptBase);
      retries[task.number() - 1] = new int[task.sweep().count()];
    }
  }

  /// An instance of an open task begins to be, after all that there were.
  void make(int task) {
    var count = instances[task - 1].length;
    instances[task - 1] = Arrays.copyOf(instances[task - 1], count + 1);
    instances[task - 1][count] = TaskState.QUEUED;
    numbers[task - 1] = Arrays.copyOf(numbers[task - 1], count + 1);
    numbers[task - 1][count] = attemptBase;
    retries[task - 1] = Arrays.copyOf(retries[task - 1], count + 1);
  }
}
