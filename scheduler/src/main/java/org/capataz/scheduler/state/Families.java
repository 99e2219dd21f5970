package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.capataz.model.JobState;

/// Which jobs wait for which others: the submitted children of each parent.
final class Families {

  private final Jobs jobs;
  private final JobLists lists;
  private final Map<Integer, Collection<Job>> children = new HashMap<>();

  Families(Jobs jobs, JobLists lists) {
    this.jobs = jobs;
    this.lists = lists;
  }

  /// The submitted jobs that have this one as a parent.
  Collection<Job> children(int id) {
    return Collections.unmodifiableCollection(children.getOrDefault(id, List.of()));
  }

  /// Lets a job's parents know of it, and the job how many of them it has to wait for.
  void adopt(Job job) {
    var unfinished = 0;
    for (var parent : job.spec().rules().parents()) {
      var known = jobs.get(parent);
      if (known != null) {
        children.computeIfAbsent(parent, id -> new LinkedHashSet<>()).add(job);
        unfinished += known.life().state() == JobState.FINISHED ? 0 : 1;
      }
    }
    job.waitFor(unfinished);
  }

  /// Lets a submitted job's parents forget it.
  void disown(Job job) {
    if (job.isSubmitted()) {
      for (var parent : job.spec().rules().parents()) {
        var siblings = children.get(parent);
        if (siblings != null) {
          siblings.remove(job);
        }
      }
    }
  }

  /// Lets the children of a job wait for one parent more or less.
  void expectMore(int parent, int change) {
    for (var child : children(parent)) {
      lists.remove(child);
      child.waitFor(child.unfinishedParents() + change);
      lists.add(child);
    }
  }

  /// Forgets a job that was deleted.
  void forget(Job job) {
    disown(job);
    // Nobody who still waits for it is there: it would not have been deleted.
    for (var child : children(job.id())) {
      if (job.life().state() != JobState.FINISHED) {
        child.waitFor(child.unfinishedParents() - 1);
      }
    }
    children.remove(job.id());
  }
}
