package org.capataz.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.List;
import org.capataz.cli.output.Colours;
import org.capataz.cli.output.Format;
import org.capataz.client.CapatazException;
import org.capataz.client.CapatazException.Code;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/// The program `capataz`. Whatever goes wrong is one line on standard error and an exit code; with
/// `-o json` it is also a JSON object on standard output.
public final class Main {

  private final World world;

  Main(World world) {
    this.world = world;
  }

  public static void main(String[] arguments) {
    System.exit(new Main(World.ofProcess()).run(arguments));
  }

  /// Runs one command.
  ///
  /// @return the exit code
  int run(String... arguments) {
    var streams = world.streams();
    try {
      var spelled = new HpcSpelling(world).translated(arguments);
      return CommandTree.forArguments(world, spelled)
          .setOut(new PrintWriter(streams.out(), true, UTF_8))
          .setErr(new PrintWriter(streams.err(), true, UTF_8))
          .setColorScheme(CommandLine.Help.defaultColorScheme(ansi()))
          .setParameterExceptionHandler((mistake, given) -> mistaken(mistake, given))
          .setExecutionExceptionHandler((failure, command, result) -> failed(failure, arguments))
          .execute(spelled);
    } catch (CapatazException mistake) {
      return failed(mistake, arguments);
    } finally {
      streams.out().flush();
      streams.err().flush();
    }
  }

  private Ansi ansi() {
    return switch (Colours.of("auto", world.variables(), world.streams())) {
      case ON -> Ansi.ON;
      case OFF -> Ansi.OFF;
    };
  }

  private int mistaken(ParameterException mistake, String[] arguments) {
    return failed(Code.REFUSED, Mistakes.message(mistake), arguments);
  }

  private int failed(Exception failure, String[] arguments) {
    if (world.variable("CAPATAZ_DEBUG").isPresent()) {
      failure.printStackTrace(world.streams().err());
    }
    return switch (failure) {
      case CapatazException known -> failed(known.code(), Accepted.message(known), arguments);
      default ->
          failure.getCause() instanceof CapatazException known
              ? failed(known.code(), Accepted.message(known), arguments)
              : failed(Code.FAILED, unforeseen(failure), arguments);
    };
  }

  private static String unforeseen(Exception failure) {
    return "expected no failure of this program, but got "
        + failure.toString().replace('\n', ' ').replace('\r', ' ')
        + "; CAPATAZ_DEBUG=1 shows where";
  }

  private int failed(Code code, String message, String[] arguments) {
    world.streams().say(message);
    if (wantsJson(arguments)) {
      Format.JSON
          .open(world.streams(), Colours.OFF, world.clock().instant())
          .failed(name(code), message, hint(code));
    }
    return code.exitCode();
  }

  /// Looked up in the words themselves: there may be no command to ask.
  private static boolean wantsJson(String[] arguments) {
    var options = List.of(arguments);
    var end = options.indexOf("--");
    var own = end < 0 ? options : options.subList(0, end);
    for (var i = 0; i < own.size(); i++) {
      switch (own.get(i)) {
        case "-ojson", "-o=json", "--output=json" -> {
          return true;
        }
        case "-o", "--output" -> {
          return i + 1 < own.size() && own.get(i + 1).equals("json");
        }
        default -> {}
      }
    }
    return false;
  }

  private static String name(Code code) {
    return switch (code) {
      case FAILED -> "failed";
      case REFUSED -> "refused";
      case NOT_FOUND -> "notFound";
      case NOT_ALLOWED -> "notAllowed";
      case UNREACHABLE -> "unreachable";
    };
  }

  private static String hint(Code code) {
    return switch (code) {
      case FAILED -> "CAPATAZ_DEBUG=1 shows more";
      case REFUSED -> "--help shows what the command takes";
      case NOT_FOUND -> "capataz job list --all and capataz node list show what there is";
      case NOT_ALLOWED -> "CAPATAZ_TOKEN_FILE names the file with the token to use";
      case UNREACHABLE ->
          "--head or CAPATAZ_HEAD names the head node; capataz head start starts one";
    };
  }
}
