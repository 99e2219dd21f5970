package org.capataz.scheduler.event;

import static java.util.Map.entry;

import java.util.Map;
import org.capataz.model.EndReason;
import org.capataz.model.ExitCodes;

/// How an attempt ended, as its node saw it.
///
/// @param reason who or what ended it
/// @param exitCode what the process returned, or 128 + the signal that ended it; 0 if it never ran
/// @param startTime when the process started, in microseconds since 1970; 0 if it never did
/// @param endTime when it ended
/// @param usage what the process and its waited-for children used
/// @param message one line, if there is more to say; else empty
/// @param errorTail the last lines on standard error of an attempt that failed; else empty
public record AttemptEnd(
    EndReason reason,
    int exitCode,
    long startTime,
    long endTime,
    Usage usage,
    String message,
    String errorTail) {

  /// An exit code says by 128 and more which signal ended the process.
  private static final int SIGNALED = 128;

  /// The signals that end processes, by Linux's numbers.
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          entry(1, "HUP"),
          entry(2, "INT"),
          entry(3, "QUIT"),
          entry(4, "ILL"),
          entry(5, "TRAP"),
          entry(6, "ABRT"),
          entry(7, "BUS"),
          entry(8, "FPE"),
          entry(9, "KILL"),
          entry(11, "SEGV"),
          entry(13, "PIPE"),
          entry(15, "TERM"),
          entry(24, "XCPU"),
          entry(25, "XFSZ"),
          entry(31, "SYS"));

  /// What a process used.
  public record Usage(long userMicros, long systemMicros, long maxRssKib) {
    public static final Usage NONE = new Usage(0, 0, 0);

    /// Of both together; the peak is that of the larger.
    Usage plus(Usage other) {
      return new Usage(
          userMicros + other.userMicros,
          systemMicros + other.systemMicros,
          Math.max(maxRssKib, other.maxRssKib));
    }
  }

  /// The end of an attempt that nobody saw end.
  public static AttemptEnd unseen(EndReason reason, long startTime, long now, String message) {
    return new AttemptEnd(reason, 0, startTime, now, Usage.NONE, message, "");
  }

  /// The end of the part that an attempt had on a node other than its first, as the attempt's own:
  /// without a process, for the command's is elsewhere.
  public AttemptEnd ofPart() {
    return new AttemptEnd(reason, 0, 0, endTime, usage, message, "");
  }

  /// This end, with what another part of the attempt used until its own end.
  public AttemptEnd with(AttemptEnd part) {
    return new AttemptEnd(
        reason,
        exitCode,
        startTime,
        Math.max(endTime, part.endTime),
        usage.plus(part.usage),
        message,
        errorTail);
  }

  public AttemptEnd withReason(EndReason other, String why) {
    return new AttemptEnd(other, exitCode, startTime, endTime, usage, why, errorTail);
  }

  /// This end with its reason, and the command's process.
  public AttemptEnd withProcess(AttemptEnd command) {
    return new AttemptEnd(
        reason,
        command.exitCode,
        command.startTime,
        Math.max(endTime, command.endTime),
        usage.plus(command.usage),
        message,
        command.errorTail);
  }

  /// Whether the command ended by itself, with one of these exit codes.
  public boolean isSuccess(ExitCodes valid) {
    return reason == EndReason.EXITED && valid.contains(exitCode);
  }

  /// Why it did not succeed, in a few words: the node's, or what follows from reason and exit code.
  public String why() {
    if (!message.isEmpty()) {
      return message;
    }
    return switch (reason) {
      case EXITED -> "exit code " + exitCode + signal();
      case START_FAILED -> "could not be started";
      case TIME_LIMIT -> "run time expired";
      case CANCELED -> "canceled";
      case TASK_FINISHED -> "finished";
      case REQUEUED -> "requeued";
      case RECALLED -> "not begun, and taken back from its node";
      case NODE_STOPPED -> "its node was stopped";
      case NODE_LOST -> "its node was lost";
      case EXIT_STATUS_LOST -> "nobody saw how it ended";
      case PARENT_FAILED, JOB_ENDED, TOO_MANY_FAILURES -> "not run";
      case OUTPUT_LIMIT -> "wrote more than its node can hold";
      case OUT_OF_MEMORY -> "used more memory than it may";
    };
  }

  /// Which signal an exit code stands for, be it that of the process or what a shell says of one.
  private String signal() {
    var name = SIGNALS.get(exitCode - SIGNALED);
    return name == null ? "" : " (signal " + (exitCode - SIGNALED) + ", " + name + ")";
  }

  /// Whether a process ran and was seen to end, so that the exit code means something.
  public boolean exited() {
    return startTime != 0
        && reason != EndReason.EXIT_STATUS_LOST
        && reason != EndReason.NODE_LOST
        && reason != EndReason.START_FAILED;
  }
}
