package org.capataz.computenode.keeper;

import java.util.Map;
import org.capataz.computenode.process.ProcessId;
import org.capataz.computenode.process.ResourceUsage;
import org.capataz.model.AttemptId;
import org.capataz.model.EndReason;

/// What can happen to a keeper.
sealed interface Input {

  /// What is left of an earlier keeper's attempts: those whose process runs. Comes first, once.
  record Surveyed(Map<AttemptId, ProcessId> alive) implements Input {}

  record FromAgent(Request request) implements Input {}

  /// The agent is gone; nothing can be told until another asks for the inventory.
  record AgentGone() implements Input {}

  /// The process of an attempt that was taken by [KeeperState#begin] runs.
  record Started(Report.Running running) implements Input {}

  /// The process of an attempt that was taken by [KeeperState#begin] could not be started.
  record NotStarted(AttemptId attempt, String message) implements Input {}

  /// The process of an attempt has ended, and is not yet reaped.
  record Exited(AttemptId attempt, Report.Outcome outcome) implements Input {}

  /// An attempt has taken more of the node than it may, and would go on to.
  ///
  /// @param reason of what
  /// @param message one line for its owner
  record Exceeded(AttemptId attempt, EndReason reason, String message) implements Input {}

  /// The process of a branch that was taken by [KeeperState#begin] runs.
  record BranchStarted(BranchId branch, Report.Running running) implements Input {}

  /// A branch has ended, and its process is not yet reaped; or it could not be started.
  record BranchEnded(BranchId branch, BranchNews.End end, ResourceUsage usage) implements Input {}

  /// A command of this node wants a branch on another, or asks how it stands.
  record BranchWanted(BranchRequest request) implements Input {}

  /// An orphan was found gone, or nothing of a held attempt.
  record Vanished(AttemptId attempt) implements Input {}

  /// The time that [KeeperState#nextWakeup] named has come.
  record Woken() implements Input {}

  /// The node is to stop. Comes again when somebody is in more of a hurry.
  ///
  /// @param graceMillis what no task's grace may exceed
  /// @param deliveryMillis how long the ends may then wait to be acknowledged
  record Stop(long graceMillis, long deliveryMillis) implements Input {}
}
