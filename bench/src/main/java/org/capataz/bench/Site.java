package org.capataz.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.capataz.client.Cluster;
import org.capataz.client.ConnectOptions;

/// A head node of its own on a loopback address, and what connects to it. Its folder stays: files
/// that have just been deleted make the next run slow.
final class Site implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Path launcher;
  private final Path folder;
  private final Program head;
  private final String address;
  private final List<Program> others = new ArrayList<>();

  private Site(Path launcher, Path folder, Program head, String address) {
    this.launcher = launcher;
    this.folder = folder;
    this.head = head;
    this.address = address;
  }

  /// Starts a head node.
  ///
  /// @param launcher `bin/capataz`
  /// @param environment of the head node, over this process's own
  static Site start(Path launcher, Path place, Map<String, String> environment)
      throws IOException, InterruptedException {
    var folder = place.resolve("site-" + NUMBER.incrementAndGet());
    Files.createDirectories(folder);
    var command =
        List.of(
            launcher.toString(),
            "head",
            "start",
            "--private",
            "--name=bench",
            "--listen=127.0.0.1:0",
            "--data=" + folder.resolve("head"));
    var head = Program.start(folder.resolve("head.log"), environment, command);
    return new Site(launcher, folder, head, head.await("listening on "));
  }

  Path launcher() {
    return launcher;
  }

  Program head() {
    return head;
  }

  Path folder() {
    return folder;
  }

  String address() {
    return address;
  }

  private Path token(String role) {
    return folder.resolve("head/tokens/" + role + ".token");
  }

  Cluster connect() {
    return Cluster.connect(
        ConnectOptions.of(address)
            .withTokenFile(token("client"))
            .withRequestTimeout(Duration.ofMinutes(10)));
  }

  /// What tells the command line which head node to ask.
  Map<String, String> environment() {
    return Map.of("CAPATAZ_HEAD", address, "CAPATAZ_TOKEN_FILE", token("client").toString());
  }

  /// Starts a compute node.
  Program node(int cores) throws IOException {
    return keep(
        Program.start(
            folder.resolve("node.log"),
            Map.of("CAPATAZ_HEAD", address, "CAPATAZ_TOKEN_FILE", token("node").toString()),
            List.of(
                launcher.toString(),
                "node",
                "start",
                "--name=n1",
                "--cores=" + cores,
                "--data=" + folder.resolve("node"))));
  }

  /// Starts a process of simulated nodes, and waits until all are connected.
  Program simulatedNodes(int count, int cores) throws IOException, InterruptedException {
    var command =
        Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx3g",
                "-cp",
                System.getProperty("java.class.path"),
                SimulatedNodes.class.getName(),
                address,
                token("node").toString(),
                Integer.toString(count),
                Integer.toString(cores))
            .toList();
    var nodes = keep(Program.start(folder.resolve("nodes.log"), Map.of(), command));
    nodes.await("connected");
    return nodes;
  }

  private Program keep(Program program) {
    others.add(program);
    return program;
  }

  @Override
  public void close() {
    others.reversed().forEach(Program::close);
    head.close();
  }
}
