package org.capataz.cli;

import java.util.EnumSet;
import org.capataz.client.Job;
import org.capataz.client.JobStatus;
import org.capataz.model.JobState;
import org.capataz.model.TaskState;

/// Why a job failed is known of its runs: says it of the first that did.
final class FirstFailure {

  private FirstFailure() {}

  /// Says it on standard error, if the job failed by one of its runs.
  static void say(Job job, JobStatus status, World world) {
    if (status.state() != JobState.FAILED || status.taskCounts().failed() == 0) {
      return;
    }
    try (var failed = job.instances(EnumSet.of(TaskState.FAILED))) {
      failed
          .findFirst()
          .filter(run -> !run.message().isEmpty())
          .ifPresent(
              run ->
                  world
                      .streams()
                      .say(
                          "the first run that failed, "
                              + run.id()
                              + ": "
                              + run.message()
                              + "; capataz task list "
                              + job.id()
                              + " --state failed lists all"));
    }
  }
}
