package org.capataz.scheduler.state;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.GrantLife;

/// All grants by id: what jobs hold on nodes, which both have to know.
final class Grants {

  private final Nodes nodes;
  private final Map<Long, Grant> grants = new HashMap<>();
  private long last;

  Grants(Nodes nodes) {
    this.nodes = nodes;
  }

  /// @throws IllegalStateException if there is no such grant
  Grant known(long id) {
    return Known.in(grants, id);
  }

  /// What jobs hold on a node. Looks at all grants.
  List<Grant> on(Node node) {
    return grants.values().stream()
        .filter(grant -> grant.node().equals(node))
        .sorted(Comparator.comparingLong(Grant::id))
        .toList();
  }

  long next() {
    return last + 1;
  }

  /// Lets the ids go on after the highest one that was given out.
  void continueAfter(long given) {
    last = given;
  }

  void open(Job job, Event.GrantOpened event) {
    var life = new GrantLife.Usable(event.parts(), event.memoryMb(), event.time(), 0);
    open(job, new Grant(event.grant(), job.id(), nodes.known(event.node()), event.time(), life));
  }

  void restore(Job job, Stored.StoredGrant stored) {
    var grant =
        new Grant(
            stored.id(), job.id(), nodes.known(stored.node()), stored.openTime(), stored.life());
    if (stored.used()) {
      grant.use();
    }
    if (stored.lost()) {
      grant.lose();
    }
    open(job, grant);
  }

  private void open(Job job, Grant grant) {
    if (job.grantOn(grant.node().id()) != null) {
      throw new IllegalStateException(
          "expected one grant of job " + job.id() + " on " + grant.node().name());
    }
    grant.node().enter(job.id(), job.spec().resources().exclusive());
    nodes.change(grant.node(), () -> grant.node().grant(grant.parts(), grant.memoryMb()));
    grants.put(grant.id(), grant);
    last = Math.max(last, grant.id());
    job.holdings().add(grant);
  }

  void resize(Job job, long id, GrantLife.Step step) {
    var grant = known(id);
    var node = grant.node();
    nodes.change(
        node,
        () -> {
          node.giveBack(grant.parts(), grant.memoryMb());
          job.holdings().resize(grant, step);
          node.grant(grant.parts(), grant.memoryMb());
        });
    if (grant.life() instanceof GrantLife.Returned) {
      node.leave(job.id());
      grants.remove(id);
    }
  }

  /// Has all that is held go on as if the clock had not been set.
  void setClock(long by, Jobs jobs) {
    for (var grant : grants.values()) {
      jobs.known(grant.job()).holdings().resize(grant, new GrantLife.Step.SetClock(by));
    }
  }

  void lose(Job job, long id) {
    var grant = known(id);
    grant.lose();
    job.holdings().refile(grant);
  }
}
