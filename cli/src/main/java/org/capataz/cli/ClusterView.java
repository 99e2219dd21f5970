package org.capataz.cli;

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
      out.view(ClusterNoun.CLUSTER, new ClusterNoun.Overview(cluster.info(), cluster.nodes()));
      return ExitCode.DONE;
    };
  }
}
