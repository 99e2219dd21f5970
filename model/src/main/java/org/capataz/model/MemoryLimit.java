package org.capataz.model;

import java.util.Map;

/// How much memory a run may use on each of its nodes, before it is ended there.
///
/// What is asked for by `Memory` and `EstimatedProcessMemory` is an estimate, to find room: it is a
/// limit only where the cluster's `MemoryEnforcement` says so.
public final class MemoryLimit {

  /// HPC Pack's variable of jobs and tasks, in megabytes.
  public static final String VARIABLE = "CCP_MAXIMUMMEMORY";

  private MemoryLimit() {}

  /// Reads the variable.
  ///
  /// @return megabytes, 0 where it is not set
  static Result<Integer> of(Map<String, String> environment) {
    var text = environment.getOrDefault(VARIABLE, "");
    if (text.isEmpty()) {
      return Result.ok(0);
    }
    return Megabytes.parse(text)
        .then(
            megabytes ->
                megabytes > 0
                    ? Result.ok(megabytes)
                    : Result.invalid("expected at least 1 megabyte, but got '" + text + "'"))
        .in("variable " + VARIABLE);
  }

  /// The limit of a run on one node: the smaller of what the variable says and, where it is
  /// enforced, what is reserved.
  ///
  /// @param own variables of job and task, which are stronger than those of the cluster
  /// @param reservedMb what the run has reserved on the node, 0 for nothing
  /// @return megabytes, 0 for no limit
  public static int of(ClusterSettings cluster, Map<String, String> own, int reservedMb) {
    var said = of(own.containsKey(VARIABLE) ? own : cluster.environment()).orElseThrow();
    var enforced =
        cluster.get(ClusterParameter.MEMORY_ENFORCEMENT).equals("Reserved") ? reservedMb : 0;
    return said == 0 || enforced == 0 ? Math.max(said, enforced) : Math.min(said, enforced);
  }
}
