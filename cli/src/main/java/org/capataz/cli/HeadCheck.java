package org.capataz.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Declared here for help and completion; the launcher starts the head node's own program.
@Command(
    name = "check",
    description = {
      "Tells whether a backup can be restored: reads all of it, and compares the state that its"
          + " rows have with the one that its journal makes. Exits with 1 if it cannot, or they"
          + " differ.",
      "",
      "Works on a copy among the temporary files."
    },
    footer = {"", "Example:", "  capataz head backup today && capataz head check today"})
@SuppressWarnings("UnusedVariable") // the parameters are read by that program
final class HeadCheck implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The backup.")
  private String file = "";

  @Override
  public Integer call() {
    throw NodeStart.withoutLauncher("capataz head check");
  }
}
