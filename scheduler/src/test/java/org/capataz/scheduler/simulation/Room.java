package org.capataz.scheduler.simulation;

import java.util.List;
import java.util.Map;
import org.capataz.model.Demand;
import org.capataz.model.JobSpec;
import org.capataz.model.NodeFilter;
import org.capataz.model.Parts;
import org.capataz.model.Topology;
import org.capataz.model.Unit;
import org.capataz.scheduler.event.NodeOffer;

/// What fits where, worked out by counting alone: the policy's own ways are not asked.
final class Room {

  private Room() {}

  /// What is free of a node.
  record Free(String name, NodeOffer offer, Parts parts, int memoryMb) {

    /// The whole node.
    Free(String name, NodeOffer offer) {
      this(name, offer, offer.topology().all(), offer.memoryMb());
    }

    /// Whether one run of a job could be here, by what is free.
    boolean holds(JobSpec job, Demand demand) {
      return admits(job.resources().nodes(), name, offer)
          && isWanted(demand)
          && units(job, offer.topology(), parts) >= demand.units().min()
          && memoryMb >= demand.memoryMb(demand.units().min());
    }

    private boolean isWanted(Demand demand) {
      var required = demand.nodes().required();
      return (required.isEmpty() || required.contains(name)) && isInGroup(demand);
    }

    private boolean isInGroup(Demand demand) {
      return demand.nodes().group().isEmpty() || offer.groups().contains(demand.nodes().group());
    }

    /// How many units of a run could be here.
    private int share(JobSpec job, Demand demand) {
      var byMemory = memoryMb < demand.memoryMb() ? 0 : Integer.MAX_VALUE;
      if (byMemory > 0 && demand.memoryPerUnitMb() > 0) {
        byMemory = (memoryMb - demand.memoryMb()) / demand.memoryPerUnitMb();
      }
      return isInGroup(demand) ? Math.min(byMemory, units(job, offer.topology(), parts)) : 0;
    }
  }

  /// How many whole units parts of a node make.
  static int units(JobSpec job, Topology topology, Parts parts) {
    return switch (job.resources().unit()) {
      case CORE -> parts.cores().size();
      case GPU -> Math.min(parts.gpus().size(), parts.cores().size() / topology.coresPerGpu());
      case NODE -> parts.containsAll(topology.all()) ? 1 : 0;
      case SOCKET -> (int) topology.sockets().stream().filter(parts.cores()::containsAll).count();
    };
  }

  private static boolean admits(NodeFilter filter, String name, NodeOffer offer) {
    var inGroups =
        switch (filter.groupOp()) {
          case INTERSECT -> offer.groups().containsAll(filter.groups());
          case UNION, UNIFORM -> filter.groups().stream().anyMatch(offer.groups()::contains);
        };
    return (filter.groups().isEmpty() || inGroups)
        && (filter.requested().isEmpty() || filter.requested().contains(name))
        && !filter.excluded().contains(name)
        && offer.cores() >= filter.cores().min()
        && offer.cores() <= filter.cores().max()
        && offer.memoryMb() >= filter.memoryMb().min()
        && offer.memoryMb() <= filter.memoryMb().max();
  }

  /// Whether a run is meant for one node, of which this is one that could hold it if nothing ran.
  static boolean isForOne(JobSpec job, Demand demand, String name, NodeOffer offer) {
    return demand.nodes().required().size() < 2
        && !(job.resources().unit() == Unit.NODE && demand.units().max() > 1)
        && new Free(name, offer).holds(job, demand);
  }

  /// Whether a cluster could give a job its minimum and hold a run of it, if nothing ran.
  ///
  /// @param licences how many there are of each counted feature
  static boolean couldHold(
      JobSpec job, Demand demand, List<Free> nodes, Map<String, Integer> licences) {
    var forOne = nodes.stream().anyMatch(node -> isForOne(job, demand, node.name, node.offer));
    return holds(job, demand, forOne, nodes, licences);
  }

  /// Whether nodes could together give a job its minimum and hold a run of it.
  ///
  /// @param forOne whether the run is to be on one node
  static boolean holds(
      JobSpec job, Demand demand, boolean forOne, List<Free> nodes, Map<String, Integer> licences) {
    for (var licence : job.resources().licences().entrySet()) {
      if (licences.getOrDefault(licence.getKey(), Integer.MAX_VALUE) < licence.getValue()) {
        return false;
      }
    }
    var candidates =
        nodes.stream()
            .filter(node -> admits(job.resources().nodes(), node.name, node.offer))
            .toList();
    return sets(job, candidates).stream().anyMatch(set -> holds(job, demand, set, forOne));
  }

  /// The sets of nodes that all that the job holds could come from.
  private static List<List<Free>> sets(JobSpec job, List<Free> candidates) {
    if (job.resources().singleNode()) {
      return candidates.stream().map(List::of).toList();
    }
    var filter = job.resources().nodes();
    return filter.groupOp() != NodeFilter.GroupOp.UNIFORM || filter.groups().isEmpty()
        ? List.of(candidates)
        : filter.groups().stream()
            .map(
                group -> candidates.stream().filter(n -> n.offer.groups().contains(group)).toList())
            .toList();
  }

  private static boolean holds(JobSpec job, Demand demand, List<Free> set, boolean forOne) {
    var units = set.stream().mapToInt(n -> units(job, n.offer.topology(), n.parts)).sum();
    if (units < job.units().min()) {
      return false;
    }
    if (forOne) {
      return set.stream().anyMatch(node -> node.holds(job, demand));
    }
    var required = demand.nodes().required();
    var there =
        set.stream().filter(n -> required.contains(n.name) && n.share(job, demand) > 0).count();
    var shares = set.stream().mapToLong(node -> node.share(job, demand)).sum();
    return there == required.size() && shares >= demand.units().min();
  }
}
