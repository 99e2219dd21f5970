package org.capataz.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Declared here for help and completion; the launcher starts the head node's own program.
@Command(
    name = "start",
    description =
        "Starts the head node, in the foreground; it stops cleanly on SIGTERM. Once it serves, it"
            + " prints 'listening on HOST:PORT'.",
    footer = {
      "",
      "Examples:",
      "  capataz head start",
      "  capataz head start --listen 0.0.0.0:5800 --data /var/lib/capataz/head"
    })
@SuppressWarnings("UnusedVariable") // the options are read by that program
final class HeadStart implements Callable<Integer> {

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where to listen; port 0 picks a free one, and any address but loopback is TLS. Default:"
              + " 127.0.0.1:5800.")
  private @Nullable String listen;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the cluster, at its first start. Default: this machine's.")
  private @Nullable String name;

  @Option(names = "--data", paramLabel = "DIR", description = "Where to keep the database.")
  private @Nullable String data;

  @Override
  public Integer call() {
    throw NodeStart.withoutLauncher("capataz head start");
  }
}
