package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.capataz.computenode.AgentMain;
import org.capataz.computenode.NodeMain;

/// `capataz node start` as a process: the keeper, with an agent as its child.
final class NodeProcess {

  private final Site site;
  private final Process process;

  NodeProcess(Site site, HeadProcess head, String name, int cores) {
    this.site = site;
    process =
        site.start(
            name,
            Map.of("CAPATAZ_TOKEN_FILE", head.nodeToken().toString()),
            Site.java(
                NodeMain.class,
                List.of(
                    "--head=" + head.address(),
                    "--name=" + name,
                    "--cores=" + cores,
                    "--data=" + site.folder().resolve(name))));
  }

  /// The agent: the child that is a Java program.
  ProcessHandle agent() {
    return process
        .children()
        .filter(
            child ->
                site.reads(
                    Path.of("/proc", Long.toString(child.pid()), "cmdline"),
                    AgentMain.class.getName()))
        .findFirst()
        .orElseThrow();
  }

  /// Asks it to stop.
  ///
  /// @return its exit code
  int stop() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /// Ends the keeper as SIGKILL does.
  void kill() {
    process.destroyForcibly().onExit().join();
  }
}
