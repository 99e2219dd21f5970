package org.capataz.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import org.capataz.client.Cores;
import org.capataz.client.Ending;
import org.capataz.client.Explanation;
import org.capataz.client.HistoryEntry;
import org.capataz.client.InstanceStatus;
import org.capataz.client.Job;
import org.capataz.client.JobEvent;
import org.capataz.client.JobProgress;
import org.capataz.client.JobStatus;
import org.capataz.client.MissingOutput;
import org.capataz.client.Requeue;
import org.capataz.client.StandardStream;
import org.capataz.client.Task;
import org.capataz.client.TaskCounts;
import org.capataz.client.TaskDetail;
import org.capataz.client.TaskStatus;
import org.capataz.client.Times;
import org.capataz.client.Watch;
import org.capataz.client.WatchOptions;
import org.capataz.model.InstanceId;
import org.capataz.model.JobChange;
import org.capataz.model.JobDraft;
import org.capataz.model.JobProperty;
import org.capataz.model.JobState;
import org.capataz.model.JobTemplate;
import org.capataz.model.Priority;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.TaskState;
import org.jspecify.annotations.Nullable;

/// A job in memory: it is in the state that the test sets, and goes through the states that the
/// test has laid out for who watches it.
final class FakeJob implements Job {

  private final FakeCluster cluster;
  private final int id;
  private @Nullable JobDraft draft;
  final List<TaskStatus> tasks = new ArrayList<>();
  final List<InstanceStatus> instances = new ArrayList<>();

  /// A NUL stands for what is not kept.
  final Map<String, String> outputs = new HashMap<>();

  MissingOutput notKept = new MissingOutput.Part(0, 0);
  final Deque<JobStatus> future = new ArrayDeque<>();
  final List<String> asked = new ArrayList<>();
  List<Explanation.NodeFit> fits = List.of();
  JobState state = JobState.CONFIGURING;
  TaskCounts counts = new TaskCounts(1, 0, 0, 0, 0);
  String message = "";
  JobProgress progress = new JobProgress(0, "");
  Runnable whenWatched = () -> {};
  boolean cancelRefused;

  /// What never ends for who follows it.
  @Nullable StandardStream endless;

  FakeJob(FakeCluster cluster, int id, @Nullable JobDraft draft) {
    this.cluster = cluster;
    this.id = id;
    this.draft = draft;
  }

  private JobDraft found() {
    if (cluster.failure != null) {
      throw cluster.failure;
    }
    if (draft == null) {
      throw new CapatazException(
          Code.NOT_FOUND, "expected the id of a job, but there is no job " + id);
    }
    return draft;
  }

  @Override
  public int id() {
    return id;
  }

  @Override
  public JobStatus status() {
    return status(state, counts);
  }

  JobStatus status(JobState now, TaskCounts many) {
    var name = found().get(JobProperty.NAME).orElse("");
    var queued = now != JobState.CONFIGURING;
    var started = queued && now != JobState.QUEUED;
    return new JobStatus(
        id,
        name,
        "ana",
        now,
        Priority.NORMAL,
        new Times(
            TestWorld.NOW.minusSeconds(3700),
            queued ? Optional.of(TestWorld.NOW.minusSeconds(3600)) : Optional.empty(),
            started ? Optional.of(TestWorld.NOW.minusSeconds(90)) : Optional.empty(),
            now.isEnd() ? Optional.of(TestWorld.NOW.minusSeconds(5)) : Optional.empty()),
        many,
        new Cores(1, 4, now == JobState.RUNNING ? 3 : 0),
        message,
        0,
        found().get(JobProperty.PROJECT).orElse(""),
        JobTemplate.nameOf(found()),
        progress);
  }

  @Override
  public JobStatus modify(JobChange change) {
    asked.add("modify " + change);
    draft = change.on(found()).orElseThrow();
    return status();
  }

  @Override
  public JobStatus progress(OptionalInt percent, Optional<String> text) {
    found();
    progress = new JobProgress(percent.orElse(progress.percent()), text.orElse(progress.message()));
    return status();
  }

  @Override
  public JobDraft draft() {
    return found();
  }

  @Override
  public int addTasks(List<TaskDraft> more) {
    var known = found();
    var all = new ArrayList<>(known.tasks());
    all.addAll(more);
    draft = known.withTasks(all);
    return known.tasks().size() + 1;
  }

  @Override
  public JobStatus submit() {
    found();
    asked.add("submit");
    state = JobState.QUEUED;
    return status();
  }

  @Override
  public JobStatus cancel(Ending ending, String why) {
    found();
    asked.add("cancel " + (ending == Ending.USUAL ? "" : ending + " ") + why);
    if (cancelRefused) {
      throw new CapatazException(Code.REFUSED, "expected a job that has not ended, but it has");
    }
    state = JobState.CANCELED;
    message = why;
    future.add(status());
    return status();
  }

  @Override
  public JobStatus finish(Ending ending, String why) {
    found();
    asked.add("finish " + ending + " " + why);
    state = JobState.FINISHING;
    return status();
  }

  @Override
  public JobStatus configure() {
    found();
    asked.add("configure");
    state = JobState.CONFIGURING;
    return status();
  }

