package org.capataz.computenode.keeper;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.capataz.computenode.process.Processes;
import org.capataz.model.AttemptId;
import org.capataz.model.Result;

/// The mark that every process of an attempt carries in its environment, and by which it is known
/// when its parents are gone.
final class Marks {

  static final String VARIABLE = "CAPATAZ_ATTEMPT";

  private Marks() {}

  static Optional<AttemptId> of(int pid) {
    return Processes.variable(pid, VARIABLE)
        .flatMap(
            text ->
                AttemptId.parse(text) instanceof Result.Ok<AttemptId>(var attempt)
                    ? Optional.of(attempt)
                    : Optional.empty());
  }

  /// Every process with a mark, by its number.
  static Map<Integer, AttemptId> all() {
    var marked = new HashMap<Integer, AttemptId>();
    for (var pid : Processes.all()) {
      of(pid).ifPresent(attempt -> marked.put(pid, attempt));
    }
    return marked;
  }
}
