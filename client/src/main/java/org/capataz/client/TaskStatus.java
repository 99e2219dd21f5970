package org.capataz.client;

import java.time.Instant;
import java.util.Optional;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;

/// How a task is at one moment: all its instances together.
///
/// @param task its number within the job, from 1
/// @param name empty if it has none
/// @param kind its type
/// @param onlyInstance of a basic task that has ended: how
public record TaskStatus(
    int job,
    int task,
    String name,
    String commandLine,
    TaskState state,
    TaskCounts taskCounts,
    TaskKind kind,
    Optional<Instant> startTime,
    Optional<Instant> endTime,
    Optional<InstanceStatus> onlyInstance) {

  /// Whether it has instances of its own, and is not one run.
  public boolean hasInstances() {
    return kind != TaskKind.BASIC;
  }
}
