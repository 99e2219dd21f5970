package org.capataz.headnode;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.capataz.headnode.store.StoreException;
import org.capataz.model.Result;
import org.capataz.wire.HeadAddress;
import org.capataz.wire.Home;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The program of a head node: `capataz head start`; with `check` or `restore` as its first
/// argument that of a head node's backup.
@Command(
    name = "capataz head start",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a head node in the foreground. It prints 'listening on HOST:PORT' when it serves,"
          + " and stops cleanly on SIGTERM or Ctrl-C; what runs on compute nodes goes on meanwhile."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:stopped as asked", "1:could not start or go on", "2:wrong options"})
public final class HeadMain implements Callable<Integer> {

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5800",
      description =
          "Address to listen on; port 0 picks one. Any address but loopback speaks TLS. Default:"
              + " ${DEFAULT-VALUE}.")
  private String listen = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder for database, keys and tokens, made where it is missing. Default:"
              + " $$XDG_STATE_HOME/capataz/head, or ~/.local/state/capataz/head.")
  private @Nullable Path data;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the cluster, at its first start. Default: this machine's.")
  private @Nullable String name;

  @Option(
      names = "--private",
      description = "Keep the tokens in the data folder only, for whoever is told where that is.")
  private boolean isPrivate;

  @Option(names = "--lifeline", hidden = true, description = "Stop when standard input ends.")
  private boolean lifeline;

  private HeadMain() {}

  public static void main(String[] arguments) {
    var verb = arguments.length == 0 ? "" : arguments[0];
    System.exit(
        switch (verb) {
          case "check" -> execute(new HeadCheck(), rest(arguments));
          case "restore" -> execute(new HeadRestore(), rest(arguments));
          default -> execute(new HeadMain(), arguments);
        });
  }

  private static String[] rest(String[] arguments) {
    return Arrays.copyOfRange(arguments, 1, arguments.length);
  }

  private static int execute(Callable<Integer> program, String... arguments) {
    return new CommandLine(program)
        .setParameterExceptionHandler((wrong, given) -> fail(2, wrong))
        .setExecutionExceptionHandler((failed, line, parsed) -> fail(1, failed))
        .execute(arguments);
  }

  private static int fail(int exitCode, Exception cause) {
    var message = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    System.err.println("capataz: " + message.replaceAll("\\s*[\\r\\n]+\\s*", " "));
    return exitCode;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var address = HeadAddress.parse(listen);
    if (address instanceof Result.Refused<HeadAddress>(var refusal)) {
      System.err.println("capataz: --listen: " + refusal.message());
      return 2;
    }
    var stop = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    try (var node = start(address.orElseThrow())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(stop, stopped)));
      if (lifeline) {
        Thread.ofPlatform().daemon().name("capataz-lifeline").start(() -> awaitEnd(stop));
      }
      System.out.println("listening on " + node.address());
      System.out.flush();
      stop.await();
    } catch (StoreException unusable) {
      System.err.println("capataz: " + unusable.getMessage());
      return 1;
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private HeadNode start(HeadAddress address) throws IOException {
    return HeadNode.start(data(data), name == null ? hostName() : name, address, !isPrivate);
  }

  /// Runs as a signal ends the virtual machine: lets the head node close first, and ends as asked.
  private static void finish(CountDownLatch stop, CountDownLatch stopped) {
    var bySignal = stop.getCount() > 0;
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
    if (bySignal) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static void awaitEnd(CountDownLatch stop) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // As good as its end.
    }
    stop.countDown();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "capataz";
    }
  }

  /// The data folder that was named, or else the default.
  static Path data(@Nullable Path named) {
    if (named != null) {
      return named.toAbsolutePath().normalize();
    }
    var state = System.getenv("XDG_STATE_HOME");
    var base =
        state == null || state.isEmpty() ? Home.ofUser().resolve(".local/state") : Path.of(state);
    return base.resolve("capataz").resolve("head");
  }
}
