package org.capataz.cli;

import org.capataz.model.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "modify",
    description = "Changes a sweep of a queued or running job.",
    footer = {"", "Examples:", "  capataz task modify 12.2 --max-running 4"})
final class TaskModify extends ClusterCommand {

  @Parameters(paramLabel = "JOB.TASK", description = "The sweep.")
  private String id = "";

  @Option(
      names = "--max-running",
      paramLabel = "N",
      required = true,
      description = "Instances that may run at once; 0 for no limit.")
  private String maxRunning = "";

  TaskModify(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var reference = Accepted.value(Reference.parse(id));
    if (reference.task().isEmpty() || reference.instance().isPresent()) {
      throw Accepted.refused("expected JOB.TASK, such as 12.1, but got '" + id + "'");
    }
    int most = Accepted.value(Inputs.count(maxRunning).in("--max-running"));
    return (cluster, out) -> {
      var job = cluster.job(reference.job());
      var task = reference.task().getAsInt();
      job.openTask(task).throttle(most);
      out.view(TaskNoun.TASK, job.task(task).status());
      return ExitCode.DONE;
    };
  }
}
