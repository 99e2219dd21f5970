package org.capataz.scheduler.state;

import org.capataz.model.JobSpec;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.Sweep;
import org.capataz.model.Unit;

/// What the queue and its readers want of a submitted job of which nothing has run: without more, a
/// job is [at rest][Job#rest].
///
/// @param unit what it counts in
/// @param units what it may hold
/// @param instances how many its tasks have, as far as they do the job's work
public record Outline(Priority priority, Unit unit, Span units, long instances) {

  /// Tasks of the largest job that is worth setting up anew whenever it is looked at.
  private static final int MOST_TASKS = 16;

  /// Whether a job can rest: parents have to know their children, and setting it up takes little.
  static boolean suffices(JobSpec spec) {
    return spec.rules().parents().isEmpty()
        && spec.tasks().size() <= MOST_TASKS
        && spec.tasks().stream().noneMatch(task -> task.sweep() instanceof Sweep.Values);
  }
}
