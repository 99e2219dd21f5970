package org.capataz.model;

import java.util.Arrays;
import java.util.Optional;

/// The states of a task and of one instance, with HPC Pack's names and numbers. Unlike jobs'
/// states, Queued is 8 here. The numbers are stored and sent and never change.
public enum TaskState {
  CONFIGURING(0x1, "Configuring"),
  SUBMITTED(0x2, "Submitted"),
  VALIDATING(0x4, "Validating"),
  QUEUED(0x8, "Queued"),
  DISPATCHING(0x10, "Dispatching"),
  RUNNING(0x20, "Running"),
  FINISHING(0x40, "Finishing"),
  FINISHED(0x80, "Finished"),
  FAILED(0x100, "Failed"),
  CANCELED(0x200, "Canceled"),
  CANCELING(0x400, "Canceling");

  private final int flag;
  private final String text;

  TaskState(int flag, String text) {
    this.flag = flag;
    this.text = text;
  }

  public int flag() {
    return flag;
  }

  public boolean isEnd() {
    return this == FINISHED || this == FAILED || this == CANCELED;
  }

  public static Optional<TaskState> parse(String name) {
    return switch (name.toLowerCase(java.util.Locale.ROOT)) {
      case "notsubmitted" -> Optional.of(CONFIGURING);
      case "cancelled" -> Optional.of(CANCELED);
      default -> Arrays.stream(values()).filter(s -> s.text.equalsIgnoreCase(name)).findFirst();
    };
  }

  public static TaskState ofFlag(int flag) {
    for (var each : values()) {
      if (each.flag == flag) {
        return each;
      }
    }
    throw new IllegalArgumentException("task state " + flag);
  }

  @Override
  public String toString() {
    return text;
  }
}
