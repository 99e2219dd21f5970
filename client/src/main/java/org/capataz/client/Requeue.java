package org.capataz.client;

/// Which instances of an ended job run again.
public enum Requeue {
  /// All that did not finish: failed and canceled ones.
  UNFINISHED,
  /// Only those that failed.
  FAILED
}
