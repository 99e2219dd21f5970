package org.capataz.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.capataz.client.Cluster;
import org.capataz.client.ConnectOptions;
import org.capataz.headnode.HeadMain;

/// `capataz head start --private` as a process. Started again it has the same data and port.
final class HeadProcess {

  /// Below the ports that the kernel gives to connections, so that none of these can take the head
  /// node's place while it is down.
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 32_000;

  private final Site site;
  private final List<String> entrance;
  private final List<String> options;
  private final Path data;
  private final String address;
  private Process process;

  private HeadProcess(
      Site site, List<String> entrance, List<String> options, Path data, String address) {
    this.site = site;
    this.entrance = entrance;
    this.options = options;
    this.data = data;
    this.address = address;
    this.process = launch();
  }

  /// Starts one on a loopback address.
  static HeadProcess start(Site site) {
    return start(site, "head", "127.0.0.1:" + freePort());
  }

  /// Starts one on a loopback address.
  ///
  /// @param options for its Java
  static HeadProcess start(Site site, List<String> options) {
    return start(site, List.of(), options, "head", "127.0.0.1:" + freePort());
  }

  /// Starts one.
  ///
  /// @param name of the folder of its data
  static HeadProcess start(Site site, String name, String address) {
    return start(site, List.of(), List.of(), name, address);
  }

  /// Starts one.
  ///
  /// @param entrance command before its command
  static HeadProcess start(Site site, List<String> entrance, String address) {
    return start(site, entrance, List.of(), "head", address);
  }

  private static HeadProcess start(
      Site site, List<String> entrance, List<String> options, String name, String address) {
    return new HeadProcess(site, entrance, options, site.folder().resolve(name), address);
  }

  /// A port of loopback that nobody has.
  static int freePort() {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        // There are others.
      }
    }
  }

  private Process begin() {
    return site.start(
        site.file("head.log"),
        Map.of(),
        entrance,
        Site.java(
            options,
            HeadMain.class,
            List.of("--private", "--data=" + data, "--name=site", "--listen=" + address)));
  }

  private Process launch() {
    var head = begin();
    try {
      BufferedReader said = head.inputReader();
      assertThat(said.readLine()).isEqualTo("listening on " + address());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return head;
  }

  String address() {
    return address;
  }

  Path data() {
    return data;
  }

  Path clientToken() {
    return data.resolve("tokens/client.token");
  }

  Path nodeToken() {
    return data.resolve("tokens/node.token");
  }

  Vitals vitals() {
    return new Vitals(pid());
  }

  /// A connection that waits as long as it takes for a head node that is down.
  Cluster connect() {
    return connect(address());
  }

  /// As [#connect()], by another address.
  Cluster connect(String way) {
    return Cluster.connect(
        ConnectOptions.of(way)
            .withTokenFile(clientToken())
            .withRequestTimeout(Patience.LONGEST)
            .withUnreachableAfter(Patience.LONGEST));
  }

  /// Ends it as SIGKILL does, in the middle of whatever it does.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  long pid() {
    return process.pid();
  }

  /// Starts it again after its end, and ends it as SIGKILL does so many milliseconds later.
  void startAgainAndKill(long millis) {
    process = begin();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    kill();
  }

  /// Starts it again after its end, and waits until it serves.
  void startAgain() {
    process = launch();
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
