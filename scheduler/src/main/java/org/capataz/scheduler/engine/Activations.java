package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.capataz.model.ClusterParameter;
import org.capataz.model.JobState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.policy.Plan;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Job;
import org.jspecify.annotations.Nullable;

/// Has the activation filter asked about each queued job that a plan would let start, if there is a
/// filter, and lets those start that it allows. A plan lays what a job that waits for an answer
/// would have beside what the others get; so to leave it out of the plan's execution keeps it free.
///
/// What is said of a job holds until something happens to the job. Nothing of it is stored: a head
/// node that starts asks anew.
final class Activations {

  /// Questions out at a time, which bounds for how long a job that comes first waits for others'.
  static final int MOST_ASKED = 8;

  private static final long SECOND = 1_000_000;
  private static final long ASKED_AGAIN_AFTER = 30 * SECOND;

  private final ClusterState state;
  private final Consumer<Event> emit;
  private final JobProgress progress;
  private final Map<Integer, Activation.Standing> standings = new HashMap<>();
  private final Set<Integer> aside = new HashSet<>();
  private final NavigableSet<Due> due =
      new TreeSet<>(Comparator.comparingLong(Due::time).thenComparingInt(Due::job));
  private final List<Activation.Question> questions = new ArrayList<>();
  private int asked;
  private long lastNumber;
  private long pass;
  private boolean isOn;
  private boolean isBlocked;

  /// When a job is asked about again.
  private record Due(long time, int job) {}

  Activations(ClusterState state, Consumer<Event> emit, JobProgress progress) {
    this.state = state;
    this.emit = emit;
    this.progress = progress;
  }

  // In a pass.

  void beginPass() {
    pass++;
    isOn = !state.settings().get(ClusterParameter.ACTIVATION_FILTER_PROGRAM).isEmpty();
    isBlocked = false;
  }

  /// Jobs that no plan is to have, so that others get past them.
  Set<Integer> aside() {
    return Collections.unmodifiableSet(aside);
  }

  /// Whether a queued job may start, of those in a plan in their order; asks if that is not known.
  boolean allows(Job job, Plan.Allotment allotment, long now) {
    if (!isOn) {
      return true;
    }
    if (isBlocked) {
      return false;
    }
    var standing = standings.get(job.id());
    if (isToBeAsked(standing, now) && asked < MOST_ASKED) {
      ask(job, allotment, standing);
    }
    isBlocked = standing != null && standing.has(Activation.Verdict.BLOCK);
    return standing != null && !standing.keeps();
  }

  private static boolean isToBeAsked(Activation.@Nullable Standing standing, long now) {
    return standing == null
        || (standing.asked().isEmpty() && standing.keeps() && standing.again() <= now);
  }

  private void ask(Job job, Plan.Allotment allotment, Activation.@Nullable Standing before) {
    var question =
        new Activation.Question(
            state.epoch(),
            ++lastNumber,
            job.id(),
            pass,
            state.queued().headSet(job).size() + 1,
            allotment.overtakes(),
            allotment.shares().stream().mapToInt(share -> units(job, share)).sum());
    asked++;
    questions.add(question);
    // One that blocked others still does, until it is known that it no longer has to.
    var answer = before == null ? Optional.<Activation.Answer>empty() : before.answer();
    standings.put(job.id(), new Activation.Standing(Optional.of(question), answer, 0));
  }

  private int units(Job job, Plan.Share share) {
    var node = state.node(share.node());
    return node == null ? 0 : node.topology().held(job.spec().resources().unit(), share.parts());
  }

  // Questions and answers.

  /// What was asked since [#takeQuestions].
  List<Activation.Question> questions() {
    return Collections.unmodifiableList(questions);
  }

  List<Activation.Question> takeQuestions() {
    var taken = List.copyOf(questions);
    questions.clear();
    return taken;
  }