  @Override
  public JobStatus throttle(int maxRunning) {
    found();
    asked.add("throttle " + maxRunning);
    return status();
  }

  @Override
  public JobStatus holdUntil(Instant time) {
    found();
    asked.add("hold until " + time);
    return status();
  }

  @Override
  public JobStatus release() {
    found();
    asked.add("release");
    return status();
  }

  @Override
  public Task openTask(int task) {
    return new FakeTask(this, task, OptionalLong.empty());
  }

  @Override
  public Task openInstance(int task, long instance) {
    return new FakeTask(this, task, OptionalLong.of(instance));
  }

  @Override
  public JobStatus requeue(Requeue which) {
    found();
    asked.add("requeue " + which);
    state = JobState.QUEUED;
    return status();
  }

  @Override
  public Stream<TaskStatus> tasks() {
    var count = found().tasks().size();
    return IntStream.rangeClosed(1, count).mapToObj(number -> task(number).status());
  }

  @Override
  public TaskDetail task(int task) {
    var known = found();
    var status =
        tasks.stream()
            .filter(each -> each.task() == task)
            .findFirst()
            .orElseGet(() -> taskStatus(task, known.tasks().get(task - 1)));
    return new TaskDetail(status, known.tasks().get(task - 1));
  }

  private TaskStatus taskStatus(int task, TaskDraft written) {
    return new TaskStatus(
        id,
        task,
        written.get(TaskProperty.NAME).orElse(""),
        written.get(TaskProperty.COMMAND_LINE).orElse(""),
        TaskState.QUEUED,
        new TaskCounts(1, 0, 0, 0, 0),
        TaskKind.BASIC,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Stream<InstanceStatus> instances(int task, Set<TaskState> states) {
    return instances(states).filter(instance -> instance.id().task() == task);
  }

  @Override
  public Stream<InstanceStatus> instances(Set<TaskState> states) {
    found();
    return instances.stream()
        .filter(instance -> states.isEmpty() || states.contains(instance.state()));
  }

  @Override
  public InstanceStatus instance(int task, long instance) {
    found();
    var wanted = new InstanceId(id, task, instance);
    return instances.stream()
        .filter(each -> each.id().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new CapatazException(Code.NOT_FOUND, "expected an instance, but no " + wanted));
  }

  @Override
  public Explanation explain() {
    return new Explanation(
        status(), "NotEnoughResource", "It needs 4 cores, but 2 are free.", 3, fits);
  }

  @Override
  public Stream<HistoryEntry> history() {
    found();
    var start = TestWorld.NOW.minusSeconds(3600);
    return Stream.of(
        new HistoryEntry(start, "Created", "by ana", ""),
        new HistoryEntry(start, "Submitted", "", ""),
        new HistoryEntry(start, "Waiting", "JobSubmittedEarlier", ""),
        new HistoryEntry(start.plusSeconds(600), "Waiting", "NotEnoughResource", ""),
        new HistoryEntry(start.plusSeconds(3510), "NodeAdded", "3 cores", "n1"),
        new HistoryEntry(start.plusSeconds(3510), "Started", "", ""),
        new HistoryEntry(start.plusSeconds(3590), "Requeued", "", ""),
        new HistoryEntry(start.plusSeconds(3590), "Waiting", "HigherPriorityJob", ""));
  }

  @Override
  public Watch watch(WatchOptions options) {
    found();
    whenWatched.run();
    return new FakeWatch();
  }

  @Override
  public JobStatus await() {
    found();
    return Objects.requireNonNullElseGet(future.pollLast(), this::status);
  }

  @Override
  public Optional<JobStatus> await(Duration timeout) {
    return Optional.of(await()).filter(job -> job.state().isEnd());
  }

  @Override
  public InputStream output(
      int task, long instance, StandardStream stream, Consumer<MissingOutput> missing) {
    found();
    var text = outputs.getOrDefault(task + "." + instance + " " + stream, "");
    var parts = text.split("\0", -1);
    var pieces =
        new AbstractList<InputStream>() {
          @Override
          public InputStream get(int part) {
            if (part > 0) {
              missing.accept(notKept);
            }
            return new ByteArrayInputStream(parts[part].getBytes(StandardCharsets.UTF_8));
          }

          @Override
          public int size() {
            return parts.length;
          }
        };
    return new SequenceInputStream(Collections.enumeration(pieces));
  }

  @Override
  public InputStream follow(
      int task, long instance, StandardStream stream, Consumer<MissingOutput> missing) {
    return stream == endless ? new Endless() : output(task, instance, stream, missing);
  }

  /// Blocks whoever reads it.
  private static final class Endless extends InputStream {
    @Override
    public int read() throws IOException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("interrupted");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }
  }

  private final class FakeWatch implements Watch {
    private long sequence;

    @Override
    public boolean hasNext() {
      return !future.isEmpty();
    }

    @Override
    public JobEvent next() {
      var status = future.removeFirst();
      state = status.state();
      counts = status.taskCounts();
      return new JobEvent(++sequence, TestWorld.NOW, status, List.of(), false);
    }

    @Override
    public Optional<JobEvent> poll(Duration timeout) {
      return hasNext() ? Optional.of(next()) : Optional.empty();
    }

    @Override
    public void close() {}
  }
}
