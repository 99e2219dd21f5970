package org.capataz.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.capataz.model.InstanceId;
import org.capataz.model.TaskState;

/// How one instance is at one moment: its latest attempt.
///
/// @param parameters what it runs with, where its index does not say it: the values of its
///   parameters by name, or a value that has no name as that of `*`; empty in events
/// @param attempt from 1; 0 before the first
/// @param exitCode what the process returned, 128 + n if signal n ended it; empty if it was not
///   seen to end
/// @param node where it runs or ran; empty before that
/// @param cores that it runs or ran on; 0 before that
/// @param memoryLimitMb megabytes that it may use of its first node; 0 for no limit, or if it does
///   not run
/// @param message why it ended as it did; may be empty
/// @param errorTail the last lines of standard error of a failed attempt; may be empty
public record InstanceStatus(
    InstanceId id,
    Map<String, String> parameters,
    TaskState state,
    int attempt,
    Optional<Instant> startTime,
    Optional<Instant> endTime,
    OptionalInt exitCode,
    String node,
    int cores,
    int memoryLimitMb,
    Usage usage,
    String message,
    String errorTail) {

  public InstanceStatus {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /// What the processes used.
  ///
  /// @param user processor time outside the kernel
  /// @param system processor time in the kernel
  /// @param maxRssKib largest resident size of one process, in KiB; where its memory is limited, at
  ///   least what was seen of all its processes together on one node
  public record Usage(Duration user, Duration system, long maxRssKib) {}
}
