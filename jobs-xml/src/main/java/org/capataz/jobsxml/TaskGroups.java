package org.capataz.jobsxml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.model.Limits;
import org.capataz.model.TaskDraft;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskProperty;
import org.capataz.model.Text;
import org.jspecify.annotations.Nullable;

/// The other way in which HPC Pack writes dependencies: numbered groups of tasks, and which group
/// waits for which. It is read into `DependsOn`, the way in which people write them.
///
/// The first group listed is the root; a task of no listed group belongs to it.
final class TaskGroups {

  /// The groups that each listed group waits for.
  private final Map<String, Set<String>> parents = new LinkedHashMap<>();

  private final List<String> groupOfTask = new ArrayList<>();

  /// Steps and characters that turning groups into names may still take.
  private long effort = Limits.JOB_BYTES;

  void addTask(@Nullable String group) {
    groupOfTask.add(group == null ? "" : group.strip());
  }

  /// Lists a group; answers its number.
  ///
  /// @throws Refusing if this is no number
  String addGroup(@Nullable String id, Position at) {
    if (id == null || !id.strip().matches("-?\\d{1,18}")) {
      throw new Refusing(
          at,
          "expected a whole number as GroupId, but got "
              + (id == null ? "none" : "'" + Text.shown(id) + "'"));
    }
    parents.computeIfAbsent(id.strip(), ignored -> new LinkedHashSet<>());
    return id.strip();
  }

  /// Lists a group that waits for `parent`.
  ///
  /// @throws Refusing if this is no number
  void addChild(String parent, @Nullable String id, Position at) {
    parentsOf(addGroup(id, at)).add(parent);
  }

  /// The same tasks with `DependsOn`, where they do not have it already. Tasks without a name that
  /// others wait for get one, their group's.
  ///
  /// @param at where to say that the groups are too entangled for that
  /// @throws Refusing if they are
  List<TaskDraft> asDependencies(List<TaskDraft> tasks, Position at) {
    if (parents.values().stream().allMatch(Set::isEmpty)) {
      return tasks;
    }
    var root = parents.keySet().iterator().next();
    var members = new LinkedHashMap<String, List<Integer>>();
    for (var task = 0; task < tasks.size(); task++) {
      if (isOutsideTheFlow(tasks.get(task))) {
        continue;
      }
      var group = groupOfTask.get(task);
      members
          .computeIfAbsent(parents.containsKey(group) ? group : root, ignored -> new ArrayList<>())
          .add(task);
    }
    var changed = new ArrayList<>(tasks);
    var names = new LinkedHashMap<String, Set<String>>();
    for (var group : members.entrySet()) {
      var dependsOn = new LinkedHashSet<String>();
      for (var parent : waitedFor(group.getKey(), members.keySet(), at)) {
        var named =
            names.computeIfAbsent(
                parent, ignored -> names(changed, members.getOrDefault(parent, List.of()), parent));
        named.forEach(name -> spend(name.length() + 1L, at));
        dependsOn.addAll(named);
      }
      if (!dependsOn.isEmpty()) {
        var text = String.join(",", dependsOn);
        for (var task : group.getValue()) {
          if (changed.get(task).get(TaskProperty.DEPENDS_ON).isEmpty()) {
            spend(text.length(), at);
            changed.set(task, changed.get(task).with(TaskProperty.DEPENDS_ON, text));
          }
        }
      }
    }
    return changed;
  }

  /// Whether a task waits for none and none waits for it, whatever group it was put into: as HPC
  /// Pack does it, the group of a NodePrep, NodeRelease or Service task is left aside.
  private static boolean isOutsideTheFlow(TaskDraft task) {
    return TaskKind.of(task).isOpen();
  }

  /// The groups with tasks that a group waits for; what it waits for through a group without tasks
  /// counts as its own.
  private Set<String> waitedFor(String group, Set<String> withTasks, Position at) {
    var found = new LinkedHashSet<String>();
    var seen = new LinkedHashSet<>(parentsOf(group));
    var open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      spend(1, at);
      var next = open.remove();
      if (withTasks.contains(next)) {
        found.add(next);
      } else {
        parentsOf(next).stream().filter(seen::add).forEach(open::add);
      }
    }
    return found;
  }

  /// The names of a group's tasks, after those without one were given the group's.
  private static Set<String> names(List<TaskDraft> tasks, List<Integer> members, String group) {
    var names = new LinkedHashSet<String>();
    for (var task : members) {
      var name = tasks.get(task).get(TaskProperty.NAME).orElse("");
      if (name.isBlank()) {
        name = "group " + group;
        tasks.set(task, tasks.get(task).with(TaskProperty.NAME, name));
      }
      names.add(name);
    }
    return names;
  }

  private Set<String> parentsOf(String group) {
    return parents.getOrDefault(group, Set.of());
  }

  private void spend(long steps, Position at) {
    effort -= steps;
    if (effort < 0) {
      throw new Refusing(
          at,
          "expected dependencies that fit into "
              + Limits.JOB_BYTES
              + " bytes by name, but these groups depend on too many tasks");
    }
  }
}
