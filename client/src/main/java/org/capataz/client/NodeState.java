package org.capataz.client;

/// What its administrator wants of a node.
public enum NodeState {
  ONLINE("Online"),
  /// It runs what it has and takes no more; then it goes offline.
  DRAINING("Draining"),
  OFFLINE("Offline");

  private final String text;

  NodeState(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
