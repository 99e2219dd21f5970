package org.capataz.client;

import java.util.UUID;

/// What a cluster says of itself.
///
/// @param epoch raised at each start of the head node
/// @param version of the head node's program
/// @param sequence of the latest event; [WatchOptions#after] goes on from there
public record ClusterInfo(String name, UUID uuid, long epoch, String version, long sequence) {}
