package org.capataz.cli;

import picocli.CommandLine.Command;

@Command(
    name = "tree",
    description =
        "Shows the projects and users that share the cluster: what they may expect beside their"
            + " siblings (NORM), the core hours that they have used, those long ago counting less"
            + " (cluster parameter UsageHalfLife), their part of what their siblings have used"
            + " (USAGE), what they may expect over what they have used (LEVEL), and how far to the"
            + " front their jobs belong (FAIR SHARE, from 0 to 1).",
    footer = {"", "Examples:", "  capataz share tree", "  capataz share tree -o json"})
final class ShareTreeView extends ClusterCommand {

  ShareTreeView(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    return (cluster, out) -> {
      out.list(ShareNoun.STANDING, cluster.shares().standings().stream());
      return ExitCode.DONE;
    };
  }
}
