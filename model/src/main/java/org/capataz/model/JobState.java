package org.capataz.model;

import java.util.Arrays;
import java.util.Optional;

/// The states of a job as everybody sees them, with HPC Pack's names and numbers (bit flags, so
/// that a filter can name several). The numbers are stored and sent and never change.
public enum JobState {
  CONFIGURING(0x1, "Configuring"),
  SUBMITTED(0x2, "Submitted"),
  VALIDATING(0x4, "Validating"),
  EXTERNAL_VALIDATION(0x8, "ExternalValidation"),
  QUEUED(0x10, "Queued"),
  RUNNING(0x20, "Running"),
  FINISHING(0x40, "Finishing"),
  FINISHED(0x80, "Finished"),
  FAILED(0x100, "Failed"),
  CANCELED(0x200, "Canceled"),
  CANCELING(0x400, "Canceling");

  private final int flag;
  private final String text;

  JobState(int flag, String text) {
    this.flag = flag;
    this.text = text;
  }

  public int flag() {
    return flag;
  }

  /// Whether nothing more will happen to the job unless somebody asks for it.
  public boolean isEnd() {
    return this == FINISHED || this == FAILED || this == CANCELED;
  }

  /// Reads a state's name in any case, with CCS 2003's `NotSubmitted` and `Cancelled` as aliases.
  public static Optional<JobState> parse(String name) {
    return switch (name.toLowerCase(java.util.Locale.ROOT)) {
      case "notsubmitted" -> Optional.of(CONFIGURING);
      case "cancelled" -> Optional.of(CANCELED);
      default -> Arrays.stream(values()).filter(s -> s.text.equalsIgnoreCase(name)).findFirst();
    };
  }

  public static JobState ofFlag(int flag) {
    for (var each : values()) {
      if (each.flag == flag) {
        return each;
      }
    }
    throw new IllegalArgumentException("job state " + flag);
  }

  @Override
  public String toString() {
    return text;
  }
}
