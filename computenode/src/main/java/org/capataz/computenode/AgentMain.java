package org.capataz.computenode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.capataz.computenode.agent.Agent;
import org.capataz.computenode.agent.Machine;
import org.capataz.computenode.agent.NodeSettings;
import org.capataz.computenode.keeper.KeeperLink;
import org.capataz.model.Refusal;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent's process. The keeper starts it with its own options, speaks with it over its standard
/// input and output, and starts another if it ends; it ends by itself when the keeper has gone.
public final class AgentMain {

  private static final Logger log = LoggerFactory.getLogger(AgentMain.class);
  private static final int FAILED = 1;

  private AgentMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(
        switch (settings(List.of(arguments))) {
          case Result.Ok<NodeSettings>(var settings) -> run(settings);
          case Result.Refused<NodeSettings>(Refusal(var _, var message)) -> fail(message);
        });
  }

  private static int run(NodeSettings settings) throws InterruptedException {
    try {
      var keeper = KeeperLink.ofThisProcess();
      Agent.create(settings, keeper).run();
      return 0;
    } catch (IOException failure) {
      return fail(String.valueOf(failure.getMessage()));
    }
  }

  private static int fail(String message) {
    log.error("the agent cannot go on: {}", message);
    return FAILED;
  }

  private static Result<NodeSettings> settings(List<String> arguments) {
    return NodeOptions.parse(arguments, Path.of("."))
        .then(
            options ->
                HeadAddress.parseList(options.head())
                    .in("--head")
                    .then(heads -> Result.ok(settings(options, heads))));
  }

  private static NodeSettings settings(NodeOptions options, List<HeadAddress> heads) {
    return new NodeSettings(
        heads,
        options.name().orElseGet(Machine::hostName),
        options.address().orElseGet(Machine::hostName),
        options.offer(),
        options.groups(),
        options.data());
  }
}
