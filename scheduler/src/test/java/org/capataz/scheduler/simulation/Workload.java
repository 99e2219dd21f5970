package org.capataz.scheduler.simulation;

import java.util.ArrayList;
import java.util.List;
import org.capataz.model.Dialect;
import org.capataz.scheduler.scenario.JobSketch;
import org.capataz.scheduler.scenario.TaskSketch;

/// Jobs of every kind, made by chance.
final class Workload {

  private static final String[] PRIORITIES = {"Normal", "Normal", "Normal", "Lowest", "Highest"};

  private final Timeline timeline;
  private int jobs;

  Workload(Timeline timeline) {
    this.timeline = timeline;
  }

  JobSketch job() {
    var job = JobSketch.job().named("job " + ++jobs);
    var names = new ArrayList<String>();
    var most = 1;
    for (var i = timeline.chance(0.03) ? 0 : timeline.pick(1, 5); i > 0; i--) {
      var name = String.valueOf((char) ('a' + timeline.pick(0, 5)));
      var cores = timeline.chance(0.6) ? 1 : timeline.pick(1, timeline.chance(0.6) ? 6 : 24);
      most = Math.max(most, cores);
      var task = task(cores);
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
      job = job.cores(most, most + timeline.pick(0, 8));
    }
    return withRules(job);
  }

  private String parents(List<String> names) {
    var parent = names.get(timeline.pick(0, names.size() - 1));
    return parent + "," + names.get(timeline.pick(0, names.size() - 1));
  }

  private TaskSketch task(int cores) {
    var task = TaskSketch.task();
    if (timeline.chance(0.5)) {
      task = task.over(1, timeline.pick(1, timeline.chance(0.8) ? 8 : 40));
    }
    task = task.cores(timeline.chance(0.7) ? cores : timeline.pick(1, cores), cores);
    if (timeline.chance(0.2)) {
      task = task.memory(timeline.pick(1, 1500));
    }
    if (timeline.chance(0.2)) {
      task = task.limit(timeline.pick(1, 8));
    }
    return timeline.chance(0.1) ? task.notRerunnable() : task;
  }

  private JobSketch withRules(JobSketch plain) {
    var job = plain.priority(PRIORITIES[timeline.pick(0, PRIORITIES.length - 1)]);
    if (timeline.chance(0.3)) {
      job = job.in(Dialect.HPC2008R2);
    }
    if (timeline.chance(0.15)) {
      job = job.failingOnTaskFailure();
    }
    return timeline.chance(0.15) ? job.limit(timeline.pick(1, 60)) : job;
  }
}
