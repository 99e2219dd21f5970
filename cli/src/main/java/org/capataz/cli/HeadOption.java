package org.capataz.cli;

import org.capataz.client.Cluster;
import org.capataz.client.ConnectOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the head node is.
final class HeadOption {

  @Option(
      names = "--head",
      paramLabel = "HOST:PORT",
      description =
          "The head node, or several with commas between. Default: CAPATAZ_HEAD, else"
              + " 127.0.0.1:5800.")
  private @Nullable String head;

  HeadOption() {}

  /// That of a command which says it in its own words.
  HeadOption(@Nullable String head) {
    this.head = head;
  }

  /// The head node that was named here or in the environment; null if none was.
  @Nullable String named(World world) {
    return head != null ? head : world.variable("CAPATAZ_HEAD").orElse(null);
  }

  Cluster connect(World world) {
    var named = named(world);
    return world
        .connector()
        .connect(named == null ? ConnectOptions.of("127.0.0.1:5800") : ConnectOptions.of(named));
  }
}
