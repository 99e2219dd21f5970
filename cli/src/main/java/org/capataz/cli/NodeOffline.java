package org.capataz.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "offline",
    description = "Lets nodes finish the tasks they have and take no others.",
    footer = {"", "Example:", "  capataz node offline n1 n2"})
final class NodeOffline extends ClusterCommand {

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The node, or several.")
  private List<String> names = List.of();

  NodeOffline(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      out.done(NodeNoun.NODE, names.stream().map(cluster::offline).toList(), NodeNoun::sentence);
      return ExitCode.DONE;
    };
  }
}
