package org.capataz.client;

/// How far a job is.
///
/// @param percent 0 to 100: as somebody said, or by the runs that have finished
/// @param message what somebody said of it, empty for nothing
public record JobProgress(int percent, String message) {}