  /// Takes an answer in, unless something has happened to the job since.
  ///
  /// @return whether it was of use
  boolean answered(Activation.Question question, Activation.Answer answer, long now) {
    var standing = standings.get(question.job());
    var job = state.job(question.job());
    if (job == null || standing == null || !standing.asked().equals(Optional.of(question))) {
      return false;
    }
    forget(job.id());
    switch (answer.verdict()) {
      case START -> stands(job, answer, 0);
      case BLOCK, RESERVE, LATER -> stands(job, answer, now + ASKED_AGAIN_AFTER);
      case HOLD -> {
        var seconds = state.settings().number(ClusterParameter.DEFAULT_HOLD_DURATION);
        var until = now + seconds * SECOND;
        emit.accept(new Event.HoldChanged(job.id(), until, true, now));
        stands(job, answer, 0);
      }
      case FAIL -> progress.stop(job, JobState.FAILED, refusal(answer.said()), now);
    }
    return true;
  }

  private static String refusal(String said) {
    return "refused by the activation filter" + (said.isEmpty() ? "" : ": " + said);
  }

  private void stands(Job job, Activation.Answer answer, long again) {
    standings.put(job.id(), new Activation.Standing(Optional.empty(), Optional.of(answer), again));
    if (again != 0) {
      due.add(new Due(again, job.id()));
    }
    if (answer.verdict() == Activation.Verdict.LATER) {
      aside.add(job.id());
    }
  }

  /// How jobs stand that were asked about and to which nothing has happened since. A copy.
  Map<Integer, Activation.Standing> standings() {
    return Map.copyOf(standings);
  }

  /// Whether a job waits for the filter.
  boolean keeps(Job job) {
    var standing = standings.get(job.id());
    return standing != null && standing.keeps();
  }

  // As time goes by.

  /// Lets those be asked about again whose time has come.
  ///
  /// @return whether there are any
  boolean wake(long now) {
    var isAny = false;
    while (!due.isEmpty() && due.first().time() <= now) {
      var job = due.removeFirst().job();
      var standing = standings.get(job);
      // One that blocks others does so until there is another answer; the rest queue as before.
      if (standing == null || !standing.has(Activation.Verdict.BLOCK)) {
        forget(job);
      }
      isAny = true;
    }
    return isAny;
  }

  /// Asks as soon as it would have though the clock was set.
  void setClock(long by) {
    for (var one : List.copyOf(due)) {
      var standing = standings.get(one.job());
      if (standing != null) {
        due.remove(one);
        due.add(new Due(one.time() + by, one.job()));
        standings.put(
            one.job(),
            new Activation.Standing(standing.asked(), standing.answer(), one.time() + by));
      }
    }
  }

  /// When a job is to be asked about again; the end of time if none is.
  long nextWakeup() {
    return due.isEmpty() ? Long.MAX_VALUE : due.first().time();
  }

  /// Takes notice of what happened: what was said of a job holds no longer once anything of it has
  /// changed.
  void heard(Event event) {
    if (standings.isEmpty()) {
      return;
    }
    switch (event) {
      case Event.JobBlocked e -> {}
      case Event.JobProgressed e -> {}
      case Event.JobConfigured e -> {
        forget(e.job());
        // They wait for it again.
        state.children(e.job()).forEach(child -> forget(child.id()));
      }
      case Event.OfJob e -> forget(e.job());
      case Event.ClusterParameterSet e
          when e.parameter() == ClusterParameter.ACTIVATION_FILTER_PROGRAM ->
          List.copyOf(standings.keySet()).forEach(this::forget);
      case Event.OfCluster e -> {}
      case Event.OfNode e -> {}
      case Event.Passing e -> {}
    }
  }

  private void forget(int job) {
    var standing = standings.remove(job);
    if (standing != null) {
      asked -= standing.asked().isPresent() ? 1 : 0;
      due.remove(new Due(standing.again(), job));
      aside.remove(job);
    }
  }
}
