package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.Dialect;
import org.capataz.model.JobProperty;
import org.capataz.model.TaskProperty;
import org.capataz.model.Unit;
import org.capataz.scheduler.scenario.JobSketch;
import org.capataz.scheduler.scenario.TaskSketch;

/// Jobs of every kind, made by chance.
final class Workload {

  private static final String[] PRIORITIES = {"Normal", "Normal", "Normal", "Lowest", "Highest"};

  private static final List<Unit> UNITS = List.of(Unit.values());
  private static final String[] OPS = {"Intersect", "Uniform", "Union"};

  private final Timeline timeline;
  private int jobs;
  private int length = 1;

  Workload(Timeline timeline) {
    this.timeline = timeline;
  }

  /// From now on sweeps are long.
  void lengthen() {
    length = 4;
  }

  JobSketch job() {
    var unit = timeline.chance(0.6) ? Unit.CORE : UNITS.get(timeline.pick(0, UNITS.size() - 1));
    var job = JobSketch.job().named("job " + ++jobs);
    if (timeline.chance(0.1)) {
      return withRules(withNodeTasks(service(job, unit)))
          .with(JobProperty.UNIT_TYPE, unit.modelName());
    }
    var names = new ArrayList<String>();
    var isChoosy = timeline.chance(0.4);
    var isExclusive = timeline.chance(isChoosy ? 0.4 : 0.05);
    var most = 1;
    for (var i = timeline.chance(0.03) ? 0 : timeline.pick(1, 5); i > 0; i--) {
      var name = String.valueOf((char) ('a' + timeline.pick(0, 5)));
      var units = timeline.chance(0.6) ? 1 : timeline.pick(1, unit == Unit.CORE ? cores() : 3);
      var task = task(unit, units);
      if (isChoosy && timeline.chance(0.2)) {
        var required = timeline.chance(0.5) ? "n1" : "n1,n2";
        units = Math.max(units, 2);
        task = inUnits(task, unit, 2, units).with(TaskProperty.REQUIRED_NODES, required);
      } else if (isChoosy && timeline.chance(0.2)) {
        task = task.with(TaskProperty.REQUESTED_NODE_GROUP, timeline.chance(0.5) ? "a" : "b");
      }
      if (isExclusive && timeline.chance(0.3)) {
        task = task.with(TaskProperty.IS_EXCLUSIVE, "true");
      }
      most = Math.max(most, units);
      if (!names.isEmpty() && timeline.chance(0.6)) {
        task = task.after(parents(names));
      }
      if (!names.contains(name)) {
        task = task.named(name);
      }
      job = job.task(task);
      names.add(name);
    }
    if (timeline.chance(0.4)) {
      job =
          job.with(unit.jobMin(), "" + most)
              .with(unit.jobMax(), "" + (most + timeline.pick(0, unit == Unit.CORE ? 8 : 3)));
      job = timeline.chance(0.1) ? job.untilCanceled() : job;
    }
    job = isChoosy ? choosy(job) : job;
    job = names.isEmpty() ? job : withNodeTasks(job);
    return withRules(isExclusive ? job.with(JobProperty.IS_EXCLUSIVE, "true") : job)
        .with(JobProperty.UNIT_TYPE, unit.modelName());
  }

  private JobSketch service(JobSketch plain, Unit unit) {
    var job = plain.task(TaskSketch.task().ofType("Service"));
    var min = timeline.pick(1, unit == Unit.CORE ? 4 : 2);
    return timeline.chance(0.7)
        ? job.with(unit.jobMin(), "" + min).with(unit.jobMax(), "" + (min + timeline.pick(0, 6)))
        : job;
  }

  private JobSketch withNodeTasks(JobSketch plain) {
    var job = timeline.chance(0.25) ? plain.task(TaskSketch.task().ofType("NodePrep")) : plain;
    if (!timeline.chance(0.25)) {
      return job;
    }
    var release = TaskSketch.task().ofType("NodeRelease");
    return job.task(timeline.chance(0.2) ? release.limit(timeline.pick(1, 8)) : release);
  }

  private int cores() {
    return timeline.chance(0.8) ? 6 : 24;
  }

