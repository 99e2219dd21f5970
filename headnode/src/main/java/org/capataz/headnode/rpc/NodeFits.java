package org.capataz.headnode.rpc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.capataz.headnode.view.NodeView;
import org.capataz.model.Demand;
import org.capataz.model.NodeFilter;
import org.capataz.model.Resources;
import org.capataz.model.Span;
import org.capataz.model.Unit;
import org.capataz.proto.v1.NodeFit;
import org.capataz.scheduler.state.ClusterState;

/// Which nodes could take a waiting job's next run, and of each other one why it cannot.
///
/// @param demand of the next run
/// @param lacking licences that are not free, each as a clause
record NodeFits(int job, Resources resources, Span units, Demand demand, List<String> lacking) {

  /// Looks a job up.
  static NodeFits of(ClusterState state, int id) {
    var job = state.job(id);
    if (job == null || !job.isSubmitted()) {
      var one = new Span(1, 1);
      return new NodeFits(id, Resources.ANY, one, new Demand(one, 0, 0), List.of());
    }
    var spec = job.spec();
    var demand =
        job.runnable().isEmpty()
            ? new Demand(new Span(1, 1), 0, 0)
            : job.task(job.runnable().first()).spec().demand();
    return new NodeFits(
        id,
        spec.resources(),
        spec.units(),
        demand,
        job.holdsLicences() ? List.of() : lacking(state, spec.resources().licences()));
  }

  private static List<String> lacking(ClusterState state, Map<String, Integer> wanted) {
    var clauses = new ArrayList<String>();
    var free = state.licences().free();
    wanted.forEach(
        (feature, amount) -> {
          var left = Math.max(0, free.getOrDefault(feature, Integer.MAX_VALUE));
          if (left < amount) {
            clauses.add(
                amount
                    + (amount == 1 ? " licence of " : " licences of ")
                    + feature
                    + ", but "
                    + left
                    + " of "
                    + state.licences().totals().get(feature)
                    + (left == 1 ? " is free" : " are free"));
          }
        });
    return clauses;
  }

  Unit unit() {
    return resources.unit();
  }

  /// Units that the job could have now, of all nodes together.
  int free(Collection<NodeView> nodes) {
    return nodes.stream()
        .filter(node -> node.online() && node.reachable())
        .filter(node -> why(node).isEmpty() && tenancy(node).isEmpty())
        .mapToInt(node -> node.offer().topology().count(unit(), node.free()))
        .sum();
  }

  NodeFit fit(NodeView node) {
    var topology = node.offer().topology();
    var free = topology.count(unit(), node.free());
    var freeMemory = node.offer().memoryMb() - node.reservedMemoryMb();
    var never = why(node);
    var tenancy = tenancy(node);
    String fit;
    if (!never.isEmpty()) {
      fit = "never";
    } else if (!node.online()) {
      fit = "offline";
    } else if (!node.reachable()) {
      fit = "unreachable";
    } else {
      // A run that spans nodes can do with less of each.
      var least = Math.min(demand.units().min(), topology.count(unit()));
      var fits = tenancy.isEmpty() && free >= least && demand.unitsWithin(freeMemory) >= least;
      fit = fits ? "fits" : "busy";
    }
    var state =
        free + " of " + unit().count(topology.count(unit())) + " and " + freeMemory + " MB free";
    return NodeFit.newBuilder()
        .setNode(node.name())
        .setFit(fit)
        .setDetail(never.isEmpty() ? tenancy.isEmpty() ? state : tenancy : never)
        .build();
  }

  /// Who keeps the job away for the time being; empty if nobody does.
  private String tenancy(NodeView node) {
    var others = node.jobs().stream().filter(other -> other != job).toList();
    if (others.isEmpty()) {
      return "";
    }
    if (node.exclusive()) {
      return "job " + others.getFirst() + " has it exclusively";
    }
    return resources.exclusive()
        ? "the job is exclusive, and job " + others.getFirst() + " is there"
        : "";
  }

  /// Why the job can never be on a node; empty if it can.
  private String why(NodeView view) {
    var node = view.traits();
    var filter = resources.nodes();
    if (!filter.requested().isEmpty() && !filter.requested().contains(node.name())) {
      return "not among the requested nodes";
    }
    if (filter.excluded().contains(node.name())) {
      return "excluded";
    }
    if (!filter.cores().admits(node.topology().cores())) {
      return "it has " + cores(node.topology().cores()) + ", not " + bounds(filter.cores());
    }
    if (!filter.memoryMb().admits(node.memoryMb())) {
      return "it has " + node.memoryMb() + " MB, not " + bounds(filter.memoryMb());
    }
    if (!filter.admits(node)) {
      return "not in "
          + (filter.groupOp() == NodeFilter.GroupOp.INTERSECT ? "all of " : "one of ")
          + "the groups "
          + String.join(", ", filter.groups());
    }
    if (!demand.nodes().admits(node)) {
      return "not in the group " + demand.nodes().group();
    }
    var required = demand.nodes().required();
    if (!required.isEmpty()
        && !required.contains(node.name())
        && required.size() >= demand.units().max()) {
      return "not among the required nodes";
    }
    if (node.topology().count(unit()) == 0) {
      return "it has no " + (unit() == Unit.GPU ? "GPU" : "such unit");
    }
    if (demand.unitsWithin(node.memoryMb()) == 0) {
      return "it has " + node.memoryMb() + " MB, not " + demand.memoryMb(1);
    }
    return "";
  }

  private static String bounds(NodeFilter.Bounds bounds) {
    return bounds.max() == Integer.MAX_VALUE
        ? bounds.min() + " or more"
        : bounds.min() == 0 ? "at most " + bounds.max() : bounds.min() + " to " + bounds.max();
  }

  private static String cores(int count) {
    return Unit.CORE.count(count);
  }
}
