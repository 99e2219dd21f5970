package org.capataz.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "online",
    description = "Lets nodes take tasks.",
    footer = {"", "Example:", "  capataz node online n1"})
final class NodeOnline extends ClusterCommand {

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The node, or several.")
  private List<String> names = List.of();

  NodeOnline(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      out.done(NodeNoun.NODE, names.stream().map(cluster::online).toList(), NodeNoun::sentence);
      return ExitCode.DONE;
    };
  }
}
