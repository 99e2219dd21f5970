package org.capataz.cli;

import java.util.EnumMap;
import org.capataz.client.JobFilter;
import org.capataz.model.JobState;
import picocli.CommandLine.Command;

@Command(
    name = "view",
    description = "Shows the cluster: its name and version, its nodes and cores, its active jobs.",
    footer = {"", "Examples:", "  capataz cluster view", "  capataz cluster view -o json"})
final class ClusterView extends ClusterCommand {

  ClusterView(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      var jobs = new EnumMap<JobState, Long>(JobState.class);
      try (var active = cluster.jobs(JobFilter.active())) {
        active.forEach(job -> jobs.merge(job.state(), 1L, Long::sum));
      }
      out.view(
          ClusterNoun.CLUSTER, new ClusterNoun.Overview(cluster.info(), cluster.nodes(), jobs));
      return ExitCode.DONE;
    };
  }
}
