package org.capataz.model;

import java.util.Map;

/// What a node is to execute for a task. Directory, paths and the command's `*` are templates in a
/// sweep; empty paths are unset.
///
/// @param environment the job's variables overlaid with the task's; an empty value unsets
public record Launch(
    CommandLine command, String workDirectory, Streams streams, Map<String, String> environment) {

  /// Files of the standard streams; an empty path leaves standard input empty, and standard output
  /// and error to Capataz's keeping.
  public record Streams(String in, String out, String err) {}
}
