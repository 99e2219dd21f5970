package org.capataz.model;

/// What one run of a task needs.
///
/// @param cores at least and at most
/// @param memoryMb megabytes on each of its nodes, 0 for none reserved
/// @param runtimeSeconds limit of one run, 0 for none
public record Demand(Span cores, int memoryMb, long runtimeSeconds) {}
