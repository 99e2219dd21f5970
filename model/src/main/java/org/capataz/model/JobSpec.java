package org.capataz.model;

import java.util.List;

/// A job ready to run: everything resolved and valid. Made from a [JobDraft] alone, by rules that
/// do not change for drafts that are already stored.
///
/// @param units what the job holds at least and at most while it runs, of its unit
/// @param resources what it is to hold, and where
/// @param runtimeSeconds limit of the running job, 0 for none
/// @param groups the task names that tasks wait for
/// @param labels what it is filed under
public record JobSpec(
    String name,
    Priority priority,
    Span units,
    Resources resources,
    long runtimeSeconds,
    FailureRule failureRule,
    JobRules rules,
    List<TaskSpec> tasks,
    List<Group> groups,
    JobLabels labels) {

  /// What a failed task does to the rest of its job.
  public record FailureRule(boolean failsJob, boolean failsDependents) {}

  /// All tasks that share one name, waited for together.
  ///
  /// @param members task numbers
  public record Group(String name, List<Integer> members) {}

  /// Checks a draft and fills in what it leaves open.
  public static Result<JobSpec> resolve(JobDraft draft) {
    return new JobResolver(draft).resolve();
  }

  /// Whether both have the same tasks, as far as their instances and dependencies go.
  public boolean hasShapeOf(JobSpec other) {
    if (tasks.size() != other.tasks.size() || !groups.equals(other.groups)) {
      return false;
    }
    for (var i = 0; i < tasks.size(); i++) {
      var mine = tasks.get(i);
      var theirs = other.tasks.get(i);
      if (mine.kind() != theirs.kind()
          || !mine.sweep().equals(theirs.sweep())
          || !mine.waitsFor().equals(theirs.waitsFor())) {
        return false;
      }
    }
    return true;
  }

  /// The task of that number.
  public TaskSpec task(int number) {
    return tasks.get(number - 1);
  }
}
