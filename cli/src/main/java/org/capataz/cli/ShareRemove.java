package org.capataz.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "remove",
    description =
        "Takes a project or a user out of the share tree: jobs of a project that is not in it are"
            + " counted as jobs without one. What is below a project has to go first. What was used"
            + " stays counted. Only administrators may.",
    footer = {
      "",
      "Examples:",
      "  capataz share remove ocean --user ada",
      "  capataz share remove ocean"
    })
final class ShareRemove extends ClusterCommand {

  @Mixin private SharePlace place = new SharePlace();

  ShareRemove(World world) {
    super(world);
  }

  @Override
  Work prepare() {
    var of = place.place();
    return (cluster, out) -> {
      var share = cluster.settings().shares().get(of);
      cluster.deleteShare(of);
      out.made(
          ShareNoun.SHARE,
          ShareNoun.SHARE.id().apply(share),
          () -> share,
          ShareSet.capitalized(of.toString()) + " is no longer in the share tree");
      return ExitCode.DONE;
    };
  }
}
