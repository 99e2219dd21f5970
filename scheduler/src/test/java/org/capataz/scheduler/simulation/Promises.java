package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.capataz.model.AttemptId;
import org.capataz.model.JobSpec;
import org.capataz.model.JobState;
import org.capataz.model.Parts;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.event.Event;

/// Reads the journal as it is committed, keeps its own simple record of what was promised, and
/// protests at the first event that breaks a promise. Knows nothing of the engine's state. What was
/// promised of the lives of jobs is here, the rest in a class for each matter.
final class Promises {

  /// Raised where a promise is broken.
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  private final Chronicle told = new Chronicle();
  private final Set<Integer> deleted = new HashSet<>();
  private final StartPromises starts = new StartPromises(this, told);
  private final GrantPromises grants = new GrantPromises(this, told);
  private final NodePromises nodePromises = new NodePromises(this);
  private final AttemptPromises attempts = new AttemptPromises(this, told, nodePromises);

  void watch(World watched) {
    attempts.watch(watched);
  }

  void check(boolean kept, Supplier<String> otherwise) {
    if (!kept) {
      throw new Broken(otherwise.get());
    }
  }

  boolean isDeleted(int job) {
    return deleted.contains(job);
  }

  boolean hasEnded(AttemptId attempt) {
    return attempts.hasEnded(attempt);
  }

  /// An operator has given up a node.
  void givenUp(int node) {
    nodePromises.givenUp(node);
  }

  /// A head node has started: no node is connected to it yet.
  void restarted() {
    told.restarted();
  }

  /// Whether all jobs that were submitted have ended and hold nothing.
  void checkAllEnded() {
    told.jobs.forEach(
        (id, job) -> {
          check(
              job.state.isEnd() || job.state == JobState.CONFIGURING,
              () -> "job " + id + " is still " + job.state);
          check(job.grants.isEmpty(), () -> "job " + id + " still holds cores");
        });
  }

  long instances(int job, TaskState state) {
    return Arrays.stream(told.job(job).instances)
        .flatMap(Arrays::stream)
        .filter(state::equals)
        .count();
  }

  /// Whether all nodes together offer enough for a job.
  boolean couldEverRun(int job) {
    return starts.couldEverRun(told.job(job));
  }

  // Events, as they are committed.

  /// @param questions what the activation filter is asked after it
  void committed(List<Event> events, List<Activation.Question> questions, Author head) {
    starts.asks(questions.stream().map(Activation.Question::job).collect(Collectors.toSet()));
    events.forEach(event -> committed(event, head));
    starts.asks(Set.of());
    questions.forEach(question -> starts.asked(question, head));
    starts.checkAnswers();
  }

  /// The activation filter has said something, be it still of interest or not.
  void answered(Activation.Question question, Activation.Answer answer) {
    starts.answered(question, answer);
  }

  /// The head node that committed.
  record Author(UUID cluster, long epoch) {}

  private void committed(Event event, Author head) {
    nodePromises.committed(event);
    note(event, head);
    if (event instanceof Event.OfJob ofJob
        && !(event instanceof Event.JobBlocked)
        && !(event instanceof Event.JobProgressed)
        && !(event instanceof Event.JobDeleted)) {
      told.job(ofJob.job()).forgetFilter();
    }
  }

