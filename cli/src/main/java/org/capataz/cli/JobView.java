package org.capataz.cli;

import org.capataz.cli.output.Part;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "view",
    description = "Shows a job and its tasks.",
    footer = {
      "",
      "Examples:",
      "  capataz job view 12",
      "  capataz job view 12 -o json | jq -r .state"
    })
final class JobView extends ClusterCommand {

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  JobView(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var jobId = Accepted.value(Inputs.job(id));
    return (cluster, out) -> {
      var job = cluster.job(jobId);
      var status = job.status();
      try (var tasks = job.tasks()) {
        out.view(
            JobNoun.JOB, status, new Part<>(TaskNoun.TASK, tasks, "capataz task list " + job.id()));
      }
      return ExitCode.DONE;
    };
  }
}
