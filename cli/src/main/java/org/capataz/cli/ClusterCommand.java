package org.capataz.cli;

import java.util.concurrent.Callable;
import org.capataz.cli.output.Output;
import org.capataz.client.Cluster;
import picocli.CommandLine.Mixin;

/// A command that asks the head node and shows the answer.
abstract class ClusterCommand implements Callable<Integer> {

  protected final World world;

  @Mixin private HeadOption head = new HeadOption();
  @Mixin private OutputOptions output = new OutputOptions();

  ClusterCommand(World world) {
    this.world = world;
  }

  @Override
  public final Integer call() throws Exception {
    var out = output(output);
    try (var cluster = head.connect(world)) {
      return run(cluster, out);
    }
  }

  /// The writer that was asked for.
  Output output(OutputOptions options) {
    return options.open(world);
  }

  /// Does the work.
  ///
  /// @return the exit code
  abstract int run(Cluster cluster, Output out) throws Exception;
}
