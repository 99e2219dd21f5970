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
      var cores = timeline.chance(0.6) ? 1 : timeline.pick(1, timeline.chance(0.8) ? 6 : 24);
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
      job = timeline.chance(0.1) ? job.untilCanceled() : job;
    }
    return withRules(job);
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

  private TaskSketch task(int cores) {
    var task = TaskSketch.task();
    if (timeline.chance(0.5)) {
      task = sweep(task.over(1, timeline.pick(1, timeline.chance(0.8) ? 8 : 40)));
    }
    task = task.cores(timeline.chance(0.7) ? cores : timeline.pick(1, cores), cores);
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
    return timeline.chance(0.15) ? job.limit(timeline.pick(8, 60)) : job;
  }
}
