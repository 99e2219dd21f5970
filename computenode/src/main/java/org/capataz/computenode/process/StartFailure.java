package org.capataz.computenode.process;

/// Why a process could not be started.
///
/// @param message one line: what was expected, and what was found
public record StartFailure(Cause cause, String message) {

  /// What stood in the way.
  public enum Cause {
    PROGRAM,
    WORKING_DIRECTORY,
    STANDARD_INPUT,
    STANDARD_OUTPUT,
    STANDARD_ERROR,
    ARGUMENTS,
    /// The node has no memory, process number or file descriptor left just now: the same start may
    /// succeed later.
    SHORTAGE,
    /// The node, for whatever else there may be.
    NODE
  }
}
