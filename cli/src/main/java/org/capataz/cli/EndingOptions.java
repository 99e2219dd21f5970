package org.capataz.cli;

import org.capataz.client.Ending;
import picocli.CommandLine.Option;

/// How what runs is ended.
final class EndingOptions {

  @Option(
      names = "--graceful",
      description = "Let what runs run to its end; drop only what has not started.")
  private boolean graceful;

  @Option(
      names = "--force",
      description =
          "Kill what runs at once, without time to end by itself or, for a job, to release its"
              + " nodes.")
  private boolean force;

  Ending ending() {
    if (graceful && force) {
      throw Accepted.refused("expected --graceful or --force, but got both");
    }
    return graceful ? Ending.GRACEFUL : force ? Ending.FORCED : Ending.USUAL;
  }
}
