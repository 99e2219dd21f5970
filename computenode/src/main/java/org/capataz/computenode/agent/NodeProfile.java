package org.capataz.computenode.agent;

import java.util.List;
import java.util.UUID;
import org.capataz.model.Topology;

/// How a node introduces itself.
///
/// @param node its own UUID: no other node may take its name
/// @param address where other nodes reach it
/// @param machine what it found on itself
/// @param topology cores and GPUs that it offers; more than it found if its administrator says so
/// @param memoryMb MiB that it offers
/// @param cpus the kernel's number of each core, to bind tasks to; none if they are not bound
public record NodeProfile(
    UUID node,
    String name,
    String address,
    Machine machine,
    Topology topology,
    int memoryMb,
    List<String> groups,
    List<Integer> cpus) {

  public NodeProfile {
    groups = List.copyOf(groups);
    cpus = List.copyOf(cpus);
  }
}
