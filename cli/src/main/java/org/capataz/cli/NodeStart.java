package org.capataz.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.capataz.client.CapatazException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Declared here for help and completion; the launcher starts the compute node's own program.
@Command(
    name = "start",
    description =
        "Starts a compute node, in the foreground; it stops cleanly on SIGTERM. It connects to the"
            + " head node, again and again where it must, and listens on nothing. On SIGHUP its"
            + " agent, which speaks with the head node, is replaced by that of the installation as"
            + " it is then; tasks go on.",
    footer = {
      "",
      "Examples:",
      "  capataz node start --head head1:5800",
      "  capataz node start --head head1:5800 --name n1 --cores 4 --group big"
    })
@SuppressWarnings("UnusedVariable") // the options are read by that program
final class NodeStart implements Callable<Integer> {

  @Option(
      names = "--head",
      paramLabel = "HOST:PORT",
      description = "The head node. Default: CAPATAZ_HEAD.")
  private @Nullable String head;

  @Option(names = "--name", paramLabel = "NAME", description = "Default: the machine's name.")
  private @Nullable String name;

  @Option(
      names = "--address",
      paramLabel = "HOST",
      description =
          "Where other nodes reach this one, for tasks of several nodes. Default: the machine's"
              + " name.")
  private @Nullable String address;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description =
          "Cores to offer. Default: those found. More than were found are taken, with a"
              + " warning.")
  private @Nullable String cores;

  @Option(
      names = "--sockets",
      paramLabel = "N",
      description = "Sockets to divide the cores among. Default: those found.")
  private @Nullable String sockets;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description = "GPUs to offer, numbered from 0. Default: those that nvidia-smi lists.")
  private @Nullable String gpus;

  @Option(
      names = "--no-bind",
      description =
          "Do not bind tasks to their cores. They are bound only where the node offers exactly the"
              + " cores that it found.")
  private boolean noBind;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description = "Megabytes to offer. Default: those found.")
  private @Nullable String memory;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "A group that the node belongs to. May be repeated.")
  private List<String> groups = List.of();

  @Option(
      names = "--max-output",
      paramLabel = "SIZE",
      description =
          "How much is kept of what a task writes to a stream without a file, in megabytes, or as"
              + " 512M or 4G: half from its beginning, half from its end. Default: 64M.")
  private @Nullable String maxOutput;

  @Option(
      names = "--keep-output",
      paramLabel = "SIZE",
      description =
          "How much is kept of all that ended tasks have written so; the oldest is removed first."
              + " Default: 4G.")
  private @Nullable String keepOutput;

  @Option(names = "--data", paramLabel = "DIR", description = "Where to keep what tasks write.")
  private @Nullable String data;

  @Override
  public Integer call() {
    throw withoutLauncher("capataz node start");
  }

  static CapatazException withoutLauncher(String command) {
    return new CapatazException(
        CapatazException.Code.FAILED,
        "expected '" + command + "' to be started by the script bin/capataz, but it was not");
  }
}
