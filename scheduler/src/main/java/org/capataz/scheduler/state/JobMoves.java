package org.capataz.scheduler.state;

import java.util.ArrayList;
import org.capataz.model.EndReason;
import org.capataz.model.JobState;
import org.capataz.model.TaskKind;
import org.capataz.model.TaskState;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.life.JobLife;

/// Moves jobs through their lives, and with that between the lists that their states put them in,
/// and to and from their licences and parents.
final class JobMoves {

  private final Jobs jobs;
  private final JobLists lists;
  private final Families families;
  private final Licences licences;
  private final Specs specs;

  JobMoves(Jobs jobs, JobLists lists, Families families, Licences licences, Specs specs) {
    this.specs = specs;
    this.jobs = jobs;
    this.lists = lists;
    this.families = families;
    this.licences = licences;
  }

  void modify(Job job, Event.JobModified event) {
    lists.remove(job);
    families.disown(job);
    if (job.holdsLicences()) {
      licences.giveBack(job.spec().resources().licences());
    }
    job.modify(event.draft());
    if (job.isSubmitted()) {
      families.adopt(job);
    }
    if (job.holdsLicences()) {
      licences.hold(job.spec().resources().licences());
    }
    if (event.order() != 0) {
      lists.placed(event.order());
      job.step(new JobLife.Step.Place(event.order()));
    }
    lists.add(job);
    if (event.requestId() != null) {
      jobs.answered(job, event.requestId(), job.id());
    }
  }

  void configure(Job job, Event.JobConfigured event) {
    if (job.life().state() == JobState.FINISHED) {
      families.expectMore(job.id(), 1);
    }
    step(job, new JobLife.Step.Configure());
    families.disown(job);
    job.reopen(event.draft());
  }

  void extend(Job job, Event.TasksAdded event) {
    var draft = job.draft();
    jobs.answered(job, event.requestId(), draft.tasks().size() + 1);
    var more = new ArrayList<>(draft.tasks());
    more.addAll(event.tasks());
    job.rewrite(draft.withTasks(more));
    if (job.isSubmitted()) {
      lists.remove(job);
      job.extend();
      lists.add(job);
    }
  }

  void submit(Job job, Event.JobSubmitted event) {
    job.submit(specs.known(job.draft()));
    families.adopt(job);
    lists.placed(event.order());
    step(job, new JobLife.Step.Submit(event.order(), event.time()));
  }

  void start(Job job, Event.JobStarted event) {
    step(job, new JobLife.Step.Start(event.time()));
  }

  void stop(Job job, Event.JobStopping event) {
    step(job, new JobLife.Step.Stop(event.then(), event.message(), event.force()));
    // A job that goes back into the queue keeps what has not run yet.
    if (event.then() != JobState.QUEUED) {
      for (var task : job.tasks()) {
        var state = dropped(task, event.then());
        job.work().skip(task, state, EndReason.JOB_ENDED, event.message(), event.time());
      }
    }
  }

  /// What becomes of what has not run when its job ends: a service has done all that it could.
  private static TaskState dropped(Task task, JobState then) {
    return then == JobState.FINISHED && task.spec().kind() == TaskKind.SERVICE
        ? TaskState.FINISHED
        : TaskState.CANCELED;
  }

  void end(Job job, Event.JobEnded event) {
    step(job, new JobLife.Step.End(event.state(), event.message(), event.time()));
    if (event.state() == JobState.FINISHED) {
      families.expectMore(job.id(), -1);
    }
  }

  void requeue(Job job, Event.JobRequeued event) {
    job.requeue(event.failedOnly());
    lists.placed(event.order());
    step(job, new JobLife.Step.Requeue(event.order()));
  }

  void hold(Job job, Facts.Hold hold) {
    lists.remove(job);
    job.hold(hold);
    lists.add(job);
  }

  void delete(Job job) {
    jobs.delete(job);
    families.forget(job);
  }

  private void step(Job job, JobLife.Step step) {
    lists.remove(job);
    var held = job.holdsLicences();
    job.step(step);
    if (held && !job.holdsLicences()) {
      licences.giveBack(job.spec().resources().licences());
    } else if (!held && job.holdsLicences()) {
      licences.hold(job.spec().resources().licences());
    }
    lists.add(job);
  }
}
