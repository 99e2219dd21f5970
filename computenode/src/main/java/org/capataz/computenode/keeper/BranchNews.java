package org.capataz.computenode.keeper;

import java.util.Optional;

/// How a branch stands, told to the keeper that asked for it.
///
/// @param end empty while it waits or runs
public record BranchNews(BranchId id, Optional<End> end) {

  /// How it ended.
  ///
  /// @param exitCode 0 to 255, or 128 + signal
  /// @param message why it did not run, as one line; else empty
  /// @param output the last of what it wrote, as is [#errors]; UTF-8, bounded
  public record End(int exitCode, String message, String output, String errors) {

    /// Of one that did not run, or of which nobody knows how it ended.
    static End none(String message) {
      return new End(NOT_RUN, message, "", "");
    }
  }

  /// What ssh returns where there is no exit code to return.
  static final int NOT_RUN = 255;

  static BranchNews taken(BranchId id) {
    return new BranchNews(id, Optional.empty());
  }

  static BranchNews ended(BranchId id, End end) {
    return new BranchNews(id, Optional.of(end));
  }
}
