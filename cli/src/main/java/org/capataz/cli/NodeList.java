package org.capataz.cli;

import picocli.CommandLine.Command;

@Command(
    name = "list",
    description = "Lists the nodes of the cluster with their free cores.",
    footer = {"", "Examples:", "  capataz node list", "  capataz node list -o csv"})
final class NodeList extends ClusterCommand {

  NodeList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      out.list(NodeNoun.NODE, cluster.nodes().stream());
      return ExitCode.DONE;
    };
  }
}
