package org.capataz.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.capataz.cli.terminal.Streams;

/// Runs the commands that people call most, one after the other in one process, so that Java can
/// keep what it has learnt of all of them. For `bin/warm-up`.
public final class Rehearsal {

  private Rehearsal() {}

  /// Exits with 0 if all of them have done so, and with what the first other one would have else.
  public static void main(String[] none) {
    var job = run("job", "submit", "--quiet", "--sweep", "1-500", "--", "sh", "-c", ":", "*");
    var number = run("job", "submit", "--quiet", "--holduntil", "60", "--", "true").strip();
    for (var output : List.of("table", "json")) {
      run("job", "list", "-o", output);
      run("job", "view", number, "-o", output);
      run("job", "explain", number, "-o", output);
      run("task", "list", number, "-o", output);
      run("node", "list", "-o", output);
      run("cluster", "view", "-o", output);
    }
    run("job", "cancel", number);
    run("job", "wait", job.strip());
    System.exit(0);
  }

  /// @return what it wrote
  private static String run(String... words) {
    var output = new ByteArrayOutputStream();
    var world = World.ofProcess();
    var streams =
        new Streams(
            new PrintStream(output, false, StandardCharsets.UTF_8),
            world.streams().err(),
            world.streams().terminal());
    var exitCode =
        new Main(
                new World(
                    world.variables(),
                    world.directory(),
                    streams,
                    world.connector(),
                    world.clock()))
            .run(words);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
    return output.toString(StandardCharsets.UTF_8);
  }
}
