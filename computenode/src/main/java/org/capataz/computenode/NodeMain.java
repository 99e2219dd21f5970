package org.capataz.computenode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.capataz.computenode.keeper.AgentSupervisor;
import org.capataz.computenode.keeper.DataDirectory;
import org.capataz.computenode.keeper.Keeper;
import org.capataz.computenode.process.Processes;
import org.capataz.model.Result;
import org.capataz.wire.Home;

/// `capataz node start`: the keeper, in the foreground, with an agent as its child.
///
/// Exits with 0 when it was stopped by a signal or its lifeline, 1 when it cannot work, 2 when the
/// options are refused.
public final class NodeMain {

  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration DELIVERY = Duration.ofSeconds(5);

  /// For when somebody waits: a second signal, or the end of the lifeline.
  private static final Duration SHORT_GRACE = Duration.ofSeconds(2);

  private static final Duration SHORT_DELIVERY = Duration.ofSeconds(1);

  private NodeMain() {}

  public static void main(String[] arguments) {
    System.exit(
        switch (NodeOptions.parse(withDefaultHead(arguments), defaultData())) {
          case Result.Ok<NodeOptions>(var options) -> run(options);
          case Result.Refused<NodeOptions>(var refusal) -> fail(2, refusal.message());
        });
  }

  private static int run(NodeOptions options) {
    if (options.lifeline()) {
      Processes.leadSession();
    }
    try (var directory = DataDirectory.open(options.data());
        var keeper = new Keeper(directory, options.output())) {
      if (options.lifeline()) {
        Thread.ofPlatform().daemon().name("lifeline").start(() -> stopAtEndOfInput(keeper));
      }
      var agent = new AgentSupervisor(keeper, agentCommand(options));
      heedSignals(keeper, agent);
      keeper.awaitStop();
      agent.close();
      return 0;
    } catch (IOException e) {
      return fail(1, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    }
  }

  private static void heedSignals(Keeper keeper, AgentSupervisor agent) {
    var stopping = new AtomicBoolean();
    Runnable stop =
        () -> {
          if (stopping.getAndSet(true)) {
            keeper.stop(Duration.ZERO, SHORT_DELIVERY);
          } else {
            keeper.stop(GRACE, DELIVERY);
          }
        };
    Signals.listen(stop, "TERM", "INT");
    var hadTerminal = Processes.hasTerminal();
    Signals.listen(
        () -> {
          // What the signal was made for: the terminal was closed.
          if (hadTerminal && !Processes.hasTerminal()) {
            stop.run();
          } else {
            agent.replace();
          }
        },
        "HUP");
  }

  private static void stopAtEndOfInput(Keeper keeper) {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // As good as its end.
    }
    keeper.stop(SHORT_GRACE, SHORT_DELIVERY);
  }

  /// What the system property `capataz.agent.launcher` names, in which another installation may
  /// have taken the place of the one that this program is from; without it this program's Java and
  /// class path. System properties may then name another program, `capataz.agent.main`, options for
  /// its Java machine separated by spaces, `capataz.agent.options`, and one more that may have
  /// spaces in it, `capataz.agent.option`.
  private static List<String> agentCommand(NodeOptions options) {
    var command = new ArrayList<String>();
    var launcher = System.getProperty("capataz.agent.launcher", "");
    if (!launcher.isEmpty()) {
      command.addAll(List.of(launcher, "node", "agent"));
      command.addAll(options.arguments());
      return command;
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+ExitOnOutOfMemoryError");
    // Its standard output is how it speaks to the keeper, so what Java has to say goes elsewhere.
    command.addAll(
        List.of(
            "-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning,aot*=off:stderr"));
    Stream.concat(
            Stream.of(System.getProperty("capataz.agent.options", "").split(" ", -1)),
            Stream.of(System.getProperty("capataz.agent.option", "")))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(System.getProperty("capataz.agent.main", "org.capataz.computenode.AgentMain"));
    command.addAll(options.arguments());
    return command;
  }

  /// An option that is given holds, as it comes later.
  private static List<String> withDefaultHead(String... arguments) {
    var head = System.getenv("CAPATAZ_HEAD");
    return Stream.concat(
            Stream.ofNullable(head)
                .filter(named -> !named.isEmpty())
                .map(named -> "--head=" + named),
            Stream.of(arguments))
        .toList();
  }

  private static Path defaultData() {
    var state = System.getenv("XDG_STATE_HOME");
    var base =
        state == null || state.isEmpty() ? Home.ofUser().resolve(".local/state") : Path.of(state);
    return base.resolve("capataz").resolve("node");
  }

  private static int fail(int code, String message) {
    System.err.println("capataz: " + message);
    return code;
  }
}
