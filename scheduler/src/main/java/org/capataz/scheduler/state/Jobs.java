package org.capataz.scheduler.state;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import org.capataz.model.JobDraft;
import org.capataz.model.JobLabels;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;
import org.jspecify.annotations.Nullable;

/// All jobs by id, and what the requests that made or changed them were answered.
final class Jobs {

  private final NavigableMap<Integer, Job> jobs = new TreeMap<>();
  private final Map<UUID, Integer> answers = new HashMap<>();
  private final Queue<Job> awake = new ArrayDeque<>();
  private int last;

  Collection<Job> all() {
    return Collections.unmodifiableCollection(jobs.values());
  }

  /// Jobs with an id above `after`, in the order of their ids.
  Collection<Job> after(int after, int most) {
    return jobs.tailMap(after, false).values().stream().limit(most).toList();
  }

  @Nullable Job get(int id) {
    return jobs.get(id);
  }

  /// @throws IllegalStateException if there is no such job
  Job known(int id) {
    return Known.in(jobs, id);
  }

  /// What an earlier request with this id was answered, or null if there was none.
  @Nullable Integer answerTo(UUID request) {
    return answers.get(request);
  }

  int next() {
    return last + 1;
  }

  /// Lets the ids go on after the highest one that was given out.
  void continueAfter(int given) {
    last = given;
  }

  Job create(Event.JobCreated created) {
    var draft = created.draft();
    return add(
        new Job(
            created.job(),
            created.requestId(),
            created.owner(),
            created.time(),
            () -> draft,
            Job.nameOf(draft),
            JobLabels.of(draft),
            awake::add));
  }

  /// Puts back a job that was stored.
  Job restore(Stored.StoredJob stored) {
    return add(
        new Job(
            stored.id(),
            stored.requestId(),
            stored.owner(),
            stored.createTime(),
            stored.draft(),
            stored.name(),
            stored.labels(),
            awake::add));
  }

  private Job add(Job job) {
    if (jobs.putIfAbsent(job.id(), job) != null) {
      throw new IllegalStateException("expected a new job, but " + job.id() + " exists");
    }
    last = Math.max(last, job.id());
    answers.put(job.requestId(), job.id());
    return job;
  }

  /// Notes the answer to a request that changed what a job is.
  void answered(Job job, UUID request, int answer) {
    answers.put(request, answer);
    job.added(request);
  }

  /// Puts jobs to rest that may be, all but those that were woken last.
  void rest(int most, IntFunction<JobDraft> written) {
    while (awake.size() > most) {
      awake.remove().rest(written);
    }
  }

  void delete(Job job) {
    if (!(job.life() instanceof JobLife.Ended)) {
      throw new IllegalStateException("expected job " + job.id() + " to have ended");
    }
    jobs.remove(job.id());
    answers.remove(job.requestId());
    answers.keySet().removeAll(job.additions());
  }
}
