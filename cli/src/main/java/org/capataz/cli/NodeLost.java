package org.capataz.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lost",
    description = {
      "Gives up nodes that are unreachable and will not come back: what runs there ends as lost,"
          + " and runs elsewhere if it may run again.",
      "",
      "Without this, tasks of an unreachable node stay Running until it is back: it may only be cut"
          + " off. Should it come back after all, what still runs on it is stopped."
    },
    footer = {"", "Example:", "  capataz node lost n1 --message 'power supply burnt'"})
final class NodeLost extends ClusterCommand {

  @Option(names = "--message", paramLabel = "TEXT", description = "Why, for those who ask later.")
  private String message = "";

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The node, or several.")
  private List<String> names = List.of();

  NodeLost(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      var lost = names.stream().map(name -> cluster.lost(name, message)).toList();
      out.done(NodeNoun.NODE, lost, NodeNoun::sentence);
      return ExitCode.DONE;
    };
  }
}
