package org.capataz.scheduler.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.capataz.scheduler.event.Event;

/// The jobs and nodes as the journal tells them.
final class Chronicle {

  final Map<Integer, JobRecord> jobs = new LinkedHashMap<>();
  final Map<Integer, NodeRecord> nodes = new LinkedHashMap<>();

  JobRecord job(int id) {
    return Objects.requireNonNull(jobs.get(id), () -> "job " + id);
  }

  NodeRecord node(int id) {
    return Objects.requireNonNull(nodes.get(id), () -> "node " + id);
  }

  /// A head node has started: no node is connected to it yet.
  void restarted() {
    nodes.replaceAll((id, node) -> node.with(node.online(), false));
    jobs.values().forEach(JobRecord::forgetFilter);
  }

  void note(Event.OfNode event) {
    switch (event) {
      case Event.NodeRegistered e -> {
        var online = !nodes.containsKey(e.node()) || node(e.node()).online();
        nodes.put(e.node(), new NodeRecord(e.name(), e.offer(), online, false));
      }
      case Event.NodeSwitched e ->
          nodes.put(e.node(), node(e.node()).with(e.online(), node(e.node()).reachable()));
    }
  }

  void note(Event.NodeReachability event) {
    nodes.put(
        event.node(), node(event.node()).with(node(event.node()).online(), event.reachable()));
  }
}
