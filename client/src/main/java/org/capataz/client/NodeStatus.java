package org.capataz.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a node is at one moment.
///
/// @param unreachableSince when it was last connected; empty while it is
/// @param capacity what it offers, and what of it is taken
/// @param found what it found on itself
/// @param oversubscribed whether it offers more cores than it found
public record NodeStatus(
    int id,
    String name,
    NodeState state,
    Optional<Instant> unreachableSince,
    Capacity capacity,
    Inventory found,
    List<String> groups,
    boolean oversubscribed) {

  public NodeStatus {
    groups = List.copyOf(groups);
  }

  public boolean reachable() {
    return unreachableSince.isEmpty();
  }

  /// What it offers.
  ///
  /// @param socketCores the number of cores on each socket
  /// @param jobs that hold something of it
  /// @param exclusive whether one job keeps all others out
  public record Capacity(
      int cores,
      int busyCores,
      int memoryMb,
      int reservedMemoryMb,
      List<Integer> socketCores,
      int gpus,
      int busyGpus,
      List<Integer> jobs,
      boolean exclusive) {

    public Capacity {
      socketCores = List.copyOf(socketCores);
      jobs = List.copyOf(jobs);
    }

    /// A node of one socket, without GPUs, that nothing is known of beside its cores and memory.
    public Capacity(int cores, int busyCores, int memoryMb, int reservedMemoryMb) {
      this(cores, busyCores, memoryMb, reservedMemoryMb, List.of(cores), 0, 0, List.of(), false);
    }
  }

  /// What it found on itself.
  ///
  /// @param gpus the name of each
  public record Inventory(
      int cores,
      int sockets,
      int memoryMb,
      List<String> gpus,
      String operatingSystem,
      String architecture) {

    public Inventory {
      gpus = List.copyOf(gpus);
    }
  }
}
