package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "view",
    description = "Shows a node: what it offers, what of it is taken, what it found on itself.",
    footer = {"", "Examples:", "  capataz node view n1", "  capataz node view n1 -o json"})
final class NodeView extends ClusterCommand {

  @Parameters(paramLabel = "NAME", description = "The node.")
  private String name = "";

  NodeView(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      out.view(NodeNoun.NODE, cluster.node(name));
      return ExitCode.DONE;
    };
  }
}
