package org.capataz.computenode.keeper;

import org.capataz.model.AttemptId;

/// A process that an attempt's command wants on another of its nodes, unique for all time.
///
/// @param name made where the command runs, unique in the attempt; part of a file's name
public record BranchId(AttemptId attempt, String name) {

  /// @throws IllegalArgumentException if the name could lead out of a directory
  public BranchId {
    if (!name.matches("[0-9A-Za-z]{1,32}")) {
      throw new IllegalArgumentException("expected a branch's name, but got '" + name + "'");
    }
  }
}
