package org.capataz.computenode.agent;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.capataz.computenode.keeper.Report.Accepted;
import org.capataz.computenode.keeper.Report.Ended;
import org.capataz.computenode.keeper.Report.OfAttempt;
import org.capataz.computenode.keeper.Report.Running;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;
import org.jspecify.annotations.Nullable;

/// What waits on this node, by the lane that it waits in; and so how long news may wait for more of
/// them without that cores stand idle for want of an answer.
final class Stock {

  /// Where the next end leaves cores idle, or somebody waits to see it.
  static final Duration LINGER = Duration.ofMillis(5);

  /// Where cores have enough to do.
  static final Duration LONGEST = Duration.ofMillis(50);

  /// How many are enough.
  private static final int ENOUGH = 2;

  /// Of what was ordered since this agent began, until it has ended.
  private final Map<AttemptId, Long> lanes = new HashMap<>();

  private final Map<Long, Integer> waiting = new HashMap<>();
  private int allWaiting;

  void ordered(AttemptId attempt, long lane) {
    if (lane != 0) {
      lanes.put(attempt, lane);
    }
  }

  /// What was ordered does not come here for now.
  void forget(AttemptId attempt) {
    lanes.remove(attempt);
  }

  /// The lane of an attempt; 0 if it is in none, or that is not known any more.
  long lane(AttemptId attempt) {
    return lanes.getOrDefault(attempt, 0L);
  }

  void changed(@Nullable OfAttempt before, OfAttempt now) {
    var change = (now instanceof Accepted ? 1 : 0) - (before instanceof Accepted ? 1 : 0);
    allWaiting += change;
    var lane = lane(now.attempt());
    if (lane != 0 && change != 0) {
      waiting.merge(lane, change, (some, more) -> some + more == 0 ? null : some + more);
    }
  }

  /// How long after the last message a report may wait; to be asked once, when it has come.
  Duration patience(OfAttempt report) {
    var lane =
        report instanceof Ended ? lanes.remove(report.attempt()) : lanes.get(report.attempt());
    return switch (report) {
      case Ended ended when ended.reason() == EndReason.RECALLED -> Duration.ZERO;
      case Ended _ when lane == null -> allWaiting == 0 ? Duration.ZERO : LINGER;
      case Ended _ -> {
        int left = waiting.getOrDefault(lane, 0);
        yield left == 0 ? Duration.ZERO : left < ENOUGH ? LINGER : LONGEST;
      }
      case Running _ -> lane != null && waiting.containsKey(lane) ? LONGEST : LINGER;
      case Accepted _ -> LINGER;
    };
  }
}
