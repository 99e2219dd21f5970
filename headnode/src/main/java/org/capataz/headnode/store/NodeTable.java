package org.capataz.headnode.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capataz.scheduler.event.Event;
import org.capataz.scheduler.state.ClusterState;
import org.capataz.scheduler.state.Stored;

/// The nodes. What they say of themselves is stored as the event in which they last said it.
final class NodeTable {
  private final BatchStatement delete;
  private final BatchStatement insert;
  private final BatchStatement update;
  private final Map<Integer, Event.NodeRegistered> registered = new LinkedHashMap<>();
  private final Set<Integer> switched = new LinkedHashSet<>();

  NodeTable(Connection connection) throws SQLException {
    delete = new BatchStatement(connection, "DELETE FROM node WHERE id = ?");
    insert =
        new BatchStatement(
            connection,
            "INSERT INTO node (id, name, online, cores, memory_mb, registered)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    update = new BatchStatement(connection, "UPDATE node SET online = ? WHERE id = ?");
  }

  void registered(Event.NodeRegistered event) {
    registered.put(event.node(), event);
  }

  void switched(int node) {
    switched.add(node);
  }

  void write(ClusterState state) throws SQLException {
    for (var event : registered.values()) {
      var packed = new PackedWriter().unsigned(event.time());
      EventCodec.write(packed, List.of(event));
      delete.add(event.node());
      insert.add(
          event.node(),
          event.name(),
          Known.node(state, event.node()).online(),
          event.offer().cores(),
          event.offer().memoryMb(),
          Block.plain(packed.toBytes()));
    }
    switched.removeAll(registered.keySet());
    for (var node : switched) {
      update.add(Known.node(state, node).online(), node);
    }
    registered.clear();
    switched.clear();
    delete.executeWhereFound();
    insert.execute();
    update.execute();
  }

  static List<Stored.StoredNode> read(Connection connection) throws SQLException {
    var nodes = new ArrayList<Stored.StoredNode>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT registered, online FROM node ORDER BY id")) {
      while (rows.next()) {
        var in = new PackedReader(Block.content(rows.getBytes(1)));
        var event = (Event.NodeRegistered) EventCodec.read(in, 0, in.unsigned()).getFirst();
        nodes.add(new Stored.StoredNode(event, rows.getBoolean(2)));
      }
    }
    return nodes;
  }
}
