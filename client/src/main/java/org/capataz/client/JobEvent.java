package org.capataz.client;

import java.time.Instant;
import java.util.List;

/// Something happened to a job.
///
/// @param sequence grows from event to event, with gaps; [WatchOptions#after] resumes there
/// @param time when it happened
/// @param job the job as it is by now, which may be later than the event
/// @param instances the instances that changed, if the watch tells of them
/// @param deleted whether the job is gone; its status is then the last one that it had
public record JobEvent(
    long sequence, Instant time, JobStatus job, List<InstanceStatus> instances, boolean deleted) {

  public JobEvent {
    instances = List.copyOf(instances);
  }
}
