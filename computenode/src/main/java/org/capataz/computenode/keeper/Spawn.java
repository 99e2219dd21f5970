package org.capataz.computenode.keeper;

/// A process to start.
sealed interface Spawn permits Request.Start, Spawn.Branch {

  /// A branch of an attempt that is held here.
  ///
  /// @param hold whose node's variables go over those of who asked
  record Branch(BranchId id, BranchRequest.Command command, Request.Hold hold) implements Spawn {}
}
