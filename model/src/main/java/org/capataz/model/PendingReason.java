package org.capataz.model;

/// Why a job in the queue does not run: the model's PendingReason. The numbers are stored and never
/// change.
public enum PendingReason {
  NONE(0, "None", "nothing keeps it waiting"),
  NOT_ENOUGH_RESOURCE(
      1, "NotEnoughResource", "what it needs is not free together, and is not left to it"),
  HIGHER_PRIORITY_JOB(2, "HigherPriorityJob", "a job of a higher priority waits before it"),
  JOB_SUBMITTED_EARLIER(
      3, "JobSubmittedEarlier", "a job that was submitted earlier waits before it"),
  DEPENDENCY_NOT_DONE(4, "DependencyNotDone", "tasks that its next tasks depend on have not ended"),
  REQUIRED_NODES_NOT_AVAILABLE(
      5, "RequiredNodesNotAvailable", "nodes that it must have are busy, offline or unreachable"),
  ACTIVATION_FILTER(6, "ActivationFilter", "the activation filter has not let it start yet"),
  HELD_BY_ACTIVATION_FILTER(
      7, "HeldByActivationFilter", "the activation filter holds it for a time"),
  HELD_BY_ADMIN(8, "HeldByAdmin", "an administrator holds it"),
  HELD_BY_USER(9, "HeldByUser", "whoever submitted it holds it until a time"),
  PARENT_JOBS_CANCELED_OR_FAILED(
      10, "ParentJobsCanceledOrFailed", "a job that it depends on failed or was canceled"),
  PARENT_JOBS_NOT_FINISHED(
      11, "ParentJobsNotFinished", "jobs that it depends on have not finished"),
  NO_AVAILABLE_RESOURCE_IN_REQUESTED_NODE_GROUP(
      12,
      "NoAvailableResourceInRequestedNodeGroup",
      "what it needs is not free in the node groups that it asks for"),
  /// Ours.
  LIMIT_REACHED(100, "LimitReached", "its user or project has as much as it may have at once");

  private final int number;
  private final String text;
  private final String sentence;

  PendingReason(int number, String text, String sentence) {
    this.number = number;
    this.text = text;
    this.sentence = sentence;
  }

  public int number() {
    return number;
  }

  /// What it means, in a few words for people.
  public String sentence() {
    return sentence;
  }

  public static PendingReason ofNumber(int number) {
    for (var each : values()) {
      if (each.number == number) {
        return each;
      }
    }
    throw new IllegalArgumentException("pending reason " + number);
  }

  /// The model's name.
  @Override
  public String toString() {
    return text;
  }
}
