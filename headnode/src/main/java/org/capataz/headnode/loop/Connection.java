package org.capataz.headnode.loop;

import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.capataz.model.AttemptId;
import org.capataz.model.ClusterSettings;
import org.capataz.model.JobSpec;
import org.capataz.model.MemoryLimit;
import org.capataz.model.TaskSpec;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.state.Attempt;

/// The way to one connected node. Called by the engine's thread, never blocks, and may drop what it
/// is told once the connection is gone: all of it follows from the state, and is said again when
/// the node is back.
public interface Connection {

  /// The node was accepted; first of all calls.
  void welcome(Greeting greeting);

  /// What the node is to do now.
  void order(Due due);

  /// Ends the connection.
  ///
  /// @param reason one line for the node's administrator
  void close(String reason);

  /// Whom the node is connected to.
  ///
  /// @param node its id
  /// @param heartbeatSeconds how often it says that it is there
  record Greeting(int node, UUID cluster, String clusterName, long epoch, int heartbeatSeconds) {}

  /// What a commit means for one node.
  ///
  /// @param recalls attempts that the node is to give back unless they have begun
  /// @param over ends that have been committed, so that the node may forget these attempts
  record Due(
      List<ToStart> starts, List<AttemptId> recalls, List<ToStop> stops, List<AttemptId> over) {}

  /// An attempt to start. Repeats are harmless.
  ///
  /// @param placed node names by placement, in the order of the attempt's placements
  /// @param runtimeMicros limit of this run, 0 for none
  /// @param previousExitCode of the instance's attempt before, if that was seen to end
  /// @param recalls how many of the instance's attempts before were given back
  /// @param settings of the cluster, the same object as long as nothing of them has changed
  record ToStart(
      Attempt attempt,
      JobSpec job,
      TaskSpec task,
      List<String> placed,
      long runtimeMicros,
      OptionalInt previousExitCode,
      int recalls,
      ClusterSettings settings) {

    /// What it may use of the memory of one of its nodes; 0 for no limit.
    public int memoryLimitMb(Placement placement) {
      return MemoryLimit.of(settings, task.launch().environment(), placement.memoryMb());
    }

    /// Whether it is bound to its cores, where the node binds what it runs.
    public boolean binds() {
      return settings.binds(job.resources().exclusive());
    }
  }

  /// An attempt to end.
  ///
  /// @param message why, in one line
  /// @param graceMicros from asking it to end until it is killed; 0 for at once
  record ToStop(AttemptId attempt, String message, long graceMicros) {}
}
