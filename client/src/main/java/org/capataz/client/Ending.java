package org.capataz.client;

/// How what runs is ended.
public enum Ending {
  /// It is told to end, and killed if it does not within some seconds.
  USUAL,
  /// It runs to its own end; only what has not started is dropped.
  GRACEFUL,
  /// It is killed at once.
  FORCED
}
