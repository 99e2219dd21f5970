package org.capataz.cli;

import org.capataz.cli.output.Part;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description =
        "Says why a job is not running: what it needs, what is free, and what is ahead of it; or"
            + " what has kept it from starting so far, and for how long.",
    footer = {
      "",
      "Examples:",
      "  capataz job explain 12",
      "  capataz job explain 12 --history",
      "  capataz job explain 12 -o json"
    })
final class JobExplain extends ClusterCommand {

  @Option(
      names = "--history",
      description = "What kept it from starting, from when to when; known after its end too.")
  private boolean history;

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  JobExplain(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var jobId = Accepted.value(Inputs.job(id));
    return (cluster, out) -> {
      if (history) {
        try (var entries = cluster.job(jobId).history()) {
          out.list(HistoryNoun.WAIT, HistoryNoun.waits(entries).stream());
        }
        return ExitCode.DONE;
      }
      var explanation = cluster.job(jobId).explain();
      out.view(
          ExplanationNoun.EXPLANATION,
          explanation,
          new Part<>(ExplanationNoun.FIT, explanation.nodes().stream(), "capataz node list"));
      return ExitCode.DONE;
    };
  }
}
