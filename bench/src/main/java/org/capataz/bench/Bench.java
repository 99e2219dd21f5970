package org.capataz.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Runs the measurements that are named, or all, and prints their figures as a table.
///
/// Each starts processes of its own on loopback, in a folder under the one given, which is left
/// there: files that have just been deleted make what follows slow.
public final class Bench {

  /// A measurement, which takes some minutes.
  private enum Case {
    TASKS,
    HEAD,
    GROWTH,
    LATENCY,
    CLI,
    PASS,
    IDLE;

    List<Figure> figures(Bench bench) throws IOException, InterruptedException {
      return switch (this) {
        case TASKS -> RealTasks.measure(bench);
        case HEAD -> HeadAlone.measure(bench);
        case GROWTH -> Growth.measure(bench);
        case LATENCY -> Latency.measure(bench);
        case CLI -> CommandLine.measure(bench);
        case PASS -> Passes.measure(bench);
        case IDLE -> IdleCluster.measure(bench);
      };
    }
  }

  private final Path installation;
  private final Path place;
  private final int runs;

  private Bench(Path installation, Path place, int runs) {
    this.installation = installation;
    this.place = place;
    this.runs = runs;
  }

  /// Prints the table to standard output, and what it does meanwhile to standard error.
  ///
  /// @param arguments names of measurements; none for all
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var cases =
        arguments.length == 0
            ? List.of(Case.values())
            : Stream.of(arguments).map(Bench::named).toList();
    var place = Path.of(setting("BENCH_PLACE", "bench/target/bench"));
    Files.createDirectories(place);
    var bench =
        new Bench(
            Path.of(System.getProperty("bench.installation")).toAbsolutePath(),
            Files.createTempDirectory(place.toAbsolutePath(), "run-"),
            Integer.parseInt(setting("BENCH_RUNS", "5")));
    var figures = new ArrayList<Figure>();
    for (var each : cases) {
      bench.say(each.name().toLowerCase(Locale.ROOT));
      for (var figure : each.figures(bench)) {
        System.err.println(figure.row());
        figures.add(figure);
      }
    }
    System.out.println(Figure.HEADING.row());
    System.out.println("|---|---|---|---|---|");
    figures.forEach(figure -> System.out.println(figure.row()));
  }

  Path launcher() {
    return installation.resolve("bin/capataz");
  }

  private static Case named(String argument) {
    var names = Stream.of(Case.values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    if (!names.contains(argument)) {
      System.err.println(
          "expected some of " + String.join(", ", names) + ", but got '" + argument + "'");
      System.exit(2);
    }
    return Case.valueOf(argument.toUpperCase(Locale.ROOT));
  }

  private static String setting(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }

  /// How often each figure is measured, after a warm-up.
  int runs() {
    return runs;
  }

  Path place() {
    return place;
  }

  /// Starts a head node of its own.
  Site site(Map<String, String> environment) throws IOException, InterruptedException {
    return Site.start(launcher(), place, environment);
  }

  /// Says on standard error what is being done.
  void say(String what) {
    System.err.println("# " + what);
  }

  /// Compiles one of the programs in C.
  Path compile(String name, String... options) throws IOException, InterruptedException {
    var program = place.resolve(name);
    if (!Files.exists(program)) {
      var command = new ArrayList<>(List.of("gcc", "-O2", "-o", program.toString()));
      command.addAll(List.of(options));
      command.add("bench/src/main/c/" + name + ".c");
      run(Map.of(), command.toArray(String[]::new));
    }
    return program;
  }

  /// Runs a command to its end.
  ///
  /// @return what it wrote to standard output
  String run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("expected " + List.of(command) + " to succeed, but it failed");
    }
    return output;
  }
}
