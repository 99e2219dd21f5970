package org.capataz.computenode.keeper;

import java.io.IOException;
import org.capataz.computenode.process.DiskSpace;
import org.capataz.model.AttemptId;

/// Lets the middle of long outputs go, in their files, while they are written.
final class OutputCap {

  private final TaskOutput places;
  private final OutputLimits limits;

  OutputCap(TaskOutput places, OutputLimits limits) {
    this.places = places;
    this.limits = limits;
  }

  /// Looks how long an output is, and lets its middle go if that is too much.
  ///
  /// @throws IOException if the file system cannot do that; its message says why in few words
  void shorten(AttemptId attempt, TaskOutput.Stream stream) throws IOException {
    var output = places.path(attempt, stream);
    var length = output.toFile().length();
    if (length <= limits.high()) {
      return;
    }
    var before = Hole.of(output, attempt);
    var hole = limits.hole(length, before);
    if (!hole.equals(before)) {
      hole.note(output, attempt);
      DiskSpace.free(output, hole.from(), hole.to());
    }
  }
}
