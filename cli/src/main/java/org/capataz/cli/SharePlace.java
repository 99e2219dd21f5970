package org.capataz.cli;

import org.capataz.model.Share;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which place in the share tree a command is about.
final class SharePlace {

  @Parameters(
      paramLabel = "PROJECT",
      arity = "0..1",
      description = "The project; none for a user who works for none.")
  private String project = "";

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "A user within the project, rather than the project itself.")
  private String user = "";

  /// The place.
  ///
  /// @throws org.capataz.client.CapatazException if none was named
  Share.Of place() {
    var of = new Share.Of(project.strip(), user.strip());
    Accepted.value(Share.standard(of).check());
    return of;
  }
}
