package org.capataz.systemtests;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.capataz.client.InstanceStatus;
import org.capataz.client.JobEvent;
import org.capataz.model.InstanceId;
import org.capataz.model.TaskState;

/// The runs of all instances as the events of a watch tell them. Not thread-safe.
final class Runs {

  /// A run that has ended.
  ///
  /// @param start empty if it was never told to have started
  /// @param exitCode empty if nobody saw how it ended
  /// @param after what its instance is then
  record Run(
      InstanceId instance,
      int attempt,
      String node,
      Optional<Instant> start,
      Optional<Instant> end,
      OptionalInt exitCode,
      TaskState after,
      String message) {

    private static final String TAKEN_BACK = "not begun, and taken back from its node";

    /// Whether it was sent to its node ahead of its turn, and given back without having begun.
    boolean isTakenBack() {
      return after == TaskState.QUEUED && message.equals(TAKEN_BACK);
    }
  }

  private final List<Run> ended = new ArrayList<>();
  private final Map<InstanceId, InstanceStatus> live = new HashMap<>();

  /// Those that were sent to a node ahead of their turn, and wait there.
  private final Map<InstanceId, InstanceStatus> ahead = new HashMap<>();

  private final List<String> mistakes = new ArrayList<>();
  private long sequence;

  void take(JobEvent event) {
    if (event.sequence() <= sequence) {
      mistakes.add("event " + event.sequence() + " came after event " + sequence);
    }
    sequence = event.sequence();
    event.instances().forEach(this::take);
  }

  private void take(InstanceStatus status) {
    switch (status.state()) {
      case DISPATCHING -> {
        if (live.put(status.id(), status) != null) {
          mistakes.add(status.id() + " was dispatched again while it was under way");
        }
      }
      case RUNNING, CANCELING, FINISHING -> {
        begin(status.id());
        if (!live.containsKey(status.id())) {
          mistakes.add(status.id() + " is " + status.state() + ", but was not dispatched");
        }
      }
      case QUEUED, FINISHED, FAILED, CANCELED -> {
        begin(status.id());
        var run = live.remove(status.id());
        if (run == null && status.state() == TaskState.QUEUED) {
          ahead.put(status.id(), status);
          return;
        }
        if (run == null) {
          mistakes.add(status.id() + " has ended, but was not dispatched");
          return;
        }
        ended.add(
            new Run(
                status.id(),
                run.attempt(),
                run.node(),
                status.startTime(),
                status.endTime(),
                status.exitCode(),
                status.state(),
                status.message()));
      }
      case CONFIGURING, SUBMITTED, VALIDATING ->
          mistakes.add(status.id() + " is " + status.state());
    }
  }

  private void begin(InstanceId id) {
    var run = ahead.remove(id);
    if (run != null) {
      live.put(id, run);
    }
  }

  /// Those that have ended, in the order of their ends.
  List<Run> ended() {
    return List.copyOf(ended);
  }

  int live() {
    return live.size();
  }

  /// Where the events contradict one another.
  List<String> mistakes() {
    return List.copyOf(mistakes);
  }
}
