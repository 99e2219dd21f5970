package org.capataz.computenode.agent;

import java.util.List;
import java.util.OptionalInt;
import org.capataz.model.AttemptId;
import org.capataz.model.CoreSet;
import org.capataz.model.Parts;

/// The head node's order to run an attempt.
///
/// @param launch which [TaskTemplate] of this connection
/// @param values what the placeholders of its launch stand for
/// @param placements where the attempt has cores; the command starts on the first, and the other
///   nodes hold it
/// @param runtimeMicros after which the node ends it, 0 for no limit
/// @param previousExitCode of the attempt before, if that was seen to end
/// @param bind whether it is bound to its cores, where the node binds what it runs
/// @param leaseMicros how long it may run after the head node last was known to count this node as
///   connected, 0 for no limit
/// @param lane which others it runs after, as in [org.capataz.computenode.keeper.Request.Start]
/// @param recalls how many attempts of the instance before never began
record Start(
    AttemptId attempt,
    long launch,
    List<String> values,
    List<Placement> placements,
    long runtimeMicros,
    boolean rerunnable,
    OptionalInt previousExitCode,
    boolean bind,
    long leaseMicros,
    long lane,
    int recalls) {

  /// What it has of one node.
  ///
  /// @param address where its peers reach it
  /// @param memoryMb what it may use of the node's memory, 0 for no limit
  record Placement(String node, String address, Parts parts, int memoryMb) {

    /// Cores alone, of a node that is reached by its name.
    Placement(String node, CoreSet cores) {
      this(node, node, Parts.ofCores(cores), 0);
    }

    CoreSet cores() {
      return parts.cores();
    }
  }

  /// The first attempt of its instance, bound to its cores.
  Start(
      AttemptId attempt,
      long launch,
      List<String> values,
      List<Placement> placements,
      long runtimeMicros,
      boolean rerunnable) {
    this(
        attempt,
        launch,
        values,
        placements,
        runtimeMicros,
        rerunnable,
        OptionalInt.empty(),
        true,
        0,
        0,
        0);
  }

  /// How many attempts of the instance before were more than orders that were taken back.
  int retries() {
    return Math.max(0, attempt.number() - 1 - recalls);
  }

  /// How many cores it has, on all of its nodes.
  int cores() {
    return placements.stream().mapToInt(placement -> placement.cores().size()).sum();
  }

  Start {
    values = List.copyOf(values);
    placements = List.copyOf(placements);
  }
}
