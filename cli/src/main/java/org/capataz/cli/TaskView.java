package org.capataz.cli;

import java.util.Optional;
import org.capataz.client.Job;
import org.capataz.client.TaskDetail;
import org.capataz.client.TaskStatus;
import org.capataz.model.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "view",
    description = "Shows a task, or one of its instances.",
    footer = {"", "Examples:", "  capataz task view 12.1", "  capataz task view 12.2.40 -o json"})
final class TaskView extends ClusterCommand {

  @Parameters(
      paramLabel = "JOB.TASK[.INSTANCE]",
      description = "The task, or one of its instances.")
  private String id = "";

  TaskView(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var reference = Accepted.value(Reference.parse(id));
    if (reference.task().isEmpty()) {
      throw Accepted.refused(
          "expected JOB.TASK or JOB.TASK.INSTANCE, such as 12.1, but got '" + id + "'");
    }
    var task = reference.task().getAsInt();
    return (cluster, out) -> {
      var job = cluster.job(reference.job());
      if (reference.instance().isPresent()) {
        out.view(TaskNoun.INSTANCE, job.instance(task, reference.instance().getAsLong()));
      } else {
        out.view(TaskNoun.DETAIL, withRun(job, job.task(task)));
      }
      return ExitCode.DONE;
    };
  }

  /// The task with its only run, which the head node tells with it only once it has ended.
  private static TaskDetail withRun(Job job, TaskDetail detail) {
    var task = detail.status();
    if (task.hasInstances() || task.startTime().isEmpty() || task.onlyInstance().isPresent()) {
      return detail;
    }
    return new TaskDetail(
        new TaskStatus(
            task.job(),
            task.task(),
            task.name(),
            task.commandLine(),
            task.state(),
            task.taskCounts(),
            task.kind(),
            task.startTime(),
            task.endTime(),
            Optional.of(job.instance(task.task(), 0))),
        detail.draft());
  }
}
