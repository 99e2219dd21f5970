package org.capataz.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Declared here for help and completion; the launcher starts the head node's own program.
@Command(
    name = "restore",
    description = {
      "Puts a backup in the place of a head node's database, on its machine and while it is"
          + " stopped. The database that was there is kept beside it.",
      "",
      "Nothing is changed unless the backup passes 'capataz head check'. Jobs submitted after it"
          + " was made are gone, and their ids are not given out again; what of them still runs on"
          + " nodes goes on there, unknown to the head node."
    },
    footer = {"", "Example:", "  capataz head restore /backup/monday --data /var/lib/capataz/head"})
@SuppressWarnings("UnusedVariable") // the options are read by that program
final class HeadRestore implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The head node's data folder, as for 'capataz head start'.")
  private @Nullable String data;

  @Parameters(paramLabel = "FILE", description = "The backup.")
  private String file = "";

  @Override
  public Integer call() {
    throw NodeStart.withoutLauncher("capataz head restore");
  }
}
