package org.capataz.computenode.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.capataz.wire.HeadAddress;

/// What the administrator says of a node.
///
/// @param heads the head nodes of its cluster, of which one serves
/// @param name by which the cluster knows it
/// @param address where other nodes reach it, for what tasks say to each other
/// @param groups that it is in
/// @param data the node's own directory, which exists
public record NodeSettings(
    List<HeadAddress> heads,
    String name,
    String address,
    Offer offer,
    List<String> groups,
    Path data) {

  /// What a node offers: what it found, where nothing is given.
  ///
  /// @param sockets that the cores are divided among
  /// @param binds whether tasks may be bound to their cores
  public record Offer(
      OptionalInt cores,
      OptionalInt sockets,
      OptionalInt gpus,
      OptionalInt memoryMb,
      boolean binds) {}

  public NodeSettings {
    heads = List.copyOf(heads);
    groups = List.copyOf(groups);
  }
}
