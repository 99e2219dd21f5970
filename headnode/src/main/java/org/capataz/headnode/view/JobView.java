package org.capataz.headnode.view;

import org.capataz.model.JobLabels;
import org.capataz.model.JobState;
import org.capataz.model.Priority;
import org.capataz.model.Span;
import org.capataz.model.Unit;
import org.capataz.scheduler.life.JobLife;
import org.capataz.scheduler.state.Facts;
import org.capataz.scheduler.state.Job;

/// A job at a glance, as it was after some commit.
///
/// @param message why it ended, or is ending, as it does; else empty
/// @param unit what it counts in
/// @param units what it may hold; one until it has been submitted
/// @param order its place among the queued jobs of its priority that only resources keep from
///   starting; 0 for any other job
/// @param labels what it is filed under
/// @param progress how far it is, 0 to 100, be it said or counted
public record JobView(
    int id,
    String name,
    String owner,
    JobState state,
    Priority priority,
    Times times,
    Job.Counts counts,
    String message,
    Unit unit,
    Span units,
    int allocatedCores,
    int requeues,
    long order,
    JobLabels labels,
    Facts.Progress progress) {

  /// Microseconds since 1970, 0 for what has not been.
  public record Times(long create, long submit, long start, long end) {}

  public static JobView of(Job job) {
    var life = job.life();
    return new JobView(
        job.id(),
        job.name(),
        job.owner(),
        life.state(),
        job.priority(),
        new Times(
            job.createTime(),
            life.submitTime(),
            life.startTime(),
            life instanceof JobLife.Ended ended ? ended.endTime() : 0),
        job.counts(),
        message(life),
        job.unit(),
        job.units(),
        job.grantedCores(),
        job.requeues(),
        life instanceof JobLife.Queued queued && job.isEligible() ? queued.order() : 0,
        job.labels(),
        new Facts.Progress(job.percentDone(), job.progress().message()));
  }

  private static String message(JobLife life) {
    return switch (life) {
      case JobLife.Stopping stopping -> stopping.message();
      case JobLife.Ended ended -> ended.message();
      case JobLife.Configuring c -> "";
      case JobLife.Queued q -> "";
      case JobLife.Running r -> "";
    };
  }

  /// Whether it comes before another queued job.
  public boolean isAheadOf(JobView other) {
    var byPriority = priority.compareTo(other.priority);
    return byPriority > 0 || (byPriority == 0 && order < other.order);
  }
}
