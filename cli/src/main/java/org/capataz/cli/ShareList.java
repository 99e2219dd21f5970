package org.capataz.cli;

import picocli.CommandLine.Command;

@Command(
    name = "list",
    description =
        "Lists what was set of projects and users: shares, boosts and limits, and nothing that"
            + " follows from them.",
    footer = {"", "Examples:", "  capataz share list", "  capataz share list -o json"})
final class ShareList extends ClusterCommand {

  ShareList(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      out.list(ShareNoun.SHARE, cluster.settings().shares().all().values().stream());
      return ExitCode.DONE;
    };
  }
}
