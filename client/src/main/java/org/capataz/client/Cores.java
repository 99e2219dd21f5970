package org.capataz.client;

/// Cores that a job asks for and holds.
///
/// @param min that must be free for it to start; 0 while that is not worked out yet
/// @param max that it may grow to; 0 while that is not worked out yet
/// @param allocated that it holds now
public record Cores(int min, int max, int allocated) {}
