package org.capataz.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// Says in one dialect what a draft says in another: what a dialect takes for granted is written
/// out, and numbers of units that do not count there are left out where they would be mistakes.
final class Translation {

  private final JobDraft draft;
  private final Dialect to;

  Translation(JobDraft draft, Dialect to) {
    this.draft = draft;
    this.to = to;
  }

  JobDraft translated() {
    var from = draft.dialect();
    var properties = new EnumMap<JobProperty, String>(JobProperty.class);
    properties.putAll(draft.properties());
    say(properties, JobProperty.FAIL_DEPENDENT_TASKS, from.failsDependents(), to.failsDependents());
    say(properties, JobProperty.IS_EXCLUSIVE, from.isExclusive(), to.isExclusive());
    var tasks = draft.tasks();
    if (ResourceResolver.unitOf(draft) instanceof Result.Ok<Unit>(var unit)) {
      if (from == Dialect.CAPATAZ && to != Dialect.CAPATAZ && unit != Unit.CORE) {
        properties.putIfAbsent(JobProperty.UNIT_TYPE, unit.modelName());
      }
      if (from != Dialect.CAPATAZ && to == Dialect.CAPATAZ) {
        leaveOthersOut(properties, unit, Unit::jobMin, JobProperty.AUTO_CALCULATE_MIN);
        leaveOthersOut(properties, unit, Unit::jobMax, JobProperty.AUTO_CALCULATE_MAX);
        tasks = tasks.stream().map(task -> without(task, unit)).toList();
      }
    }
    return new JobDraft(
        to, properties, draft.environment(), draft.unknown(), tasks, draft.customProperties());
  }

  private static void say(
      Map<JobProperty, String> properties, JobProperty property, boolean before, boolean after) {
    if (before != after) {
      properties.putIfAbsent(property, Boolean.toString(before));
    }
  }

  /// A number of another unit keeps the one that counts from being worked out.
  private static void leaveOthersOut(
      Map<JobProperty, String> properties,
      Unit unit,
      Function<Unit, JobProperty> number,
      JobProperty automatic) {
    var isLeftOut = false;
    for (var other : Unit.values()) {
      isLeftOut |= other != unit && properties.remove(number.apply(other)) != null;
    }
    if (isLeftOut && !properties.containsKey(automatic)) {
      properties.putIfAbsent(number.apply(unit), "1");
    }
  }

  private static TaskDraft without(TaskDraft task, Unit unit) {
    var others =
        Stream.of(Unit.values())
            .filter(other -> other != unit)
            .flatMap(other -> Stream.of(other.taskMin(), other.taskMax()))
            .filter(task.properties()::containsKey)
            .toList();
    return others.isEmpty() ? task : without(task, others);
  }

  private static TaskDraft without(TaskDraft task, List<TaskProperty> left) {
    var properties = new EnumMap<TaskProperty, String>(TaskProperty.class);
    properties.putAll(task.properties());
    left.forEach(properties::remove);
    return new TaskDraft(
        properties, task.environment(), task.unknown(), task.axes(), task.customProperties());
  }
}
