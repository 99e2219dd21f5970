package org.capataz.computenode.keeper;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.capataz.computenode.process.Processes;
import org.capataz.model.AttemptId;
import org.capataz.model.Result;

/// The marks that every process of an attempt carries in its environment, and by which it is known
/// when its parents are gone: its attempt; and machine and directory of its node, for an attempt
/// may have several nodes, and a machine too.
///
/// The second mark is not always true: MPI launchers give their whole environment to processes on
/// other nodes.
final class Marks {

  private static final String ATTEMPT = "CAPATAZ_ATTEMPT";
  private static final String NODE = "CAPATAZ_NODE";

  private final String machine = Processes.bootId();
  private final String node;

  /// Those of the node whose data is in this directory.
  Marks(DataDirectory directory) {
    node = machine + ":" + directory.path();
  }

  /// Marks the environment of a process that is to be started.
  void put(AttemptId attempt, Map<String, String> environment) {
    environment.put(ATTEMPT, attempt.toString());
    environment.put(NODE, node);
  }

  /// The attempt that a process belongs to.
  static Optional<AttemptId> of(int pid) {
    return Processes.variable(pid, ATTEMPT)
        .flatMap(
            text ->
                AttemptId.parse(text) instanceof Result.Ok<AttemptId>(var attempt)
                    ? Optional.of(attempt)
                    : Optional.empty());
  }

  /// Every process of this node that has a mark, by its number.
  Map<Integer, AttemptId> all() {
    var marked = new HashMap<Integer, AttemptId>();
    for (var pid : Processes.all()) {
      of(pid).filter(_ -> isOfThisNode(pid)).ifPresent(attempt -> marked.put(pid, attempt));
    }
    return marked;
  }

  /// What descends from this process is of this node, whatever it says; else what says so, and what
  /// claims to be of another machine.
  private boolean isOfThisNode(int pid) {
    var claim = Processes.variable(pid, NODE).orElse(node);
    return claim.equals(node) || !claim.startsWith(machine) || Processes.isDescendant(pid);
  }
}
