package org.capataz.computenode.keeper;

import java.util.List;
import org.capataz.computenode.process.ExitStatus;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;

/// What the keeper tells the agent.
public sealed interface Report extends Message {

  /// Where one attempt stands. Complete in itself: the last one counts.
  sealed interface OfAttempt extends Report {
    AttemptId attempt();
  }

  /// Taken on, not yet running.
  record Accepted(AttemptId attempt) implements OfAttempt {}

  /// Its process runs; or it is held, and has none.
  ///
  /// @param process with number 0 if it is held
  /// @param startMicros when it was started, in microseconds since 1970
  /// @param orphan whether it was started by an earlier keeper: it can be stopped, but how it ends
  ///   will not be known
  record Running(AttemptId attempt, ProcessId process, long startMicros, boolean orphan)
      implements OfAttempt {}

  /// It has ended, or will never start. Kept until acknowledged.
  ///
  /// @param message one line, where there is more to say than the reason; else empty
  record Ended(AttemptId attempt, EndReason reason, String message, Outcome outcome)
      implements OfAttempt {}

  /// Every attempt that the keeper has not been told to forget.
  ///
  /// @param bootId of the machine
  record Inventory(String bootId, List<OfAttempt> attempts) implements Report {
    public Inventory {
      attempts = List.copyOf(attempts);
    }
  }

  /// A branch is wanted on another node. Said again until [Request.Hear] tells its end.
  record Wanted(BranchRequest request) implements Report {}

  /// How a branch stands that another keeper asked for.
  record Served(BranchNews news) implements Report {}

  /// The shortest lease of an attempt is that long, so that the head node is to be heard much more
  /// often; 0 if none has a lease any more.
  record Leased(long millis) implements Report {}

  /// The node is being stopped: no start will be taken, and the ends of all attempts follow. When
  /// they are acknowledged, or after some seconds, the keeper closes the link.
  record Stopping() implements Report {}

  /// What is left of a process.
  ///
  /// @param startMicros in microseconds since 1970; 0 if it never ran
  /// @param endMicros in microseconds since 1970; of an orphan, when its end was noticed
  /// @param errorTail the last of what it wrote to standard error, 2 KiB at most, if it did not
  ///   succeed
  record Outcome(
      ExitStatus status, long startMicros, long endMicros, ResourceUsage usage, String errorTail) {

    /// Of an attempt that never ran.
    static Outcome neverRan(long nowMicros) {
      return new Outcome(new ExitStatus.Unknown(), 0, nowMicros, ResourceUsage.NONE, "");
    }

    /// Of an attempt whose end nobody saw.
    static Outcome unseen(long startMicros, long nowMicros) {
      return new Outcome(new ExitStatus.Unknown(), startMicros, nowMicros, ResourceUsage.NONE, "");
    }
  }
}
