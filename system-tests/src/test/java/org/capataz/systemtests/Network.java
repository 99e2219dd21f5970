package org.capataz.systemtests;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What lies between a head node and those who speak with it, each over a link that can fail.
interface Network extends AutoCloseable {

  /// The name of whoever is not a node.
  String CLIENTS = "clients";

  /// A way to the head node.
  interface Link {

    /// `HOST:PORT` at which the head node is found.
    String address();

    /// Cuts it, and lets it be used again at once.
    void cut();

    /// Holds back what is sent, as a network that swallows packets does, until [#heal].
    ///
    /// @param there what goes to the head node
    /// @param back what comes from there
    void hold(boolean there, boolean back);

    /// Lets every piece take so long, until [#heal].
    void slow(long millis);

    void heal();
  }

  /// `HOST:PORT` at which the head node is to listen.
  String address();

  /// What comes before the head node's command.
  List<String> entrance();

  /// What comes before the command of a node.
  List<String> entrance(String node);

  /// The link of a node, or of all clients.
  Link link(String name);

  @Override
  void close();

  /// One that lies within loopback: each link is a [Wire].
  static Network onLoopback() {
    var address = "127.0.0.1:" + HeadProcess.freePort();
    Map<String, Wire> wires = new ConcurrentHashMap<>();
    return new Network() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public List<String> entrance() {
        return List.of();
      }

      @Override
      public List<String> entrance(String node) {
        return List.of();
      }

      @Override
      public Link link(String name) {
        return wires.computeIfAbsent(name, _ -> new Wire(address));
      }

      @Override
      public void close() {
        wires.values().forEach(Wire::close);
      }
    };
  }
}
