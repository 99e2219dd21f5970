package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.model.Unit;
import org.capataz.scheduler.life.GrantLife;
import org.jspecify.annotations.Nullable;

/// What a job holds: one grant on a node at most, filed by whether the job can use it.
final class Holdings {

  private final Map<Integer, Grant> grants = new LinkedHashMap<>();
  private final Set<Grant> idle = new LinkedHashSet<>();
  private final Set<Grant> unusable = new LinkedHashSet<>();
  private int cores;
  private int leavingCores;

  Collection<Grant> all() {
    return Collections.unmodifiableCollection(grants.values());
  }

  /// What is held on a node, or null.
  @Nullable Grant on(int node) {
    return grants.get(node);
  }

  /// The nodes that something is held of.
  Collection<Integer> nodes() {
    return Collections.unmodifiableSet(grants.keySet());
  }

  /// Grants with cores that a task may have, and no attempt has.
  Collection<Grant> idle() {
    return Collections.unmodifiableSet(idle);
  }

  /// Grants that the job cannot use: their nodes are being prepared, could not be, or were lost.
  Collection<Grant> unusable() {
    return Collections.unmodifiableSet(unusable);
  }

  int cores() {
    return cores;
  }

  int units(Unit unit) {
    return unit == Unit.CORE ? cores : units(unit, grants.values().stream());
  }

  /// How many units there are of nodes that are not being released.
  int kept(Unit unit) {
    if (leavingCores == 0) {
      return units(unit);
    }
    return unit == Unit.CORE
        ? cores - leavingCores
        : units(unit, grants.values().stream().filter(grant -> !grant.isReleasing()));
  }

  private static int units(Unit unit, Stream<Grant> held) {
    return held.mapToInt(grant -> grant.node().topology().held(unit, grant.parts())).sum();
  }

  void add(Grant grant) {
    grants.put(grant.node().id(), grant);
    cores += grant.cores().size();
    refile(grant);
  }

  /// Files a grant of which cores became idle or busy.
  void refile(Grant grant) {
    file(grant, idle, grant.isUsable() && !grant.idle().cores().isEmpty());
    var held = !grant.cores().isEmpty();
    file(grant, unusable, held && (grant.isPreparing() || grant.lost()));
  }

  private static void file(Grant grant, Set<Grant> set, boolean belongs) {
    if (belongs) {
      set.add(grant);
    } else {
      set.remove(grant);
    }
  }

  void resize(Grant grant, GrantLife.Step step) {
    var before = grant.cores().size();
    var wasLeaving = grant.isReleasing();
    grant.step(step);
    cores += grant.cores().size() - before;
    if (grant.parts().isEmpty()) {
      grants.remove(grant.node().id());
      leavingCores -= wasLeaving ? before : 0;
    }
    refile(grant);
  }

  /// An attempt of a task of some type has got cores of a grant.
  void occupied(Grant grant, TaskKind kind) {
    if (kind == TaskKind.NODE_PREP) {
      grant.step(new GrantLife.Step.Prepare());
    } else if (kind == TaskKind.NODE_RELEASE) {
      grant.step(new GrantLife.Step.Release());
      leavingCores += grant.cores().size();
    }
    refile(grant);
  }

  /// An attempt of a task of some type has ended in a grant.
  void vacated(Grant grant, TaskKind kind, TaskState state) {
    if (kind == TaskKind.NODE_PREP && state == TaskState.FINISHED) {
      grant.step(new GrantLife.Step.Ready());
    }
    refile(grant);
  }
}
