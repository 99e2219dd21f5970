package org.capataz.computenode.process;

/// The signals that end processes.
public enum Signal {
  KILL(9),
  TERM(15),
  CONT(18);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
