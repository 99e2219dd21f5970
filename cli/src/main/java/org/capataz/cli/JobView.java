package org.capataz.cli;

import org.capataz.cli.output.Part;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "view",
    description = "Shows a job and its tasks, or what has happened to it.",
    footer = {
      "",
      "Examples:",
      "  capataz job view 12",
      "  capataz job view 12 --history",
      "  capataz job view 12 -o json | jq -r .state"
    })
final class JobView extends ClusterCommand {

  @Option(
      names = "--history",
      description =
          "What has happened to it and when: submitted, waiting for what, started, nodes added and"
              + " left, requeued, ended.")
  private boolean history;

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
      if (history) {
        try (var entries = job.history()) {
          out.list(HistoryNoun.ENTRY, entries);
        }
        return ExitCode.DONE;
      }
      var status = job.status();
      FirstFailure.say(job, status, world);
      try (var tasks = job.tasks()) {
        out.view(
            JobNoun.JOB, status, new Part<>(TaskNoun.TASK, tasks, "capataz task list " + job.id()));
      }
      return ExitCode.DONE;
    };
  }
}
