package org.capataz.scheduler.state;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.capataz.scheduler.event.Event;
import org.jspecify.annotations.Nullable;

/// All nodes, by id and by name.
final class Nodes {

  private final NavigableMap<Integer, Node> nodes = new TreeMap<>();
  private final Map<String, Node> byName = new HashMap<>();

  /// Those that can take work and have cores that no job holds, as [Node#MOST_FREE] has them.
  private final NavigableSet<Node> free = new TreeSet<>(Node.MOST_FREE);

  private int freeCores;
  private int last;

  Collection<Node> all() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  NavigableSet<Node> free() {
    return Collections.unmodifiableNavigableSet(free);
  }

  /// How many cores of these no job holds.
  int freeCores() {
    return freeCores;
  }

  /// Changes what a node offers, what is granted of it, or whether it can take work.
  void change(Node node, Runnable change) {
    if (free.remove(node)) {
      freeCores -= node.freeCores();
    }
    change.run();
    if (node.usable() && node.freeCores() > 0) {
      free.add(node);
      freeCores += node.freeCores();
    }
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
      var known = node;
      change(known, () -> known.register(event.identity(), event.offer(), event.bootId()));
    }
    return node;
  }
}
