package org.capataz.scheduler.state;

import org.capataz.model.PendingReason;

/// What of a job neither its draft nor its tasks tell.
///
/// @param revision how often its draft was changed
/// @param attemptBase the highest number of an attempt before it was last Configuring
public record Facts(
    int requeues, int revision, int attemptBase, Progress progress, Pending pending, Hold hold) {
  public static final Facts NEW = new Facts(0, 0, 0, Progress.UNSAID, Pending.NOTHING, Hold.NONE);

  /// How far somebody said that it is.
  ///
  /// @param percent -1 if nobody did
  public record Progress(int percent, String message) {
    public static final Progress UNSAID = new Progress(-1, "");
  }

  /// What keeps it from starting, as far as that was noted.
  ///
  /// @param since when that was noted, 0 for never
  /// @param changes how often it has changed
  public record Pending(PendingReason reason, long since, int changes) {
    public static final Pending NOTHING = new Pending(PendingReason.NONE, 0, 0);
  }

  /// Until when it does not start.
  ///
  /// @param until in microseconds since 1970; 0 for now
  /// @param byFilter whether the activation filter wants it so
  public record Hold(long until, boolean byFilter) {
    public static final Hold NONE = new Hold(0, false);

    static Hold byUser(long until) {
      return new Hold(until, false);
    }
  }

  Facts requeued() {
    return new Facts(requeues + 1, revision, attemptBase, progress, pending, hold);
  }

  Facts revised() {
    return new Facts(requeues, revision + 1, attemptBase, progress, pending, hold);
  }

  Facts withAttemptBase(int base) {
    return new Facts(requeues, revision, base, progress, pending, hold);
  }

  Facts with(Progress said) {
    return new Facts(requeues, revision, attemptBase, said, pending, hold);
  }

  Facts with(Pending noted) {
    return new Facts(requeues, revision, attemptBase, progress, noted, hold);
  }

  Facts with(Hold other) {
    return new Facts(requeues, revision, attemptBase, progress, pending, other);
  }
}
