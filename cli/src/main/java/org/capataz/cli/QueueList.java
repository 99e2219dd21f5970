package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "queue",
    description =
        "Lists the jobs that only resources keep from starting, in the order in which they come to"
            + " their turn, with what decides on that, and when each starts by the run-time limits"
            + " of jobs if nothing comes between.",
    footer = {"", "Examples:", "  capataz queue", "  capataz queue --most 20 -o json"})
final class QueueList extends ClusterCommand {

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "As many jobs at most, from the front, up to 1000. Default: ${DEFAULT-VALUE}.",
      defaultValue = "100")
  private int most;

  QueueList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    if (most < 1) {
      throw Accepted.refused("expected a number of jobs from 1, but got " + most);
    }
    return (cluster, out) -> {
      var queue = cluster.queue(most);
      var byMerit = queue.stream().anyMatch(entry -> entry.merit().isPresent());
      out.list(QueueNoun.of(byMerit), queue.stream());
      return ExitCode.DONE;
    };
  }
}
