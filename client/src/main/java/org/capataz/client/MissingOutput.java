package org.capataz.client;

import java.time.Instant;

/// What a node has not kept of what an instance wrote. Told by who reads the output, when the
/// reading comes to its place.
public sealed interface MissingOutput {

  /// Some of it: of long output a node keeps the beginning and the end, and who follows output that
  /// is written faster than it is read is taken to the end too.
  ///
  /// @param offset where it would begin, in bytes from the beginning of the output
  /// @param bytes how many there were
  record Part(long offset, long bytes) implements MissingOutput {}

  /// All of it, if there was any: a node removes the oldest outputs where they come to be too many.
  ///
  /// @param before what was last written to before this is removed
  record Removed(Instant before) implements MissingOutput {}
}
