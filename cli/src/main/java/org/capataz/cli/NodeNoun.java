package org.capataz.cli;

import static org.capataz.cli.output.Column.key;
import static org.capataz.cli.output.Column.number;
import static org.capataz.cli.output.Column.state;
import static org.capataz.cli.output.Column.text;
import static org.capataz.cli.output.Column.time;

import java.util.List;
import org.capataz.cli.output.Field;
import org.capataz.cli.output.Noun;
import org.capataz.cli.output.Value;
import org.capataz.client.NodeStatus;

/// What is shown of a node.
final class NodeNoun {

  static final Noun<NodeStatus> NODE =
      new Noun<>(
          "nodes",
          NodeStatus::name,
          List.of(
              new Field<>("id", node -> Value.of(node.id())),
              new Field<>("name", node -> Value.of(node.name())),
              new Field<>("state", node -> Value.of(node.state().toString())),
              new Field<>("reachable", node -> Value.of(node.reachable())),
              new Field<>("unreachableSince", node -> Value.ofTime(node.unreachableSince())),
              new Field<>("cores", node -> Value.of(node.capacity().cores())),
              new Field<>("busyCores", node -> Value.of(node.capacity().busyCores())),
              new Field<>("memory", node -> Value.of(node.capacity().memoryMb())),
              new Field<>("reservedMemory", node -> Value.of(node.capacity().reservedMemoryMb())),
              new Field<>("socketCores", node -> Value.of(texts(node.capacity().socketCores()))),
              new Field<>("gpus", node -> Value.of(node.capacity().gpus())),
              new Field<>("busyGpus", node -> Value.of(node.capacity().busyGpus())),
              new Field<>("jobIds", node -> Value.of(texts(node.capacity().jobs()))),
              new Field<>("exclusive", node -> Value.of(node.capacity().exclusive())),
              new Field<>("groups", node -> Value.of(node.groups())),
              new Field<>("oversubscribed", node -> Value.of(node.oversubscribed())),
              new Field<>("found.cores", node -> Value.of(node.found().cores())),
              new Field<>("found.sockets", node -> Value.of(node.found().sockets())),
              new Field<>("found.memory", node -> Value.of(node.found().memoryMb())),
              new Field<>("found.gpus", node -> Value.of(node.found().gpus())),
              new Field<>(
                  "found.operatingSystem", node -> Value.of(node.found().operatingSystem())),
              new Field<>("found.architecture", node -> Value.of(node.found().architecture()))),
          List.of(
              key("NAME", NodeStatus::name),
              state("STATE", NodeNoun::condition),
              number("CORES", node -> node.capacity().cores()),
              number("FREE", NodeNoun::free),
              number("SOCKETS", node -> node.capacity().socketCores().size()),
              number("GPUS", NodeNoun::freeGpus),
              number("MEMORY", node -> node.capacity().memoryMb() + " MB"),
              text("GROUPS", node -> String.join(",", node.groups()))),
          List.of(
              key("Name", NodeStatus::name),
              state("State", NodeStatus::state),
              time("Unreachable since", NodeStatus::unreachableSince),
              key("Cores", NodeNoun::cores),
              text("Sockets", NodeNoun::sockets),
              text("GPUs", NodeNoun::gpus),
              key("Memory", NodeNoun::memory),
              text("Jobs", NodeNoun::jobs),
              key("Found", NodeNoun::found),
              text("Groups", node -> String.join(",", node.groups()))));

  private NodeNoun() {}

  /// What happened to the node, as a sentence: `Node n1: Draining`.
  static String sentence(NodeStatus node) {
    return "Node " + node.name() + ": " + node.state();
  }

  private static String condition(NodeStatus node) {
    return node.reachable() ? node.state().toString() : "Unreachable";
  }

  private static int free(NodeStatus node) {
    return Math.max(0, node.capacity().cores() - node.capacity().busyCores());
  }

  private static String cores(NodeStatus node) {
    return node.capacity().cores()
        + ", "
        + free(node)
        + " free"
        + (node.oversubscribed()
            ? "; oversubscribed: only " + node.found().cores() + " found"
            : "");
  }

  /// `1/2` where one of two is free; nothing where there are none.
  private static String freeGpus(NodeStatus node) {
    var gpus = node.capacity().gpus();
    return gpus == 0 ? "" : gpus - node.capacity().busyGpus() + "/" + gpus;
  }

  private static String sockets(NodeStatus node) {
    var cores = node.capacity().socketCores();
    return cores.size() + ", of " + String.join(" and ", texts(cores)) + " cores";
  }

  private static String gpus(NodeStatus node) {
    var gpus = node.capacity().gpus();
    return gpus == 0 ? "" : gpus + ", " + (gpus - node.capacity().busyGpus()) + " free";
  }

  private static String jobs(NodeStatus node) {
    var jobs = String.join(", ", texts(node.capacity().jobs()));
    return node.capacity().exclusive() ? jobs + ", exclusively" : jobs;
  }

  private static List<String> texts(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).toList();
  }

  private static String memory(NodeStatus node) {
    return node.capacity().memoryMb()
        + " MB, "
        + node.capacity().reservedMemoryMb()
        + " MB reserved";
  }

  private static String found(NodeStatus node) {
    var found = node.found();
    return found.cores()
        + " cores on "
        + found.sockets()
        + (found.sockets() == 1 ? " socket, " : " sockets, ")
        + found.memoryMb()
        + " MB, "
        + (found.gpus().isEmpty() ? "" : String.join(", ", found.gpus()) + ", ")
        + found.operatingSystem()
        + " "
        + found.architecture();
  }
}
