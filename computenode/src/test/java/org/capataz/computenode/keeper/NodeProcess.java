package org.capataz.computenode.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// `capataz node start` as a process of its own, with agents that let the test speak
/// ([RelayAgent]).
final class NodeProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 120;

  private final Path directory;
  private final ServerSocket agents;
  private final Process process;

  /// The process of the agent that came last.
  private long agentPid;

  private OutputStream toNode = OutputStream.nullOutputStream();

  /// Starts a node whose data is in `node` below the directory.
  NodeProcess(Path directory, String... options) throws IOException {
    this.directory = directory;
    agents = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    agents.setSoTimeout(PATIENCE_SECONDS * 1000);
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dcapataz.agent.main=" + RelayAgent.class.getName(),
                "-Dcapataz.agent.options=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.capataz.computenode.NodeMain",
                "--head=127.0.0.1:" + agents.getLocalPort(),
                "--data=" + directory.resolve("node")));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(directory.resolve("log").toFile()).start();
  }

  /// Waits for the next agent that the node starts.
  Agent agent() throws IOException {
    var socket = agents.accept();
    var in = new DataInputStream(socket.getInputStream());
    agentPid = in.readInt();
    toNode = socket.getOutputStream();
    var link = KeeperLink.over(in, toNode);
    var reports = new LinkedBlockingQueue<Report>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                for (var next = link.receive(); next != null; next = link.receive()) {
                  reports.add(next);
                }
              } catch (IOException e) {
                // The agent was killed.
              }
            });
    return new Agent(directory, link::send, reports);
  }

  void killAgent() {
    ProcessHandle.of(agentPid).orElseThrow().destroyForcibly();
  }

  /// Sends what is no message.
  void sayNonsense() throws IOException {
    toNode.write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
    toNode.flush();
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  void terminate() {
    process.destroy();
  }

  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  @Override
  public void close() throws IOException {
    kill();
    agents.close();
  }
}
