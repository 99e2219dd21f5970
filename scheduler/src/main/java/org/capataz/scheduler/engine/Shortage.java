package org.capataz.scheduler.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.capataz.model.Demand;
import org.capataz.model.JobSpec;
import org.capataz.model.NodeFilter;
import org.capataz.model.NodeTraits;
import org.capataz.model.Refusal;
import org.capataz.model.TaskSpec;
import org.capataz.model.Text;
import org.capataz.model.Unit;
import org.capataz.scheduler.policy.Largest;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Node;

/// Says of a job whether it asks for more than all nodes of the cluster could ever give, be they
/// busy or away, and of what there is too little.
final class Shortage {

  private final ClusterState state;
  private final JobSpec job;
  private final Unit unit;

  private Shortage(ClusterState state, JobSpec job) {
    this.state = state;
    this.job = job;
    this.unit = job.resources().unit();
  }

  /// Why the cluster could never run the job; empty if it could. Where no node has ever registered,
  /// nothing is known to be too much.
  static Optional<Refusal> of(ClusterState state, JobSpec job, Largest largest) {
    return state.nodes().isEmpty() ? Optional.empty() : new Shortage(state, job).find(largest);
  }

  private Optional<Refusal> find(Largest largest) {
    var checked = new HashSet<Demand>();
    for (var task : demanding()) {
      if (checked.add(task.demand())
          && !largest.couldEverHold(job.resources(), job.units(), task.demand())) {
        return Optional.of(Refusal.unsatisfiable(explain(task)));
      }
    }
    return job.tasks().isEmpty() && candidates().isEmpty()
        ? Optional.of(Refusal.unsatisfiable(nobody()))
        : Optional.empty();
  }

  /// The tasks that ask for something of their own, if there are any: those for nodes take what
  /// their job holds.
  private List<TaskSpec> demanding() {
    var work = job.tasks().stream().filter(task -> !task.kind().isForNodes()).toList();
    return work.isEmpty() ? job.tasks() : work;
  }

  private List<NodeTraits> candidates() {
    return state.nodes().stream()
        .map(Node::traits)
        .filter(job.resources().nodes()::admits)
        .toList();
  }

  private String explain(TaskSpec task) {
    for (var licence : job.resources().licences().entrySet()) {
      var total = state.licences().totals().getOrDefault(licence.getKey(), Integer.MAX_VALUE);
      if (licence.getValue() > total) {
        return "expected at most the cluster's "
            + total
            + " licences of "
            + Text.shown(licence.getKey())
            + ", but the job asks for "
            + licence.getValue();
      }
    }
    var candidates = candidates();
    if (candidates.isEmpty()) {
      return nobody();
    }
    var units = candidates.stream().mapToLong(node -> node.topology().count(unit)).sum();
    if (job.units().min() > units) {
      return "expected a minimum of at most "
          + (job.resources().nodes().isAny() ? "the cluster's " : "the candidate nodes' ")
          + unit.count(units)
          + ", but the job asks for "
          + job.units().min();
    }
    return task.title() + ": " + explain(task.demand(), candidates);
  }

  private String explain(Demand demand, List<NodeTraits> candidates) {
    for (var name : demand.nodes().required()) {
      var node = candidates.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst();
      if (node.isEmpty()) {
        return "expected RequiredNodes among the nodes that the job may be given, but "
            + Text.shown(name)
            + (state.node(name) == null ? " is no node of the cluster" : " is none of these");
      }
    }
    var inGroup = candidates.stream().filter(demand.nodes()::admits).toList();
    if (inGroup.isEmpty()) {
      return "expected a node in the group "
          + Text.shown(demand.nodes().group())
          + ", but none that the job may be given is in it";
    }
    var memory = demand.memoryMb(1);
    var units =
        inGroup.stream()
            .filter(node -> node.memoryMb() >= memory)
            .mapToLong(
                node -> Math.min(node.topology().count(unit), demand.unitsWithin(node.memoryMb())))
            .sum();
    if (demand.units().min() > units) {
      return "expected at most "
          + unit.count(units)
          + " on nodes with "
          + memory
          + " MB or more, which is all that "
          + (job.resources().nodes().isAny() ? "the cluster has" : "the job may be given")
          + ", but it asks for "
          + demand.units().min();
    }
    return "expected what "
        + (job.resources().singleNode()
            ? "one node"
            : job.resources().nodes().groupOp() == NodeFilter.GroupOp.UNIFORM
                ? "one node group"
                : "the nodes that the job may be given")
        + " could hold at once, but "
        + unit.count(job.units().min())
        + " with a run of "
        + demand.units().min()
        + (memory == 0 ? "" : " and " + demand.memoryMb(demand.units().min()) + " MB")
        + " are more";
  }

  /// Which of its conditions no node meets.
  private String nobody() {
    var nodes = job.resources().nodes();
    var all = state.nodes().stream().map(Node::traits).toList();
    var known = all.stream().filter(node -> nodes.requested().contains(node.name())).toList();
    if (!nodes.requested().isEmpty() && known.isEmpty()) {
      return "expected RequestedNodes of this cluster, but it has no node "
          + Text.shown(String.join(", ", nodes.requested()));
    }
    for (var group : nodes.groups()) {
      if (all.stream().noneMatch(node -> node.isIn(group))
          && nodes.groupOp() == NodeFilter.GroupOp.INTERSECT) {
        return "expected NodeGroups of this cluster, but no node is in " + Text.shown(group);
      }
    }
    if (all.stream().noneMatch(node -> nodes.cores().admits(node.topology().cores()))) {
      return "expected nodes with " + bounds(nodes.cores()) + " cores, but the cluster has none";
    }
    if (all.stream().noneMatch(node -> nodes.memoryMb().admits(node.memoryMb()))) {
      return "expected nodes with " + bounds(nodes.memoryMb()) + " MB, but the cluster has none";
    }
    return "expected a node that is all that the job asks of its nodes, but each of the cluster's "
        + all.size()
        + " lacks something: it is not requested, excluded, in other groups, or has other cores or"
        + " memory";
  }

  private static String bounds(NodeFilter.Bounds bounds) {
    return bounds.max() == Integer.MAX_VALUE
        ? bounds.min() + " or more"
        : bounds.min() == 0 ? "at most " + bounds.max() : bounds.min() + " to " + bounds.max();
  }
}
