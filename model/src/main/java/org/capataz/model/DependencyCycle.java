package org.capataz.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds tasks that would wait for each other for ever. One use each; takes time in proportion to
/// the dependencies.
final class DependencyCycle {

  private final List<JobSpec.Group> groups;

  /// For each group, the groups that its tasks wait for.
  private final List<Set<Integer>> parents = new ArrayList<>();

  DependencyCycle(List<TaskSpec> tasks, List<JobSpec.Group> groups) {
    this.groups = groups;
    for (var group : groups) {
      var waitsFor = new TreeSet<Integer>();
      group.members().forEach(member -> waitsFor.addAll(tasks.get(member - 1).waitsFor()));
      parents.add(waitsFor);
    }
  }

  /// The names on a cycle, the first again at the end; empty if there is none.
  Optional<List<String>> find() {
    var blockers = blockers();
    for (var group = 0; group < blockers.length; group++) {
      if (blockers[group] > 0) {
        return Optional.of(from(group, blockers));
      }
    }
    return Optional.empty();
  }

  /// For each group, how many of its parents can never end: a group can once all its parents can.
  private int[] blockers() {
    var blockers = new int[groups.size()];
    var dependents = new HashMap<Integer, List<Integer>>();
    var free = new ArrayList<Integer>();
    for (var group = 0; group < blockers.length; group++) {
      blockers[group] = parents.get(group).size();
      if (blockers[group] == 0) {
        free.add(group);
      }
      for (var parent : parents.get(group)) {
        dependents.computeIfAbsent(parent, ignored -> new ArrayList<>()).add(group);
      }
    }
    for (var next = 0; next < free.size(); next++) {
      for (var dependent : dependents.getOrDefault(free.get(next), List.of())) {
        if (--blockers[dependent] == 0) {
          free.add(dependent);
        }
      }
    }
    return blockers;
  }

  /// Walks from a blocked group to blocked groups until one comes up again.
  private List<String> from(int start, int[] blockers) {
    var path = new LinkedHashSet<Integer>();
    int at = start;
    while (path.add(at)) {
      at =
          parents.get(at).stream().filter(parent -> blockers[parent] > 0).findFirst().orElseThrow();
    }
    var names = new ArrayList<String>();
    for (int group : path) {
      if (group == at || !names.isEmpty()) {
        names.add(groups.get(group).name());
      }
    }
    names.add(groups.get(at).name());
    return names;
  }
}
