package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.capataz.computenode.AgentMain;
import org.capataz.computenode.NodeMain;

/// `capataz node start` as a process: the keeper, with an agent as its child.
final class NodeProcess {

  private final Site site;
  private final Process process;
  private final Path log;

  /// @param token file with the node's token
  NodeProcess(Site site, HeadProcess head, Path token, String name, int cores) {
    this(site, head, token, name, List.of("--cores=" + cores));
  }

  /// @param options more than every node has
  NodeProcess(Site site, HeadProcess head, Path token, String name, List<String> options) {
    this(site, List.of(), head.address(), token, name, options);
  }

  /// @param entrance command before its command
  /// @param head `HOST:PORT` at which it finds the head node
  NodeProcess(
      Site site,
      List<String> entrance,
      String head,
      Path token,
      String name,
      List<String> options) {
    this(
        site,
        token,
        name,
        entrance,
        Site.java(
            NodeMain.class,
            Stream.concat(
                    Stream.of(
                        "--head=" + head,
                        "--name=" + name,
                        "--data=" + site.folder().resolve(name)),
                    options.stream())
                .toList()));
  }

  private NodeProcess(
      Site site, Path token, String name, List<String> entrance, List<String> command) {
    this.site = site;
    log = site.file(name + ".log");
    var variables =
        Map.of(
            "CAPATAZ_TOKEN_FILE",
            token.toString(),
            "CAPATAZ_JAVA_HOME",
            System.getProperty("java.home"));
    process = site.start(log, variables, entrance, command);
  }

  /// As an installation's launcher starts it. It hears SIGHUP even if these tests ignore it, as
  /// they do under `nohup`.
  static NodeProcess installed(Site site, HeadProcess head, Path launcher) {
    return new NodeProcess(
        site,
        head.nodeToken(),
        "n1",
        List.of("env", "--default-signal=HUP"),
        List.of(
            launcher.toString(),
            "node",
            "start",
            "--head=" + head.address(),
            "--name=n1",
            "--cores=2",
            "--data=" + site.folder().resolve("n1")));
  }

  /// Of the keeper.
  long pid() {
    return process.pid();
  }

  /// The agent: the child that is a Java program.
  ProcessHandle agent() {
    return findAgent().orElseThrow();
  }

  /// The agent, unless there is none at the moment.
  Optional<ProcessHandle> findAgent() {
    return process
        .children()
        .filter(
            child ->
                site.reads(
                    Path.of("/proc", Long.toString(child.pid()), "cmdline"),
                    AgentMain.class.getName()))
        .findFirst();
  }

  /// Sends SIGHUP to the keeper.
  void hangUp() throws IOException, InterruptedException {
    CommandProcess.kill("HUP", pid());
  }

  /// Ends the keeper as SIGKILL does; the agent then ends by itself, and the tasks go on.
  void killKeeper() {
    process.destroyForcibly().onExit().join();
  }

  /// Ends keeper and agent as SIGKILL does; the tasks go on.
  void kill() {
    var agent = agent();
    process.destroyForcibly().onExit().join();
    agent.destroyForcibly();
    agent.onExit().join();
  }

  /// Whether there is something in its log.
  boolean hasSaid(String text) {
    return site.reads(log, text);
  }

  /// Asks it to stop.
  ///
  /// @return its exit code
  int stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
