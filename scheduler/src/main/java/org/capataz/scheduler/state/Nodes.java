package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.capataz.scheduler.event.Event;
import org.jspecify.annotations.Nullable;

/// All nodes, by id and by name.
final class Nodes {

  private final NavigableMap<Integer, Node> nodes = new TreeMap<>();
  private final Map<String, Node> byName = new HashMap<>();
  private int last;

  Collection<Node> all() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  @Nullable Node get(int id) {
    return nodes.get(id);
  }

  @Nullable Node get(String name) {
    return byName.get(name);
  }

  /// @throws IllegalStateException if there is no such node
  Node known(int id) {
    return Known.in(nodes, id);
  }

  int next() {
    return last + 1;
  }

  /// Lets the ids go on after the highest one that was given out.
  void continueAfter(int given) {
    last = given;
  }

  /// Takes in a new node, or what a known one says of itself now.
  Node register(Event.NodeRegistered event) {
    var node = nodes.get(event.node());
    if (node == null) {
      node = new Node(event.node(), event.identity(), event.name(), event.offer(), event.bootId());
      nodes.put(node.id(), node);
      byName.put(node.name(), node);
      last = Math.max(last, node.id());
    } else {
      node.register(event.identity(), event.offer(), event.bootId());
    }
    return node;
  }
}