  private void note(Event event, Author head) {
    switch (event) {
      case Event.JobCreated e ->
          check(
              told.jobs.put(e.job(), new JobRecord(e.draft())) == null,
              () -> "created twice: " + e);
      case Event.TasksAdded e -> {
        var tasks = new ArrayList<>(told.job(e.job()).draft.tasks());
        tasks.addAll(e.tasks());
        told.job(e.job()).extend(told.job(e.job()).draft.withTasks(tasks));
      }
      case Event.JobModified e -> modified(told.job(e.job()), e);
      case Event.JobConfigured e -> configured(told.job(e.job()), e);
      case Event.JobProgressed e -> {}
      case Event.JobBlocked e ->
          check(told.job(e.job()).state == JobState.QUEUED, () -> "not in the queue: " + e);
      case Event.JobDeleted e -> {
        check(told.job(e.job()).state.isEnd(), () -> "deleted before its end: " + e);
        told.jobs.remove(e.job());
        deleted.add(e.job());
      }
      case Event.ClusterParameterSet e -> starts.set(e);
      case Event.ClusterVariableSet e -> {}
      case Event.TemplateSet e -> {}
      case Event.TemplateDeleted e -> {}
      case Event.ShareSet e -> {}
      case Event.ShareDeleted e -> {}
      case Event.ClockSet e -> {}
      case Event.JobSubmitted e -> told.job(e.job()).submit(e.order());
      case Event.JobStarted e -> starts.started(told.job(e.job()), e);
      case Event.HoldChanged e -> {
        check(
            !e.byFilter() || told.job(e.job()).verdict == Activation.Verdict.HOLD,
            () -> "held, but not by the filter: " + e);
        told.job(e.job()).heldUntil = e.until();
      }
      case Event.JobStopping e -> stopped(told.job(e.job()), e);
      case Event.JobEnded e -> ended(told.job(e.job()), e);
      case Event.JobRequeued e -> told.job(e.job()).requeue(e.failedOnly(), e.order());
      case Event.GrantOpened e -> grants.opened(told.job(e.job()), e);
      case Event.GrantResized e -> grants.resized(told.job(e.job()), e.grant(), e.parts(), e);
      case Event.GrantUsed e -> {}
      case Event.GrantLost e -> {}
      case Event.GrantClosed e -> grants.resized(told.job(e.job()), e.grant(), Parts.NONE, e);
      case Event.AttemptDispatched e -> attempts.dispatched(told.job(e.job()), e, head);
      case Event.AttemptStarted e -> attempts.live(e.job(), e.task(), e.ordinal(), e);
      case Event.AttemptStopping e -> attempts.stopping(e);
      case Event.AttemptRecalled e -> attempts.live(e.job(), e.task(), e.ordinal(), e);
      case Event.AttemptPartEnded e -> attempts.live(e.job(), e.task(), e.ordinal(), e);
      case Event.InstanceSkipped e ->
          putBack(e.job(), e.task(), e.ordinal(), TaskState.QUEUED, e.state());
      case Event.TaskRequeued e -> {
        checkRequeue(e.job(), e.task(), e);
        told.job(e.job()).turn(e.task(), TaskState.FAILED, TaskState.QUEUED);
        told.job(e.job()).turn(e.task(), TaskState.CANCELED, TaskState.QUEUED);
      }
      case Event.InstanceRequeued e -> {
        checkRequeue(e.job(), e.task(), e);
        var was = told.job(e.job()).instances[e.task() - 1][e.ordinal()];
        check(was == TaskState.FAILED || was == TaskState.CANCELED, () -> "not ended: " + e);
        told.job(e.job()).askedFor.add(e.task() + "." + e.ordinal());
        putBack(e.job(), e.task(), e.ordinal(), was, TaskState.QUEUED);
      }
      case Event.AttemptEnded e -> attempts.ended(told.job(e.job()), e);
      case Event.TaskSkipped e -> {
        var job = told.job(e.job());
        job.turn(e.task(), TaskState.QUEUED, e.state());
        if (job.spec().task(e.task()).kind() == TaskKind.SERVICE) {
          job.service = e.state();
        }
      }
      case Event.ServicePaced e ->
          check(told.job(e.job()).state == JobState.RUNNING, () -> "paced, but not running: " + e);
      case Event.ThrottleChanged e -> told.job(e.job()).throttles[e.task() - 1] = e.maxRunning();
      case Event.OfNode e -> told.note(e);
      case Event.NodeReachability e -> told.note(e);
    }
  }

