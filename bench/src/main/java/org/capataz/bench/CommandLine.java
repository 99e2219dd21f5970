package org.capataz.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Calls of `capataz` as whole processes, beside a Java program that connects to the head node and
/// says nothing.
final class CommandLine {

  private static final int CALLS = 21;

  private CommandLine() {}

  /// The program beside which the calls stand.
  static final class Bare {
    private Bare() {}

    /// Connects, and ends.
    ///
    /// @param arguments host and port
    public static void main(String[] arguments) throws IOException {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 5000);
      }
    }
  }

  static List<Figure> measure(Bench bench) throws IOException, InterruptedException {
    try (var site = bench.site(Map.of())) {
      var capataz = bench.launcher().toString();
      var bare = bare(bench, site);
      var alone = new ArrayList<Double>();
      var submits = new ArrayList<Double>();
      var views = new ArrayList<Double>();
      var cancels = new ArrayList<Double>();
      var foreign = new Foreign();
      for (var i = 0; i < CALLS; i++) {
        alone.add(millis(bench, site, bare));
        var begin = System.nanoTime();
        var job =
            bench
                .run(site.environment(), capataz, "job", "submit", "--quiet", "--", "/bin/true")
                .strip();
        submits.add((System.nanoTime() - begin) / 1e6);
        views.add(millis(bench, site, List.of(capataz, "job", "view", job)));
        cancels.add(millis(bench, site, List.of(capataz, "job", "cancel", job)));
      }
      return List.of(
          figure("submit", submits, alone, foreign),
          figure("view", views, alone, foreign),
          figure("cancel", cancels, alone, foreign));
    }
  }

  private static Figure figure(
      String name, List<Double> calls, List<Double> alone, Foreign foreign) {
    var ours = Samples.of(calls);
    var least = Samples.of(alone);
    return new Figure(
        "`capataz job " + name + "`, ms",
        ours.toString(),
        "bare JVM with a socket " + least,
        "%s (4.6)".formatted(Samples.format(ours.median() / least.median())),
        "%d calls; %s".formatted(CALLS, foreign));
  }

  private static double millis(Bench bench, Site site, List<String> command)
      throws IOException, InterruptedException {
    var begin = System.nanoTime();
    var _ = bench.run(site.environment(), command.toArray(String[]::new));
    return (System.nanoTime() - begin) / 1e6;
  }

  /// With all that makes Java start quickly.
  private static List<String> bare(Bench bench, Site site)
      throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var cache = bench.place().resolve("bare.aot");
    // A cache wants a jar.
    var jar = bench.place().resolve("bare.jar");
    var folder = bench.place().resolve("bare");
    var name = Bare.class.getName();
    var file = folder.resolve(name.replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    try (var bytes = Bare.class.getResourceAsStream("CommandLine$Bare.class")) {
      Files.copy(Objects.requireNonNull(bytes), file);
    }
    bench.run(
        Map.of(),
        Path.of(System.getProperty("java.home"), "bin", "jar").toString(),
        "cf",
        jar.toString(),
        "-C",
        folder.toString(),
        ".");
    var address = site.address().split(":", -1);
    var options = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", jar.toString());
    var program = List.of(name, address[0], address[1]);
    var record = new ArrayList<>(List.of(java, "-XX:AOTCacheOutput=" + cache, "-Xlog:disable"));
    record.addAll(options);
    record.addAll(program);
    bench.run(Map.of(), record.toArray(String[]::new));
    var command = new ArrayList<>(List.of(java, "-XX:AOTCache=" + cache));
    command.addAll(options);
    command.addAll(program);
    return command;
  }
}
