package org.capataz.cli;

import java.util.concurrent.Callable;
import org.capataz.cli.output.Output;
import org.capataz.client.Cluster;
import picocli.CommandLine.Mixin;

/// A command that asks the head node and shows the answer.
abstract class ClusterCommand implements Callable<Integer> {

  /// What remains to be done once everything that was given is checked.
  @FunctionalInterface
  interface Work {

    /// Does it.
    ///
    /// @return the exit code
    int on(Cluster cluster, Output out) throws Exception;
  }

  protected final World world;

  @Mixin private HeadOption head = new HeadOption();
  @Mixin private OutputOptions output = new OutputOptions();

  ClusterCommand(World world) {
    this.world = world;
  }

  @Override
  public final Integer call() throws Exception {
    var out = output(output);
    var work = prepare();
    try (var cluster = head.connect(world)) {
      return work.on(cluster, out);
    }
  }

  /// The writer that was asked for.
  Output output(OutputOptions options) {
    return options.open(world);
  }

  /// Checks all that was given, so that what is wrong with it is said without any head node.
  abstract Work prepare();
}