  private JobSketch choosy(JobSketch plain) {
    var job = plain;
    var inGroups =
        plain.draft().tasks().stream()
            .anyMatch(task -> task.get(TaskProperty.REQUESTED_NODE_GROUP).isPresent());
    if (!inGroups && timeline.chance(0.4)) {
      job =
          job.with(JobProperty.NODE_GROUPS, timeline.chance(0.5) ? "a,b" : "b")
              .with(JobProperty.NODE_GROUP_OP, OPS[timeline.pick(0, OPS.length - 1)]);
    }
    job = sometimes(job, 0.2, JobProperty.REQUESTED_NODES, "n1,n2,n3");
    job = sometimes(job, 0.2, JobProperty.EXCLUDED_NODES, "n3");
    job = sometimes(job, 0.2, JobProperty.ORDER_BY, timeline.chance(0.5) ? "-Cores" : "Memory");
    job = sometimes(job, 0.2, JobProperty.MIN_CORES_PER_NODE, "" + timeline.pick(1, 8));
    job = sometimes(job, 0.1, JobProperty.MAX_CORES_PER_NODE, "" + timeline.pick(8, 16));
    job = sometimes(job, 0.1, JobProperty.MIN_MEMORY, "" + timeline.pick(1, 3000));
    job = sometimes(job, 0.3, JobProperty.ESTIMATED_PROCESS_MEMORY, "" + timeline.pick(1, 900));
    return sometimes(job, 0.3, JobProperty.SOFTWARE_LICENSE, "x:" + timeline.pick(1, 2) + ",y:1");
  }

  private JobSketch sometimes(JobSketch job, double often, JobProperty property, String value) {
    return timeline.chance(often) ? job.with(property, value) : job;
  }

  /// How many licences there are from now on.
  String licences() {
    return timeline.chance(0.2) ? "" : "x:" + timeline.pick(1, 4);
  }

  /// The job, which may wait for some of these jobs, or for a time.
  JobSketch waiting(JobSketch plain, List<Integer> jobs) {
    var job = plain;
    if (!jobs.isEmpty() && timeline.chance(0.2)) {
      var one = jobs.get(timeline.pick(0, jobs.size() - 1));
      var other = jobs.get(jobs.size() - 1);
      job = job.parents(one + "," + other);
      job = timeline.chance(0.3) ? job.holdingOnParentFailure() : job;
    }
    return timeline.chance(0.15)
        ? job.heldUntil(timeline.now() + timeline.pick(2, 30) * 1_000_000L)
        : job;
  }

  private String parents(List<String> names) {
    var parent = names.get(timeline.pick(0, names.size() - 1));
    return parent + "," + names.get(timeline.pick(0, names.size() - 1));
  }

  private static TaskSketch inUnits(TaskSketch task, Unit unit, int min, int max) {
    return task.with(unit.taskMin(), "" + min).with(unit.taskMax(), "" + max);
  }

  private TaskSketch task(Unit unit, int units) {
    var task = TaskSketch.task();
    if (timeline.chance(0.5)) {
      task = sweep(task.over(1, length * timeline.pick(1, timeline.chance(0.8) ? 8 : 40)));
    }
    task = inUnits(task, unit, timeline.chance(0.7) ? units : timeline.pick(1, units), units);
    if (timeline.chance(0.2)) {
      task = task.memory(timeline.pick(1, 1500));
    }
    if (timeline.chance(0.2)) {
      task = task.limit(timeline.pick(1, 8));
    }
    if (timeline.chance(0.1)) {
      task = task.failingJobAfter(timeline.pick(1, 3));
    }
    if (timeline.chance(0.1)) {
      task = task.validExitCodes(timeline.chance(0.5) ? "0..1" : "min..-1,1,3..max");
    }
    return timeline.chance(0.2) ? task.notRerunnable() : task;
  }

  private TaskSketch sweep(TaskSketch plain) {
    var task = timeline.chance(0.3) ? plain.maxRunning(timeline.pick(1, 5)) : plain;
    return timeline.chance(0.3) ? task.maxFailures(timeline.pick(1, 3)) : task;
  }

  private JobSketch withRules(JobSketch plain) {
    var job = plain.priority(PRIORITIES[timeline.pick(0, PRIORITIES.length - 1)]);
    if (timeline.chance(0.3)) {
      job = job.in(Dialect.HPC2008R2);
    }
    if (timeline.chance(0.15)) {
      job = job.failingOnTaskFailure();
    }
    if (timeline.chance(0.15)) {
      job = job.retries(timeline.pick(1, 3));
    }
    if (timeline.chance(0.1)) {
      job = job.validExitCodes("0,2..4");
    }
    return timeline.chance(0.3) ? job.limit(timeline.pick(8, 60)) : job;
  }
}
