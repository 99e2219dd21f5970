package org.capataz.scheduler.simulation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.capataz.model.ClusterParameter;
import org.capataz.model.ClusterSettings;
import org.capataz.model.Demand;
import org.capataz.model.JobState;
import org.capataz.model.Licences;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskSpec;
import org.capataz.model.TaskState;
import org.capataz.scheduler.engine.Activation;
import org.capataz.scheduler.event.Event;

/// What was promised of jobs that start: in their order, unless the first could not or they have a
/// limit and the cluster lets such start before others, with licences that there are, and as the
/// activation filter says.
final class StartPromises {

  private static final Comparator<JobRecord> FIRST_COME =
      Comparator.<JobRecord, Priority>comparing(job -> job.spec().priority())
          .reversed()
          .thenComparingLong(job -> job.order);

  private final Promises promises;
  private final Chronicle told;
  private Map<String, Integer> licences = Map.of();
  private ClusterSettings settings = ClusterSettings.DEFAULT;
  private boolean isFiltered;
  private Set<Integer> askedNow = Set.of();

  StartPromises(Promises promises, Chronicle told) {
    this.promises = promises;
    this.told = told;
  }

  void set(Event.ClusterParameterSet event) {
    settings = settings.with(event.parameter(), event.text());
    if (event.parameter() == ClusterParameter.LICENSES) {
      var counted = new HashMap<String, Integer>();
      Licences.parse(event.text())
          .orElseThrow()
          .forEach((feature, amount) -> counted.put(feature, amount.orElse(0)));
      licences = counted;
    }
    if (event.parameter() == ClusterParameter.ACTIVATION_FILTER_PROGRAM) {
      isFiltered = !event.text().isEmpty();
      told.jobs.values().forEach(JobRecord::forgetFilter);
    }
  }

  /// Of these jobs the activation filter is asked after what is committed next.
  void asks(Set<Integer> jobs) {
    askedNow = jobs;
  }

  void asked(Activation.Question question, Promises.Author head) {
    var job = told.job(question.job());
    promises.check(
        isFiltered && job.state == JobState.QUEUED && job.heldUntil == 0 && job.asked == null,
        () -> "asked without need: " + question);
    promises.check(question.epoch() == head.epoch(), () -> "of another epoch: " + question);
    job.asked = question;
  }

  /// The activation filter has said something, be it still of interest or not.
  void answered(Activation.Question question, Activation.Answer answer) {
    var job = told.jobs.get(question.job());
    if (job != null && question.equals(job.asked)) {
      job.asked = null;
      job.verdict = answer.verdict();
    }
  }

  /// Whether something came of all that the filter said.
  void checkAnswers() {
    for (var job : told.jobs.values()) {
      promises.check(
          job.verdict != Activation.Verdict.HOLD && job.verdict != Activation.Verdict.FAIL,
          () -> "nothing comes of what the filter said: " + job.verdict);
    }
  }

  void started(JobRecord job, Event.JobStarted event) {
    promises.check(job.heldUntil == 0, () -> "started while it is held: " + event);
    promises.check(!isWaiting(job), () -> "started before its parents finished: " + event);
    promises.check(
        !isFiltered || isOver(job) || job.verdict == Activation.Verdict.START,
        () -> "started though the filter says " + job.verdict + ": " + event);
    checkOrder(job);
    job.state = JobState.RUNNING;
    checkLicences(job);
  }

  private void checkOrder(JobRecord job) {
    var rules = settings.queueRules();
    var mayOvertake = rules.backfills() && job.spec().runtimeSeconds() > 0;
    for (var entry : told.jobs.entrySet()) {
      var other = entry.getValue();
      promises.check(
          other.state != JobState.QUEUED
              || other.heldUntil != 0
              || mayBePassed(entry.getKey(), other)
              || isWaiting(other)
              || isOver(job)
              || mayOvertake
              || !couldEverRun(other)
              || (rules.isFirstComeFirst()
                  ? FIRST_COME.compare(job, other) <= 0
                  : job.spec().priority().compareTo(other.spec().priority()) >= 0),
          () -> "a job was started before job " + entry.getKey() + ", which came first");
    }
  }

  private void checkLicences(JobRecord job) {
    job.spec()
        .resources()
        .licences()
        .forEach(
            (feature, amount) ->
                promises.check(
                    !job.hasQueuedInstances()
                        || !licences.containsKey(feature)
                        || licencesHeld(feature) <= Objects.requireNonNull(licences.get(feature)),
                    () -> "more licences than there are of " + feature));
  }

  private static boolean isOver(JobRecord job) {
    return !job.spec().rules().runUntilCanceled()
        && job.work().allMatch(TaskState::isEnd)
        && (!job.has(TaskKind.SERVICE) || job.service.isEnd());
  }

  /// Whether what is known of the activation filter's mind lets others go before a job.
  private boolean mayBePassed(int id, JobRecord job) {
    return isFiltered
        && job.verdict != Activation.Verdict.BLOCK
        && (job.asked != null
            || job.verdict == Activation.Verdict.RESERVE
            || job.verdict == Activation.Verdict.LATER
            || askedNow.contains(id)
            || askedNow.size()
                    + told.jobs.values().stream().filter(each -> each.asked != null).count()
                >= Audit.MOST_ASKED);
  }

  private boolean isWaiting(JobRecord job) {
    return job.spec().rules().parents().stream()
        .map(told.jobs::get)
        .anyMatch(parent -> parent != null && parent.state != JobState.FINISHED);
  }

  private int licencesHeld(String feature) {
    return told.jobs.values().stream()
        .filter(
            job ->
                job.state == JobState.RUNNING || (job.state == JobState.CANCELING && job.live > 0))
        .mapToInt(job -> job.spec().resources().licences().getOrDefault(feature, 0))
        .sum();
  }

  /// Whether all nodes together offer enough for a job.
  boolean couldEverRun(JobRecord job) {
    var offers =
        told.nodes.values().stream().map(node -> new Room.Free(node.name(), node.offer())).toList();
    return told.nodes.isEmpty()
        || demands(job).allMatch(demand -> Room.couldHold(job.spec(), demand, offers, licences));
  }

  /// What its tasks need; a unit anywhere, if it has none yet.
  private static Stream<Demand> demands(JobRecord job) {
    var tasks = job.spec().tasks();
    return tasks.isEmpty()
        ? Stream.of(new Demand(new Span(1, 1), 0, 0))
        : tasks.stream().map(TaskSpec::demand);
  }
}
