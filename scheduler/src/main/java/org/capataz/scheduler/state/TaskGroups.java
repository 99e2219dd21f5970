package org.capataz.scheduler.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capataz.model.JobSpec;

/// Who of a job's tasks waits for whom: a task waits for groups of others, and a task belongs to
/// one group at most.
final class TaskGroups {

  /// The members of a group that are not done, and who waits for them.
  private static final class Group {
    private final List<Task> dependents = new ArrayList<>();
    private int undone;
  }

  private List<Group> groups = List.of();

  /// The number of the group of each task that belongs to one.
  static Map<Integer, Integer> members(JobSpec spec) {
    var groupOf = new HashMap<Integer, Integer>();
    for (var group = 0; group < spec.groups().size(); group++) {
      for (var member : spec.groups().get(group).members()) {
        groupOf.put(member, group);
      }
    }
    return groupOf;
  }

  /// Makes room for the groups of a job that has got more of them.
  void extend(JobSpec spec) {
    var all = new ArrayList<>(groups);
    while (all.size() < spec.groups().size()) {
      all.add(new Group());
    }
    groups = List.copyOf(all);
  }

  /// Lets a task be told when those that it waits for are done. Those that are not open yet will
  /// let it wait when they are opened; it waits at once for those that are.
  void add(Task dependent) {
    for (var group : dependent.spec().waitsFor()) {
      groups.get(group).dependents.add(dependent);
      dependent.await(groups.get(group).undone > 0 ? 1 : 0);
    }
  }

  /// Puts a task, done or not, into a group that nobody waits for yet.
  void join(Task task, int group) {
    task.join(group);
    groups.get(group).undone += task.isDone() ? 0 : 1;
  }

  /// The tasks that wait for this one.
  List<Task> dependents(Task task) {
    return task.group() < 0 ? List.of() : groups.get(task.group()).dependents;
  }

  /// Counts a task that is not done.
  ///
  /// @return those that wait for more than before
  List<Task> open(Task task) {
    return task.group() >= 0 && groups.get(task.group()).undone++ == 0 ? await(task, 1) : List.of();
  }

  /// Counts a task that is done no longer.
  ///
  /// @return those that wait for less than before
  List<Task> close(Task task) {
    return task.group() >= 0 && --groups.get(task.group()).undone == 0
        ? await(task, -1)
        : List.of();
  }

  private List<Task> await(Task task, int change) {
    var dependents = dependents(task);
    for (var dependent : dependents) {
      dependent.await(change);
    }
    return dependents;
  }
}
