package org.capataz.scheduler.engine;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.Demand;
import org.capataz.model.TaskKind;
import org.capataz.model.Unit;
import org.capataz.scheduler.event.Placement;
import org.capataz.scheduler.policy.Spread;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Grant;
import org.capataz.scheduler.state.Job;
import org.capataz.scheduler.state.Task;

/// Finds a place for a run in what its job holds idle: on one node, or, if no node of the cluster
/// could hold it or it requires several, on several.
final class Placing {

  private final ClusterState state;
  private final Memory memory;

  Placing(ClusterState state, Memory memory) {
    this.memory = memory;
    this.state = state;
  }

  /// What a run of the task is to have; empty if there is not enough.
  List<Placement> place(Job job, Task task) {
    var demand = task.spec().demand();
    var unit = job.spec().resources().unit();
    var widens = task.spec().kind() == TaskKind.BASIC;
    var isForOne =
        demand.nodes().required().size() < 2
            && !(unit == Unit.NODE && widens && demand.units().max() > 1);
    if (isForOne) {
      for (var grant : job.idleGrants()) {
        var most = isRequired(grant, demand, true) ? available(grant, unit, demand) : 0;
        if (most >= demand.units().min()) {
          return List.of(
              placement(
                  grant,
                  unit,
                  demand,
                  widens ? Math.min(demand.units().max(), most) : demand.units().min()));
        }
      }
    }
    var shares = span(job, unit, demand, widens);
    return isForOne && !shares.isEmpty() && fitsOneNode(job, demand) ? List.of() : shares;
  }

  /// Whether a place that another run of a task has is what one of it would be given now.
  boolean suits(Job job, Task task, Grant grant, Placement place) {
    var demand = task.spec().demand();
    var units = grant.node().topology().count(job.spec().resources().unit(), place.parts());
    return units == demand.units().min()
        && place.memoryMb() == demand.memoryMb(units)
        && demand.nodes().required().size() < 2
        && isRequired(grant, demand, true)
        && demand.nodes().admits(grant.node().traits());
  }

  private boolean fitsOneNode(Job job, Demand demand) {
    return memory
        .largest(state)
        .fitsOneNode(job.spec().resources(), StateSnapshot.unfit(job), demand);
  }

  private static List<Placement> span(Job job, Unit unit, Demand demand, boolean widens) {
    var required = new ArrayList<Grant>();
    var others = new ArrayList<Grant>();
    for (var grant : job.idleGrants()) {
      if (available(grant, unit, demand) > 0) {
        (isRequired(grant, demand, false) ? required : others).add(grant);
      }
    }
    if (required.size() < demand.nodes().required().size()) {
      return List.of();
    }
    var shares =
        Spread.over(
            required,
            others,
            grant -> available(grant, unit, demand),
            demand.units().min(),
            widens ? demand.units().max() : demand.units().min());
    return shares.entrySet().stream()
        .map(share -> placement(share.getKey(), unit, demand, share.getValue()))
        .toList();
  }

  /// Whether a grant's node is one that a run requires.
  ///
  /// @param otherwise the answer where it requires none
  private static boolean isRequired(Grant grant, Demand demand, boolean otherwise) {
    var required = demand.nodes().required();
    return required.isEmpty() ? otherwise : required.contains(grant.node().name());
  }

  /// How many units a run could have of a grant now.
  private static int available(Grant grant, Unit unit, Demand demand) {
    if (!grant.node().usable()
        || grant.closedToOthers()
        || !demand.nodes().admits(grant.node().traits())
        || (demand.nodes().exclusive() && !grant.busy().isEmpty())) {
      return 0;
    }
    return Math.min(
        grant.node().topology().count(unit, grant.idle()),
        demand.unitsWithin(grant.idleMemoryMb()));
  }

  private static Placement placement(Grant grant, Unit unit, Demand demand, int units) {
    var parts = grant.node().topology().take(unit, units, grant.idle());
    return new Placement(grant.id(), grant.node().id(), parts, demand.memoryMb(units));
  }
}
