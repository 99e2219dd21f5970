package org.capataz.model;

/// One instance of a task: the single run of a basic task (instance 0) or one element of a sweep.
///
/// Written `job.task.instance`, as in HPC Pack.
///
/// @param job the job, from 1
/// @param task the task's number within its job, from 1
/// @param instance the sweep index, or 0 for a basic task
public record InstanceId(int job, int task, long instance) {

  @Override
  public String toString() {
    return job + "." + task + "." + instance;
  }
}