  private void modified(JobRecord job, Event.JobModified event) {
    job.draft = event.change().on(job.draft).orElseThrow();
    check(job.draft.equals(event.draft()), () -> "another draft than the change makes: " + event);
    var before = job.spec;
    if (before == null) {
      return;
    }
    check(!job.state.isEnd(), () -> "changed after its end: " + event);
    job.spec = JobSpec.resolve(job.draft).orElseThrow();
    check(
        event.order() != 0 || before.priority().equals(job.spec().priority()),
        () -> "a new priority, but the old place: " + event);
    job.order = event.order() == 0 ? job.order : event.order();
    if (!before.hasShapeOf(job.spec())) {
      check(
          job.state == JobState.QUEUED && Arrays.stream(job.numbers).noneMatch(job::hasRun),
          () -> "other instances of a job that has run: " + event);
      job.prepareAnew();
    }
    for (var task : job.spec().tasks()) {
      if (task.rules().maxRunning() != before.task(task.number()).rules().maxRunning()) {
        job.throttles[task.number() - 1] = task.rules().maxRunning();
      }
    }
    if (job.spec().rules().holdUntil() != before.rules().holdUntil()) {
      job.heldUntil = job.spec().rules().holdUntil();
    }
  }

  private void configured(JobRecord job, Event.JobConfigured event) {
    check(job.live == 0 && job.grants.isEmpty(), () -> "configured, but it runs: " + event);
    check(
        (job.state.isEnd() || job.state == JobState.QUEUED) && job.draft.equals(event.draft()),
        () -> "not over, or not itself: " + event);
    job.reopen();
  }

  private void checkRequeue(int job, int task, Event event) {
    check(told.job(job).state == JobState.RUNNING, () -> "requeued in a job that rests: " + event);
    check(
        told.job(job).spec().task(task).rerunnable()
            && !told.job(job).spec().task(task).kind().isOpen(),
        () -> "may not run again: " + event);
  }

  private void putBack(int job, int task, int ordinal, TaskState from, TaskState to) {
    var at = told.job(job).instances[task - 1];
    check(at[ordinal] == from, () -> job + "." + task + " at " + ordinal + " is not " + from);
    at[ordinal] = to;
  }

  private void ended(JobRecord job, Event.JobEnded event) {
    check(job.live == 0, () -> "ended with live attempts: " + event);
    check(job.grants.isEmpty(), () -> "ended with grants: " + event);
    check(!job.hasQueuedInstances(), () -> "ended with instances to run: " + event);
    var expected =
        switch (job.state) {
          case CONFIGURING -> JobState.CANCELED;
          case RUNNING -> {
            check(!job.spec().rules().runUntilCanceled(), () -> "ended by itself: " + event);
            yield job.hasFailed() ? JobState.FAILED : JobState.FINISHED;
          }
          default -> job.then;
        };
    check(event.state() == expected, () -> "expected to be " + expected + ": " + event);
    job.state = event.state();
  }

  private void stopped(JobRecord job, Event.JobStopping event) {
    checkStop(job, event);
    check(
        !event.message().startsWith("refused") || job.verdict == Activation.Verdict.FAIL,
        () -> "failed, but not by the filter: " + event);
    job.state = JobState.CANCELING;
    job.then = event.then();
    if (event.then() != JobState.QUEUED) {
      job.turn(TaskState.QUEUED, TaskState.CANCELED);
    }
  }

  /// A job that has done its work and stops to have its nodes released ends as it would without.
  private void checkStop(JobRecord job, Event.JobStopping event) {
    if (job.state == JobState.RUNNING
        && !job.has(TaskKind.SERVICE)
        && !job.spec().rules().runUntilCanceled()
        && job.work().allMatch(TaskState::isEnd)) {
      var result = job.hasFailed() ? JobState.FAILED : JobState.FINISHED;
      check(event.then() == result, () -> "expected to become " + result + ": " + event);
    }
  }
}
