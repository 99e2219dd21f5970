package org.capataz.computenode.keeper;

import java.util.Map;
import java.util.Optional;

/// What the keeper of an attempt's command asks of the keeper of another of its nodes, again and
/// again until the process has ended.
///
/// @param node where it is to run
/// @param stop whether it is to end
/// @param command what to run; empty to ask only how it stands
public record BranchRequest(BranchId id, String node, boolean stop, Optional<Command> command) {

  /// What to run.
  ///
  /// @param line for the shell
  /// @param environment of whoever asked: all of it but what belongs to the node
  /// @param directory absolute
  public record Command(String line, Map<String, String> environment, String directory) {
    public Command {
      environment = Map.copyOf(environment);
    }
  }

  /// The question how it stands.
  BranchRequest withoutCommand() {
    return new BranchRequest(id, node, stop, Optional.empty());
  }
}
