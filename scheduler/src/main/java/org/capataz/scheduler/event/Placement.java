package org.capataz.scheduler.event;

import org.capataz.model.CoreSet;

/// The cores that one attempt has of one grant. The command starts on the node of an attempt's
/// first placement.
///
/// @param grant the grant's number
/// @param node the grant's node
public record Placement(long grant, int node, CoreSet cores) {}
